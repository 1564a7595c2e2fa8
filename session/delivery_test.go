package session

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestADeliveryIsRememberedForADay(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bot.session")
	f := openAt(t, path)
	f.add(&sighting{id: UserID(1001), firstName: "Ann", at: 1}) // a file that knows nobody is not kept
	sent := f.Deliveries()
	at := time.Unix(1_800_000_000, 0)
	one := Slip{To: UserID(1001), Key: "order-7"}
	random := sent.RandomID(one)
	others := []Slip{
		{To: UserID(1002), Key: "order-7"},
		{To: ChatID(1001), Key: "order-7"},
		{To: UserID(1001), Key: "order-8"},
		{To: UserID(1001), Key: "order-7", Part: 1},
	}
	try := func(at time.Time, slips ...Slip) []Delivery {
		t.Helper()
		before, err := sent.Try(t.Context(), at, slips)
		if err != nil {
			t.Fatal(err)
		}
		return before
	}
	if before := try(at, one)[0]; before != (Delivery{}) {
		t.Errorf("before the first try: %+v", before)
	}
	sent.Confirm(one, 42, at.Add(time.Second))
	for i, before := range try(at, others...) {
		if before != (Delivery{}) {
			t.Errorf("%+v is known: %+v", others[i], before)
		}
		if sent.RandomID(others[i]) == random {
			t.Errorf("%+v has the random id of another", others[i])
		}
	}
	sent.Drop(others[0])

	// All of that outlives the process, and a copy of the file.
	hangUp(t, f)
	f = openAt(t, path)
	sent = f.Deliveries()
	if sent.RandomID(one) != random {
		t.Error("another random id after a restart")
	}
	want := Delivery{Tried: at, Date: at.Add(time.Second), Message: 42}
	almost := at.Add(DeliveryTrust - time.Second)
	if before := try(almost, one)[0]; !sameDelivery(before, want) {
		t.Errorf("after a restart: %+v, want %+v", before, want)
	}
	if before := try(almost, others[0])[0]; before != (Delivery{}) {
		t.Errorf("what was dropped is known: %+v", before)
	}
	if before := try(almost, others[1])[0]; !before.Tried.Equal(at) || !before.Date.IsZero() {
		t.Errorf("what was tried is %+v", before)
	}

	// After a day it is a new message, and leaves the file.
	if err := sent.Sweep(t.Context(), at.Add(DeliveryTrust)); err != nil {
		t.Fatal(err)
	}
	if before := try(at.Add(time.Second), one)[0]; before != (Delivery{}) {
		t.Errorf("after a day: %+v", before)
	}
	hangUp(t, f)
}

func sameDelivery(a, b Delivery) bool {
	return a.Tried.Equal(b.Tried) && a.Date.Equal(b.Date) && a.Message == b.Message
}

// More than a page of them is swept, and those that are fresh stay.
func TestOldDeliveriesAreSwept(t *testing.T) {
	f := openAt(t, filepath.Join(t.TempDir(), "bot.session"))
	defer hangUp(t, f)
	sent := f.Deliveries()
	at := time.Unix(1_800_000_000, 0)
	var old, fresh []Slip
	for n := range 1700 {
		old = append(old, Slip{To: UserID(int64(1 + n)), Key: "old"})
		fresh = append(fresh, Slip{To: UserID(int64(1 + n)), Key: "fresh"})
	}
	now := at.Add(DeliveryTrust)
	if _, err := sent.Try(t.Context(), at, old); err != nil {
		t.Fatal(err)
	}
	if _, err := sent.Try(t.Context(), now, fresh); err != nil {
		t.Fatal(err)
	}
	if err := sent.Sweep(t.Context(), now); err != nil {
		t.Fatal(err)
	}
	// As of the time of the old ones all would count that are there.
	for name, c := range map[string]struct {
		slips []Slip
		known bool
	}{"old": {old, false}, "fresh": {fresh, true}} {
		before, err := sent.Try(t.Context(), at, c.slips)
		if err != nil {
			t.Fatal(err)
		}
		for i, b := range before {
			if !b.Tried.IsZero() != c.known {
				t.Fatalf("%s %+v: %+v", name, c.slips[i], b)
			}
		}
	}
}

// Whoever is forgotten is forgotten in this too, and what was said under which key
// is nowhere in the file.
func TestDeliveriesAreForgottenWithTheirPeer(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bot.session")
	f := openAt(t, path)
	f.add(&sighting{id: UserID(1001), firstName: "Ann", at: 1}, &sighting{id: UserID(1002), firstName: "Bob", at: 1})
	sent := f.Deliveries()
	at := time.Now()
	ann := Slip{To: UserID(1001), Key: "a-key-of-the-sender"}
	bob := Slip{To: UserID(1002), Key: "a-key-of-the-sender"}
	if _, err := sent.Try(t.Context(), at, []Slip{ann, bob}); err != nil {
		t.Fatal(err)
	}
	if err := f.Book().Forget(t.Context(), UserID(1001)); err != nil {
		t.Fatal(err)
	}
	before, err := sent.Try(t.Context(), at, []Slip{ann, bob})
	if err != nil || !before[0].Tried.IsZero() || before[1].Tried.IsZero() {
		t.Errorf("after Ann was forgotten: %+v, %v", before, err)
	}
	if _, err := f.Check(t.Context(), func(found Finding) { t.Errorf("found: %v", found) }); err != nil {
		t.Error(err)
	}
	hangUp(t, f)
	raw, err := os.ReadFile(path)
	if err != nil || bytes.Contains(raw, []byte("a-key-of-the-sender")) {
		t.Errorf("the sender's key stands in the file (%v)", err)
	}
}

func TestADeliveryThatIsNotWrittenIsNotTried(t *testing.T) {
	f := openAt(t, filepath.Join(t.TempDir(), "bot.session"))
	hangUp(t, f)
	_, err := f.Deliveries().Try(t.Context(), time.Now(), []Slip{{To: UserID(1), Key: "k"}})
	if !errors.Is(err, ErrClosed) {
		t.Errorf("got %v", err)
	}
}

func hangUp(t *testing.T, f *File) {
	t.Helper()
	if err := f.Close(); err != nil {
		t.Error(err)
	}
}
