package session

import (
	"testing"

	"go.etcd.io/bbolt"
)

// What was borne out while a batch was being written is not forgotten with it.
func TestALateCommitDoesNotPutTheEvidenceBack(t *testing.T) {
	var r recent
	r.users.put(carol, packed{at: 10, calm: true})
	noted := func(e evidence) *batch {
		return &batch{dialogs: map[int64]*dialogEntry{carol: {last: e, noted: true}}}
	}
	r.publish(noted(evidence{at: 5, calm: true, stored: 5}), 1)
	if e, _ := r.evidence(carol); e.at != 10 || e.stored != 5 {
		t.Errorf("got %+v", e)
	}
	r.publish(noted(evidence{}), 2)
	if e, _ := r.evidence(carol); e != (evidence{}) {
		t.Errorf("somebody who was forgotten: %+v", e)
	}
}

// Somebody who writes all day costs one write, and what was not written still
// counts against an older event.
func TestOneMoreMessageIsNotWritten(t *testing.T) {
	f := mustOpen(t)
	hears := func(h happened) {
		t.Helper()
		hear(f, h)
		if err := f.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	hears(wrote(100, 1, "hi"))
	before := transactions(t, f)
	for at := 101; at < 200; at++ {
		hears(wrote(at, at, "on and on"))
	}
	if n := transactions(t, f) - before; n != 0 {
		t.Errorf("%d transactions were written", n)
	}
	hears(block(150, true))
	if d, err := f.Dialog(carol); err != nil || d.Standing != StandingOpen || d.Confirmed.Unix() != 199 {
		t.Errorf("got %+v, %v", d, err)
	}
	hears(block(300, true))
	if d, err := f.Dialog(carol); err != nil || d.Standing != StandingBlocked {
		t.Errorf("got %+v, %v", d, err)
	}
	hears(wrote(301, 301, "back"))
	if d, err := f.Dialog(carol); err != nil || d.Standing != StandingOpen {
		t.Errorf("got %+v, %v", d, err)
	}
	before = transactions(t, f)
	hears(wrote(301+int(confirmAfter), 302, "half a day later"))
	if n := transactions(t, f) - before; n != 1 {
		t.Errorf("%d transactions were written", n)
	}
}

func transactions(t *testing.T, f *File) (id int) {
	t.Helper()
	err := f.db.View(func(tx *bbolt.Tx) error {
		id = tx.ID()
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}
