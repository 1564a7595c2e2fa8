package session

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/gotd/td/tg"
	"go.etcd.io/bbolt"
	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	"github.com/f48b34c0/seen/session/internal/record"
)

func TestKeysAreRandomBytesAndNoPassphrases(t *testing.T) {
	k := NewKey()
	raw, _ := hex.DecodeString(k.Reveal())
	for _, text := range []string{
		k.Reveal(), strings.ToUpper(k.Reveal()), "  " + k.Reveal() + "\n",
		base64.StdEncoding.EncodeToString(raw), base64.RawStdEncoding.EncodeToString(raw),
		base64.URLEncoding.EncodeToString(raw), base64.RawURLEncoding.EncodeToString(raw),
	} {
		if got, err := ParseKey(text); err != nil || got.secret != k.secret {
			t.Errorf("%q is not read: %v", text, err)
		}
	}
	for _, text := range []string{
		"", "correct horse battery staple", k.Reveal()[2:], k.Reveal() + "00", "g" + k.Reveal()[1:],
		strings.Repeat("0", 64), strings.Repeat("deadbeef", 8), string(raw) + "x",
	} {
		if _, err := ParseKey(text); !errors.Is(err, ErrNoKey) {
			t.Errorf("%q is a key: %v", text, err)
		} else if len(text) > 0 && strings.Contains(err.Error(), text) {
			t.Errorf("the error tells the text: %v", err)
		}
	}
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%x", "%d", "%q"} {
		if s := fmt.Sprintf(format, k); s != "key:set" {
			t.Errorf("%s prints %s", format, s)
		}
	}
	if text, err := k.MarshalText(); err != nil || string(text) != "key:set" {
		t.Errorf("encoded as %s", text)
	}
}

// secrets are the bytes that stand in the file for its auth key and its hashes.
func secrets(t *testing.T, people map[string]Entry) [][]byte {
	t.Helper()
	var list [][]byte
	for n := 1; n <= fullPeople; n++ {
		list = append(list, binary.LittleEndian.AppendUint64(nil, uint64(spread(1000+n))))
		if n%5 == 0 {
			list = append(list, binary.LittleEndian.AppendUint64(nil, uint64(spread(-n))))
		}
	}
	auth := authData(t)
	at := bytes.Index(auth, []byte(`"AuthKey":"`)) + len(`"AuthKey":"`)
	list = append(list, auth[at:at+64])
	if len(people) == 0 {
		t.Fatal("there is nobody")
	}
	return list
}

func countSecrets(t *testing.T, path string, secrets [][]byte) (n int) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range secrets {
		if bytes.Contains(data, s) {
			n++
		}
	}
	return n
}

// What a bot learns after its file was sealed is sealed too, and an auth key.
func TestSealedFileStaysSealed(t *testing.T) {
	key := NewKey()
	path := fullFile(t, key)
	hidden := secrets(t, exported(t, path, key))
	if n := countSecrets(t, path, hidden); n != 0 {
		t.Errorf("%d secrets are in a file that was made with a key", n)
	}
	f, err := Open(path, &Options{Key: key})
	if err != nil {
		t.Fatal(err)
	}
	put(t, f, called(person(1500), "Renamed"))
	if err := f.Compact(t.Context()); err != nil {
		t.Fatal(err)
	}
	_ = f.Close()
	if n := countSecrets(t, path, hidden); n != 0 {
		t.Errorf("%d secrets are in the file after more was learned", n)
	}
}

// Wrong keys touch nothing.
func TestWrongKeyTouchesNothing(t *testing.T) {
	key := NewKey()
	sealed, plain := fullFile(t, key), fullFile(t, nil)
	for _, tt := range []struct {
		name, path string
		key        *Key
		want       error
	}{
		{"another key", sealed, NewKey(), ErrWrongKey},
		{"no key", sealed, nil, ErrKeyMissing},
		{"a key for a plain file", plain, key, ErrNotSealed},
	} {
		t.Run(tt.name, func(t *testing.T) {
			before, err := os.ReadFile(tt.path)
			if err != nil {
				t.Fatal(err)
			}
			opts := &Options{Key: tt.key}
			_, opened := Open(tt.path, opts)
			_, checked := Check(t.Context(), tt.path, opts, nil)
			_, repaired := Repair(t.Context(), tt.path, opts, nil)
			for what, err := range map[string]error{
				"open": opened, "check": checked, "repair": repaired,
				"rekey": Rekey(t.Context(), tt.path, opts, NewKey()), "plain": Rekey(t.Context(), tt.path, opts, nil),
			} {
				if !errors.Is(err, tt.want) {
					t.Errorf("%s: %v, want %v", what, err, tt.want)
				}
			}
			if after, _ := os.ReadFile(tt.path); !bytes.Equal(before, after) {
				t.Error("the file changed")
			}
		})
	}
	none := filepath.Join(t.TempDir(), "none")
	if err := Rekey(t.Context(), none, nil, key); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("rekey of nothing: %v", err)
	}
	if _, err := os.Stat(none); err == nil {
		t.Error("rekey has made a file")
	}
}

// A box opens where it was made and nowhere else: a hash that is given to somebody
// else is none.
func TestSealedHashCannotBeGivenToSomebodyElse(t *testing.T) {
	key := NewKey()
	path := fullFile(t, key)
	err := inBoltErr(path, func(tx *bbolt.Tx) error {
		b := tx.Bucket([]byte(bucketPeers))
		one, two := &record.Peer{}, &record.Peer{}
		if err := errors.Join(proto.Unmarshal(b.Get(UserID(1500).key()), one), proto.Unmarshal(b.Get(UserID(1600).key()), two)); err != nil {
			return err
		}
		one.SealedHash = two.SealedHash
		return b.Put(UserID(1500).key(), marshal(one))
	})
	if err != nil {
		t.Fatal(err)
	}
	found := checked(t, path, key)
	if len(found) != 1 || !strings.Contains(found[0].String(), "user 1500: has an access hash that does not open") {
		t.Errorf("found %v", found)
	}
	f, err := Open(path, &Options{Key: key})
	if err != nil {
		t.Fatal(err)
	}
	if p, err := f.Book().Peer(UserID(1500)); err != nil || p.Hash.Class() != HashNone || p.FirstName != "Person 1500" {
		t.Errorf("user 1500 is %+v, %v", p, err)
	}
	// The next sighting brings it back.
	again := person(1500)
	again.at += 10
	put(t, f, again)
	if p, _ := f.Book().Peer(UserID(1500)); p.Hash != (AccessHash{HashFull, spread(1500)}) {
		t.Errorf("the hash is %v", p.Hash.Class())
	}
	_ = f.Close()
	if found := checked(t, path, key); len(found) > 0 {
		t.Errorf("found %v", found)
	}
}

func inBoltErr(path string, do func(tx *bbolt.Tx) error) error {
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		return err
	}
	return errors.Join(db.Update(do), db.Close())
}

// Damage to a sealed file is repaired without opening what is sealed.
func TestSealedFileIsRepaired(t *testing.T) {
	key := NewKey()
	sound := fullFile(t, key)
	rows, people := dump(t, sound), exported(t, sound, key)
	for _, tt := range damages() {
		switch tt.name {
		case "a record that does not decode", "a lost branch of peers", "an own record that does not decode", "no meta page", "a lost leaf of names":
		default:
			continue
		}
		t.Run(tt.name, func(t *testing.T) {
			path := copyFile(t, sound)
			gone := append(tt.make(t, path), tt.changed...)
			if _, err := Repair(t.Context(), path, &Options{Key: key}, nil); err != nil {
				t.Fatal(err)
			}
			if left := checked(t, path, key); len(left) > 0 {
				t.Errorf("after the repair: %v", left)
			}
			compareRows(t, rows, dump(t, path), gone)
			comparePeople(t, people, exported(t, path, key), gone)
			if n := countSecrets(t, path, secrets(t, people)); n != 0 {
				t.Errorf("%d secrets are in the file", n)
			}
		})
	}
}

// A sealed file is the same book as a plain one, whatever comes into it.
func TestSealingChangesNothingInTheBook(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dir, err := os.MkdirTemp("", "sealed")
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(dir) //nolint:errcheck // of this test only
		key := NewKey()
		var files [2]*File
		keys := [2]*Key{nil, key}
		for n := range files {
			if files[n], err = Open(filepath.Join(dir, fmt.Sprint(n)), &Options{Key: keys[n]}); err != nil {
				t.Fatal(err)
			}
		}
		for range rapid.IntRange(1, 25).Draw(t, "steps") {
			u := &tg.User{ID: rapid.Int64Range(1, 4).Draw(t, "id"), FirstName: "X", Min: rapid.Bool().Draw(t, "min")}
			if rapid.Bool().Draw(t, "hashed") {
				u.SetAccessHash(rapid.Int64Range(-2, 2).Draw(t, "hash"))
			}
			at := rapid.Int64Range(100, 110).Draw(t, "at")
			commit, again := rapid.Bool().Draw(t, "commit"), rapid.IntRange(0, 9).Draw(t, "again") == 0
			for n, f := range files {
				s := sightUser(u)
				s.at = at
				f.queue.add([]change{s}) // the writer is not told: both have the same batches
				if commit || again {
					if err := f.write.commit(); err != nil {
						t.Fatal(err)
					}
				}
				if again {
					_ = f.Close()
					if files[n], err = Open(f.Path(), &Options{Key: keys[n]}); err != nil {
						t.Fatal(err)
					}
				}
			}
			var books [2][]Entry
			for n, f := range files {
				for e, err := range f.Book().Export(true) {
					if err != nil {
						t.Fatal(err)
					}
					books[n] = append(books[n], e)
				}
			}
			if diff := cmp.Diff(books[0], books[1]); diff != "" {
				t.Fatal(diff)
			}
		}
		for _, f := range files {
			_ = f.Close()
		}
	})
}
