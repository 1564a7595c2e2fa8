package session

import (
	"testing"

	"go.etcd.io/bbolt"
)

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
