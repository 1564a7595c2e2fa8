package session

import (
	"bytes"
	"errors"
	"maps"
	"os"
	"slices"
	"testing"

	"go.etcd.io/bbolt"
	"google.golang.org/protobuf/proto"

	"github.com/f48b34c0/seen/session/internal/pages"
	"github.com/f48b34c0/seen/session/internal/record"
)

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
	delivery := slices.Concat([]byte(prefixSent), UserID(1001).key(), make([]byte, slipHash))
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
		{"a budget that does not decode", inBolt(setRow(bucketLookups, []byte(keySpending), []byte("\xff"))), "lookups lookups: does not decode", nil},
		{"a renewal of another kind", inBolt(setRow(bucketLookups, []byte(keyRenewal), marshal(&record.Flood{Method: "x"}))), "lookups renewal: does not decode", nil},
		{"a wait that does not decode", inBolt(setRow(bucketLookups, Flood{Method: "messages.sendMessage"}.key(), []byte("\xff"))), "lookups wait of messages.sendMessage: does not decode", nil},
		{"a wait of another method", inBolt(setRow(bucketLookups, Flood{Method: "messages.sendMessage"}.key(), marshal(&record.Flood{Method: "messages.setTyping", Until: 9}))), "lookups wait of messages.sendMessage: is the wait of another method", nil},
		{"a delivery that does not decode", inBolt(setRow(bucketLookups, delivery, []byte("\xff"))), "lookups delivery to user 1001: does not decode", nil},
		{"an auth key that is not whole", inBolt(func(tx *bbolt.Tx) error {
			b := tx.Bucket([]byte(bucketAuth))
			v := bytes.Clone(b.Get([]byte(keySession)))
			v[bytes.Index(v, []byte(`"AuthKey":"`))+20] ^= 1
			return b.Put([]byte(keySession), v)
		}), "auth session: ", []string{"auth/session/session"}},
		{"an auth key that the last commit has spoiled", inBytes(func(l *layout) []string {
			at := bytes.Index(l.page(l.file.Metas()[0].Root), []byte(`"AuthKey":"`))
			if at < 0 {
				l.t.Fatal("the auth key is elsewhere")
			}
			l.page(l.file.Metas()[0].Root)[at+20] ^= 1
			return nil
		}), "auth session: ", nil},
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
		{"a lost leaf of lookups", lostLeaf(bucketLookups), "lookups page", nil},
		{"a lost leaf of the last commit", inBytes(func(l *layout) []string {
			// The commit before has what stood there, as it was.
			last := "peers/user 1001/" + string(UserID(1001).key())
			_, leaves := l.places(bucketPeers)
			for page, rows := range leaves {
				if slices.Contains(rows, last) {
					clear(l.page(page))
				}
			}
			return []string{last}
		}), "peers page", nil},
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
