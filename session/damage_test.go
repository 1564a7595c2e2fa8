package session

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/gotd/td/crypto"
	"github.com/gotd/td/telegram/updates"
	"github.com/gotd/td/tg"
	"go.etcd.io/bbolt"
	"google.golang.org/protobuf/proto"

	"github.com/f48b34c0/seen/session/internal/pages"
	"github.com/f48b34c0/seen/session/internal/record"
)

const (
	fullBot    = 42
	fullPeople = 3000
)

// authData is what gotd stores, with a key that is whole.
func authData(t testing.TB) []byte {
	t.Helper()
	var key crypto.Key
	for n := range key {
		key[n] = byte(n*7 + 1)
	}
	id := key.ID()
	v, err := json.Marshal(map[string]any{"Version": 1, "Data": map[string]any{
		"DC": 2, "Addr": "127.0.0.1:443", "AuthKey": key[:], "AuthKeyID": id[:], "Salt": 5,
	}})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// spread makes an access hash of a number, one whose bytes stand nowhere by chance.
func spread(n int) int64 { return int64(uint64(n) * 0x9E3779B97F4A7C15) }

// person is the n-th of many people.
func person(n int) *sighting {
	s := crowdSighting(n)
	s.hash = spread(n)
	return s
}

// fill makes a file with something in every bucket, and trees of several levels.
func fill(t testing.TB, f *File) {
	t.Helper()
	ctx := t.Context()
	if err := f.signedIn(fullBot); err != nil {
		t.Fatal(err)
	}
	if err := f.SessionStorage().StoreSession(ctx, authData(t)); err != nil {
		t.Fatal(err)
	}
	self := sightUser(&tg.User{ID: fullBot, Self: true, Bot: true, FirstName: "Bot", Username: "the_bot"})
	self.at = 1000
	put(t, f, self)
	for n := 1; n <= fullPeople; n++ {
		f.add(person(1000 + n))
		if n%5 == 0 {
			channel := sightChannel(&tg.Channel{ID: int64(n), Title: fmt.Sprintf("Channel %d", n), Username: fmt.Sprintf("channel_%d", n)})
			channel.hash, channel.hasHash, channel.at = spread(-n), true, 5000
			f.add(channel)
		}
		if n%9 == 0 {
			chat := sightChat(&tg.Chat{ID: int64(n), Title: fmt.Sprintf("Chat %d", n)})
			chat.at = 5000
			f.add(chat)
		}
	}
	if err := f.Flush(ctx); err != nil {
		t.Fatal(err)
	}
	for n := 1; n <= fullPeople; n += 2 { // a history for half of them
		s := called(person(1000+n), fmt.Sprintf("Renamed %d", n))
		s.at += 100
		f.add(s)
		if err := f.state.SetChannelPts(ctx, fullBot, int64(n), n+1); err != nil {
			t.Fatal(err)
		}
	}
	for n := 1; n <= 400; n++ {
		f.Outbox().Greet(Greeting{User: int64(1000 + n), Message: n, At: time.Unix(7000, 0), Payload: "promo", Text: "Hello"})
		f.add(vacate{name: fmt.Sprintf("vacant_%d", n), at: 8000})
	}
	put(t, f, bearer(20001, 9000, "wanted"), bearer(20002, 9001, "wanted")) // contested
	if err := f.state.SetState(ctx, fullBot, updates.State{Pts: 100, Qts: 7, Date: 9000, Seq: 3}); err != nil {
		t.Fatal(err)
	}
	if err := f.Flush(ctx); err != nil {
		t.Fatal(err)
	}
	f.add(called(person(1001), "Last")) // one more commit, so that the two meta pages tell nearly the same
	if err := f.Flush(ctx); err != nil {
		t.Fatal(err)
	}
}

// fullFile makes such a file in a folder of the test.
func fullFile(t testing.TB, key *Key) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "bot.session")
	f, err := Open(path, &Options{Key: key})
	if err != nil {
		t.Fatal(err)
	}
	fill(t, f)
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// dump reads every row of a file.
func dump(t testing.TB, path string) map[string]string {
	t.Helper()
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // it was only read
	rows := make(map[string]string)
	err = db.View(func(tx *bbolt.Tx) error {
		return tx.ForEach(func(name []byte, b *bbolt.Bucket) error {
			return b.ForEach(func(k, v []byte) error {
				rows[string(name)+"/"+keyName(string(name), k)+"/"+string(k)] = string(v)
				return nil
			})
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// exported is the book as an export has it, by kind and id.
func exported(t testing.TB, path string, key *Key) map[string]Entry {
	t.Helper()
	f, err := Open(path, &Options{Key: key, Existing: true})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // it was only read
	out := make(map[string]Entry)
	for e, err := range f.Book().Export(true) {
		if err != nil {
			t.Fatal(err)
		}
		out[fmt.Sprint(e.Kind, " ", e.ID)] = e
	}
	return out
}

func checked(t testing.TB, path string, key *Key) (found []Finding) {
	t.Helper()
	done, err := Check(t.Context(), path, &Options{Key: key}, func(f Finding) { found = append(found, f) })
	if err != nil {
		t.Fatal(err)
	}
	if done.Findings != int64(len(found)) {
		t.Errorf("%d findings are counted, and %d were told", done.Findings, len(found))
	}
	return found
}

func copyFile(t testing.TB, from string) string {
	t.Helper()
	data, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(t.TempDir(), "bot.session")
	if err := os.WriteFile(to, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return to
}

// layout tells where things are in a file.
type layout struct {
	t    testing.TB
	data []byte
	file *pages.File
}

func layoutOf(t testing.TB, data []byte) *layout {
	t.Helper()
	f, err := pages.Open(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	return &layout{t, data, f}
}

const pageSize = 4096

func (l *layout) page(n uint64) []byte { return l.data[n*pageSize : (n+1)*pageSize] }

// places are the pages of a bucket: its root first, and the leaf of every row.
func (l *layout) places(bucket string) (root uint64, leaves map[uint64][]string) {
	v := l.file.At(l.file.Metas()[0])
	leaves = make(map[uint64][]string)
	for _, b := range v.Buckets(func(g pages.Gap) { l.t.Fatal(g) }) {
		if b.Name != bucket {
			continue
		}
		root = b.Root()
		err := v.Each(b, func(r pages.Row) error {
			key := bucket + "/" + keyName(bucket, r.Key) + "/" + string(r.Key)
			leaves[r.Page] = append(leaves[r.Page], key)
			return nil
		}, func(g pages.Gap) { l.t.Fatal(g) })
		if err != nil {
			l.t.Fatal(err)
		}
	}
	return root, leaves
}

// leaf is one of a bucket in the middle, and the rows that stand on it.
func (l *layout) leaf(bucket string) (page uint64, rows []string) {
	_, leaves := l.places(bucket)
	list := slices.Sorted(maps.Keys(leaves))
	page = list[len(list)/2]
	return page, leaves[page]
}

// inBolt is damage that bbolt itself can do.
func inBolt(do func(tx *bbolt.Tx) error) func(t *testing.T, path string) []string {
	return func(t *testing.T, path string) []string {
		t.Helper()
		db, err := bbolt.Open(path, 0o600, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(db.Update(do), db.Close()); err != nil {
			t.Fatal(err)
		}
		return nil
	}
}

// inBytes is damage to the bytes; it returns the rows that are gone by it.
func inBytes(do func(l *layout) (gone []string)) func(t *testing.T, path string) []string {
	return func(t *testing.T, path string) []string {
		t.Helper()
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		l := layoutOf(t, data)
		gone := do(l)
		if err := os.WriteFile(path, l.data, 0o600); err != nil {
			t.Fatal(err)
		}
		return gone
	}
}

func setRow(bucket string, k, v []byte) func(tx *bbolt.Tx) error {
	return func(tx *bbolt.Tx) error { return tx.Bucket([]byte(bucket)).Put(k, v) }
}

func dropRow(bucket string, k []byte) func(tx *bbolt.Tx) error {
	return func(tx *bbolt.Tx) error { return tx.Bucket([]byte(bucket)).Delete(k) }
}

func marshal(m proto.Message) []byte {
	v, err := proto.Marshal(m)
	if err != nil {
		panic(err)
	}
	return v
}

// lostLeaf destroys a leaf of a bucket.
func lostLeaf(bucket string) func(t *testing.T, path string) []string {
	return inBytes(func(l *layout) []string {
		page, rows := l.leaf(bucket)
		for n := range l.page(page) {
			l.page(page)[n] = byte(n * 31)
		}
		return rows
	})
}

// lostRoot destroys the branch that a bucket's tree begins with.
func lostRoot(bucket string) func(t *testing.T, path string) []string {
	return inBytes(func(l *layout) []string {
		root, leaves := l.places(bucket)
		if _, leaf := leaves[root]; leaf || root == 0 {
			l.t.Fatalf("the tree of %s has no branch", bucket)
		}
		clear(l.page(root))
		return nil
	})
}

// damages are made on purpose.
func damages() []struct {
	name string
	make func(t *testing.T, path string) []string
	// found is part of a finding.
	found string
	// changed are rows that are not as they were, beside those that are gone.
	changed []string
} {
	user := UserID(1500)
	name := []byte("person_1500")
	peer := "peers/user 1500/" + string(user.key())
	counted := []string{"meta/meta/meta"} // somebody more
	return []struct {
		name    string
		make    func(t *testing.T, path string) []string
		found   string
		changed []string
	}{
		{"a record that does not decode", inBolt(setRow(bucketPeers, user.key(), []byte("\xff\xff\xff"))), "peers user 1500: does not decode", []string{peer}},
		{"a record of another kind", inBolt(setRow(bucketPeers, user.key(), marshal(&record.Owed{Kind: 1, Id: 5, Text: "x"}))), "peers user 1500: does not decode", []string{peer}},
		{"a key of no peer", inBolt(setRow(bucketPeers, []byte("key"), marshal(&record.Peer{FirstName: "X"}))), "peers key: is the key of no peer", nil},
		{"a name that does not decode", inBolt(setRow(bucketNames, name, []byte("\xff"))), "names person_1500: does not decode", nil},
		{"a name whose owner is not there", inBolt(setRow(bucketNames, []byte("ghost"), marshal(&record.Name{Kind: 1, Id: 777, At: 5}))), "names ghost: belongs to user 777, who is not in the book", counted},
		{"a name that its owner does not bear", inBolt(setRow(bucketNames, []byte("taken"), marshal(&record.Name{Kind: 1, Id: 1500, At: 5}))), "names taken: belongs to user 1500, who does not bear it", nil},
		{"a name at the wrong owner", inBolt(setRow(bucketNames, name, marshal(&record.Name{Kind: 1, Id: 1501, At: 1500}))), "person_1500: belongs to user 1501, who does not bear it", nil},
		{"a name that is not in the index", inBolt(dropRow(bucketNames, name)), "names person_1500: is borne by user 1500 and not in the index", nil},
		{"a change that does not decode", inBolt(setRow(bucketHistory, historyKey(user, 5, 1), []byte("\xff"))), "history user 1500: does not decode", nil},
		{"the history of nobody", inBolt(setRow(bucketHistory, historyKey(UserID(777), 5, 1), marshal(&record.Change{What: 1, Old: "A", New: "B"}))), "history user 777: is about nobody", counted},
		{"a dialog that does not decode", inBolt(setRow(bucketDialogs, u64(5), []byte("\xff"))), "dialogs user 5: does not decode", nil},
		{"a message that does not decode", inBolt(setRow(bucketOutbox, u64(7777), []byte("\xff"))), "does not decode", nil},
		{"a message to nobody", inBolt(setRow(bucketOutbox, u64(7777), marshal(&record.Owed{Kind: 1, Id: 777, Text: "x"}))), "is owed to user 777, who is not in the book", nil},
		{"a look-up that does not decode", inBolt(setRow(bucketLookups, []byte("somebody"), []byte("\xff"))), "lookups somebody: does not decode", nil},
		{"a look-up that the index denies", inBolt(setRow(bucketLookups, name, marshal(&record.Lookup{VacantUntil: 9}))), "lookups person_1500: is nobody's", nil},
		{"a delivery that does not decode", inBolt(setRow(bucketLookups, slices.Concat([]byte(prefixSent), user.key(), make([]byte, slipHash)), []byte("\xff"))), "lookups delivery to user 1500: does not decode", nil},
		{"a delivery to nobody that can be", inBolt(setRow(bucketLookups, []byte(prefixSent+"short"), marshal(&record.Delivery{Tried: 5}))), "is the key of no delivery", nil},
		{"an auth key that is not whole", inBolt(func(tx *bbolt.Tx) error {
			b := tx.Bucket([]byte(bucketAuth))
			v := bytes.Clone(b.Get([]byte(keySession)))
			v[bytes.Index(v, []byte(`"AuthKey":"`))+20] ^= 1
			return b.Put([]byte(keySession), v)
		}), "auth session: ", []string{"auth/session/session"}},
		{"an update state that cannot be", inBolt(setRow(bucketState, []byte(keyAccount), marshal(&record.State{Pts: -5, Date: 9000}))), "state account: counts to -5", nil},
		{"a channel's state that cannot be", inBolt(setRow(bucketState, channelKey(5), []byte("x"))), "state channel 5: does not decode", []string{"state/channel 5/" + string(channelKey(5))}},
		{"counts that do not hold", inBolt(func(tx *bbolt.Tx) error {
			m := &record.Meta{}
			if _, err := load(tx, bucketMeta, []byte(keyMeta), m); err != nil {
				return err
			}
			m.Users += 3
			return tx.Bucket([]byte(bucketMeta)).Put([]byte(keyMeta), marshal(m))
		}), "meta meta: counts 3006 users", nil},
		{"the stamp of another bot", inBolt(func(tx *bbolt.Tx) error {
			m := &record.Meta{}
			if _, err := load(tx, bucketMeta, []byte(keyMeta), m); err != nil {
				return err
			}
			m.BotId = 43
			return tx.Bucket([]byte(bucketMeta)).Put([]byte(keyMeta), marshal(m))
		}), "meta meta: belongs to the bot 43, and user 42 says it is the bot", nil},
		{"an own record that does not decode", inBolt(setRow(bucketMeta, []byte(keyMeta), []byte("\xff"))), "meta meta: does not decode", []string{"meta/meta/meta"}},
		{"a missing bucket", inBolt(func(tx *bbolt.Tx) error { return tx.DeleteBucket([]byte(bucketNames)) }), "names the bucket is missing", []string{"names/wanted/wanted"}},
		{"a lost leaf of peers", lostLeaf(bucketPeers), "peers page", nil},
		{"a lost leaf of names", lostLeaf(bucketNames), "names page", nil},
		{"a lost leaf of history", lostLeaf(bucketHistory), "history page", nil},
		{"a lost leaf of dialogs", lostLeaf(bucketDialogs), "dialogs page", nil},
		{"a lost branch of peers", lostRoot(bucketPeers), "pages belong to nothing", nil},
		{"a lost branch of names", lostRoot(bucketNames), "pages belong to nothing", nil},
		{"a lost branch of history", lostRoot(bucketHistory), "pages belong to nothing", nil},
		{"a lost branch of everything", inBytes(func(l *layout) []string {
			clear(l.page(l.file.Metas()[0].Root))
			return nil
		}), "is not the page that it should be", []string{"peers/user 1001/" + string(UserID(1001).key()), "meta/meta/meta"}},
		{"a lost list of free pages", inBytes(func(l *layout) []string {
			clear(l.page(l.file.Metas()[0].Free))
			return nil
		}), "is the list of free pages", nil},
		{"a list of free pages with pages in use", inBytes(func(l *layout) []string {
			_, leaves := l.places(bucketPeers)
			var page uint64
			for page = range leaves {
				break
			}
			copy(l.page(l.file.Metas()[0].Free)[16:], u64le(page))
			return nil
		}), "is in use and listed as free", nil},
		{"one lost meta page", inBytes(func(l *layout) []string {
			clear(l.page(uint64(l.file.Metas()[1].Page)))
			return nil
		}), "is a meta page that is not whole", nil},
		{"no meta page", inBytes(func(l *layout) []string {
			l.page(0)[30]++
			l.page(1)[30]++
			return nil
		}), "neither meta page is whole", []string{"*stale"}},
		{"a circle", inBytes(func(l *layout) []string {
			root, _ := l.places(bucketPeers)
			copy(l.page(root)[16+16*3+8:], u64le(root))
			return nil
		}), "is referred to twice", nil},
	}
}

func u64le(n uint64) []byte {
	var b [8]byte
	for i := range b {
		b[i] = byte(n >> (8 * i))
	}
	return b[:]
}

// Damage of every kind is found, and repair keeps whatever was not damaged: each
// row of the file, byte for byte, and each person of the book as an export shows
// them.
func TestDamageIsFoundAndRepairKeepsTheRest(t *testing.T) {
	sound := fullFile(t, nil)
	if found := checked(t, sound, nil); len(found) > 0 {
		t.Fatalf("a sound file is said to be damaged: %v", found)
	}
	rows, people := dump(t, sound), exported(t, sound, nil)
	for _, tt := range damages() {
		t.Run(tt.name, func(t *testing.T) {
			path := copyFile(t, sound)
			gone := tt.make(t, path)
			before, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			found := checked(t, path, nil)
			if !slices.ContainsFunc(found, func(f Finding) bool { return strings.Contains(f.String(), tt.found) }) {
				t.Errorf("%q is not among %v", tt.found, found)
			}
			done, err := Repair(t.Context(), path, &Options{BotID: fullBot}, nil)
			if err != nil {
				t.Fatal(err)
			}
			if kept, err := os.ReadFile(done.Old); err != nil || done.Old != path+".damaged" || !bytes.Equal(kept, before) {
				t.Errorf("the damaged file is not at %s as it was: %v", done.Old, err)
			}
			if left := checked(t, path, nil); len(left) > 0 {
				t.Errorf("after the repair: %v", left)
			}
			compareRows(t, rows, dump(t, path), append(gone, tt.changed...))
			comparePeople(t, people, exported(t, path, nil), append(gone, tt.changed...))
			wantNamed(t, rows, exported(t, path, nil), gone)
			if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("mode %v, %v", info.Mode(), err)
			}
		})
	}
}

// compareRows wants every row that was, but for those that are gone.
func compareRows(t *testing.T, was, now map[string]string, gone []string) {
	t.Helper()
	if slices.Contains(gone, "*stale") {
		return
	}
	bad := 0
	for k, v := range was {
		if now[k] != v && !slices.Contains(gone, k) {
			if bad++; bad < 5 {
				t.Errorf("%q is not as it was: %x, was %x", k, now[k], v)
			}
		}
	}
	if bad > 0 {
		t.Errorf("%d of %d rows are not as they were", bad, len(was))
	}
}

// comparePeople wants everybody who was in the book as they were, but for those
// whose record is gone.
func comparePeople(t *testing.T, was, now map[string]Entry, gone []string) {
	t.Helper()
	for k, e := range was {
		lost := slices.ContainsFunc(gone, func(row string) bool { return strings.HasPrefix(row, "peers/"+k+"/") })
		if diff := cmp.Diff(e, now[k]); diff != "" && !lost {
			t.Errorf("%s is not as they were: %s", k, diff)
			return
		}
	}
	for k := range now {
		if _, ok := was[k]; !ok && k != "user 777" {
			t.Errorf("%s was not in the book", k)
		}
	}
}

// wantNamed wants people whose record is gone in the book nevertheless, if they
// have a name or a history.
func wantNamed(t *testing.T, was map[string]string, now map[string]Entry, gone []string) {
	t.Helper()
	left := make(map[string]bool)
	for k, v := range was {
		if rest, ok := strings.CutPrefix(k, "history/"); ok && !slices.Contains(gone, k) {
			id, _, _ := strings.Cut(rest, "/")
			left[id] = true
		}
		if strings.HasPrefix(k, "names/") && !slices.Contains(gone, k) {
			rec := &record.Name{}
			if err := proto.Unmarshal([]byte(v), rec); err != nil {
				t.Fatal(err)
			}
			left[owner(rec).String()] = true
		}
	}
	for _, k := range gone {
		rest, ok := strings.CutPrefix(k, "peers/")
		id, _, _ := strings.Cut(rest, "/")
		if _, there := now[id]; ok && left[id] && !there {
			t.Errorf("%s is not in the book any more, and is named in it", id)
		}
	}
}

// Whatever is done to the bytes of a file, reading it ends with an answer, and a
// file that was repaired has nothing wrong with it.
func TestAnyDamageEndsInAnAnswer(t *testing.T) {
	sound, err := os.ReadFile(fullFile(t, nil))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "bot.session")
	r := rand.New(rand.NewPCG(1, 2))
	for n := range 40 {
		data := bytes.Clone(sound)
		for range 1 + n%4 {
			at := r.IntN(len(data) / pageSize * pageSize)
			switch r.IntN(4) {
			case 0:
				data[at] ^= 1 << r.IntN(8)
			case 1:
				clear(data[at : at+min(len(data)-at, r.IntN(3*pageSize))])
			case 2:
				from := r.IntN(len(data)/pageSize) * pageSize
				copy(data[at/pageSize*pageSize:], bytes.Clone(data[from:from+pageSize]))
			case 3:
				for i := at; i < min(len(data), at+300); i++ {
					data[i] = byte(r.IntN(256))
				}
			}
		}
		if n%10 == 9 {
			data = data[:r.IntN(len(data))]
		}
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		if f, err := Open(path, nil); err == nil {
			// A listing may end in an error, and not otherwise.
			for _, err := range f.Book().All() {
				if err != nil && !errors.Is(err, ErrDamaged) {
					t.Errorf("case %d: %v", n, err)
				}
			}
			_ = f.Close() // a damaged one may fail to
			if err := os.WriteFile(path, data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := Repair(t.Context(), path, &Options{BotID: fullBot}, nil); err != nil {
			if !errors.Is(err, ErrNotSession) && !errors.Is(err, ErrEmpty) {
				t.Errorf("case %d: %v", n, err)
			}
			continue
		}
		if left := checked(t, path, nil); len(left) > 0 {
			t.Errorf("case %d: after the repair: %v", n, left)
		}
		if err := os.RemoveAll(path + ".damaged"); err != nil {
			t.Fatal(err)
		}
	}
}
