package session

import (
	"testing"

	"go.etcd.io/bbolt"
	"google.golang.org/protobuf/proto"

	"github.com/f48b34c0/seen/session/internal/record"
)

// Behavior C6b: an entry of the index whose peer is gone, or does not bear the
// name any more, is nobody's, and the next one to claim the name gets it.
func TestIndexEntryWithoutABearerIsDropped(t *testing.T) {
	f := mustOpen(t)
	put(t, f, bearer(1, 1000, "ann"))
	err := f.db.Update(func(tx *bbolt.Tx) error {
		for name, id := range map[string]int64{"gone": 77, "former": 1} {
			v, err := proto.Marshal(&record.Name{Kind: uint32(User), Id: id, At: 5000})
			if err != nil {
				return err
			}
			if err := tx.Bucket([]byte(bucketNames)).Put([]byte(name), v); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	wantName(t, f, "gone", 0, ErrNeverSeen)
	wantName(t, f, "former", 0, ErrNeverSeen)
	put(t, f, bearer(2, 2000, "gone", "former"))
	wantName(t, f, "gone", 2, nil)
	wantName(t, f, "former", 2, nil)
}

// Behavior C18: one damaged record hides no other.
func TestDamagedRecordHidesNoOther(t *testing.T) {
	f := mustOpen(t)
	for n := 1; n <= 5; n++ {
		put(t, f, crowdSighting(n))
	}
	err := f.db.Update(func(tx *bbolt.Tx) error {
		for bucket, key := range map[string][]byte{bucketPeers: UserID(3).key(), bucketNames: []byte("person_4")} {
			if err := tx.Bucket([]byte(bucket)).Put(key, []byte("\xff\xff\xff")); err != nil {
				return err
			}
		}
		return tx.Bucket([]byte(bucketPeers)).Put([]byte("key"), []byte("no peer's"))
	})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(listed(t, f)); n != 4 {
		t.Errorf("%d are listed, want 4", n)
	}
	wantName(t, f, "person_2", 2, nil)
	wantName(t, f, "person_4", 0, ErrNeverSeen)
	again := crowdSighting(4)
	again.at += confirmAfter
	put(t, f, crowdSighting(3), again)
	if n := len(listed(t, f)); n != 5 {
		t.Errorf("%d are listed after being seen again, want 5", n)
	}
	wantName(t, f, "person_4", 4, nil)
}
