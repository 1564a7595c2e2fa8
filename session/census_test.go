package session

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.etcd.io/bbolt"
	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	"github.com/f48b34c0/seen/session/internal/record"
)

// counted is what the census says, and scanned what there is.
type counted struct {
	Kinds     Counts
	Hashes    HashCounts
	Standings map[Standing]int64
}

func censusOf(f *File) counted {
	return counted{f.Book().Counts(), f.Book().HashCounts(), f.Standings()}
}

func scan(t *rapid.T, f *File) counted {
	c := counted{Standings: map[Standing]int64{}}
	for p, err := range f.Book().All() {
		if err != nil {
			t.Fatal(err)
		}
		switch p.ID.Kind {
		case User:
			c.Kinds.Users++
		case Chat:
			c.Kinds.Chats++
		case Channel:
			c.Kinds.Channels++
		}
		switch p.Hash.Class() {
		case HashFull:
			c.Hashes.Full++
		case HashMin:
			c.Hashes.Min++
		default:
			c.Hashes.None++
		}
	}
	for id := range int64(20) {
		has, err := dialogStands(f, id)
		if err != nil {
			t.Fatal(err)
		}
		if has {
			d, err := f.Dialog(id)
			if err != nil {
				t.Fatal(err)
			}
			c.Standings[d.Standing]++
		}
	}
	return c
}

func dialogStands(f *File, user int64) (has bool, err error) {
	err = f.db.View(func(tx *bbolt.Tx) error {
		has = tx.Bucket([]byte(bucketDialogs)).Get(u64(uint64(user))) != nil
		return nil
	})
	return has, err
}

// Whatever is seen, forgotten, greeted and opened again: what the census says is
// what a reader of everything finds.
func TestTheCensusIsWhatIsThere(t *testing.T) {
	dir := t.TempDir()
	n := 0
	rapid.Check(t, func(t *rapid.T) {
		n++
		path := filepath.Join(dir, time.Unix(int64(n), 0).Format("150405.session"))
		f, err := Open(path, nil)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = f.Close() }()
		at := int64(1000)
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			at += 10
			id := rapid.Int64Range(1, 9).Draw(t, "id")
			switch rapid.IntRange(0, 9).Draw(t, "step") {
			case 0:
				_ = f.Book().Forget(t.Context(), UserID(id)) // whoever is not there is not
			case 1, 2:
				f.Outbox().Greet(Greeting{User: id, Message: int(at), At: time.Unix(at, 0)})
			case 3:
				if f.Flush(t.Context()) != nil || f.Close() != nil {
					t.Fatal("close")
				}
				if f, err = Open(path, nil); err != nil {
					t.Fatal(err)
				}
			default:
				s := &sighting{id: UserID(id), at: at, first: at, firstName: "Ann"}
				if rapid.Bool().Draw(t, "chat") {
					s.id = ID{Chat, id}
				}
				switch rapid.IntRange(0, 2).Draw(t, "hash") {
				case 1:
					s.hasHash, s.hash, s.min = true, 7, true
				case 2:
					s.hasHash, s.hash = true, at
				}
				f.add(s)
			}
		}
		if err := f.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(scan(t, f), censusOf(f)); diff != "" {
			t.Error(diff)
		}
	})
}

// A file that was written by somebody who does not count is counted once.
func TestAFileWithoutACensusIsCounted(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bot.session")
	f, err := Open(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	for n := range 2 * maxRows {
		f.add(crowdSighting(n + 1))
	}
	f.Outbox().Greet(Greeting{User: 1, Message: 5, At: time.Unix(1000, 0)})
	if err := f.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := censusOf(f)
	if want.Hashes.Full+want.Hashes.Min+want.Hashes.None != 2*maxRows || want.Standings[StandingOpen] != 1 {
		t.Errorf("got %+v", want)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	for name, damage := range map[string]func(*record.Meta){
		"none":         func(m *record.Meta) { m.Census = nil },
		"of less":      func(m *record.Meta) { m.Census.Peers--; m.Census.Full = 0 },
		"wrong counts": func(m *record.Meta) { m.Users = 3; m.Channels = 4 },
	} {
		damageMeta(t, path, damage)
		for range 2 {
			f, err := Open(path, nil)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, censusOf(f)); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
			if err := f.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func damageMeta(t *testing.T, path string, damage func(*record.Meta)) {
	t.Helper()
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	err = db.Update(func(tx *bbolt.Tx) error {
		b := tx.Bucket([]byte(bucketMeta))
		rec := &record.Meta{}
		if err := proto.Unmarshal(b.Get([]byte(keyMeta)), rec); err != nil {
			return err
		}
		damage(rec)
		v, err := proto.Marshal(rec)
		if err != nil {
			return err
		}
		return b.Put([]byte(keyMeta), v)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestOneFieldIsReadWithoutTheRest(t *testing.T) {
	hash := int64(-1)
	v, err := proto.Marshal(&record.Peer{AccessHash: &hash, HashClass: record.HashClass_HASH_CLASS_MIN, FirstName: "Ann"})
	if err != nil {
		t.Fatal(err)
	}
	if got := varint(v, 2); got != uint64(record.HashClass_HASH_CLASS_MIN) {
		t.Errorf("got %d", got)
	}
	for n := range v {
		varint(v[:n], 2)   // half a record is none
		varint(v[:n], 100) // and does not hang anybody
	}
	if got := varint([]byte{0xff, 0xff, 0xff}, 2); got != 0 {
		t.Errorf("rubbish: got %d", got)
	}
}

func TestWritesAreCounted(t *testing.T) {
	f := mustOpen(t)
	for n := range maxRows + 1 {
		f.add(crowdSighting(n + 1))
	}
	if err := f.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	w := f.Writes()
	if w.Commits < 2 || w.Rows < maxRows+1 || w.Took <= 0 {
		t.Errorf("got %+v", w)
	}
	last := int64(0)
	for i, n := range w.Within {
		if n < last || n > w.Commits {
			t.Errorf("within %v: %d of %d", CommitBounds()[i], n, w.Commits)
		}
		last = n
	}
}
