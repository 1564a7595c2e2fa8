package session

import (
	"testing"
	"time"

	"github.com/f48b34c0/seen/session/internal/record"
)

// Behavior C32: a deleted account is known by its profile, and so is a bot, from
// whatever they are seen in.
func TestAProfileTellsThatAnAccountIsDeletedOrABots(t *testing.T) {
	f := mustOpen(t)
	hear(f, wrote(10, 1, "hi"))
	put(t, f, &sighting{id: UserID(carol), at: 20, flags: FlagDeleted})
	put(t, f, &sighting{id: UserID(1004), at: 20, flags: FlagBot}, &sighting{id: UserID(1005), at: 20})
	put(t, f, &sighting{id: UserID(9), at: 20, flags: FlagBot | FlagSelf})
	got := map[int64]Dialog{}
	for d, err := range f.Dialogs() {
		if err != nil {
			t.Fatal(err)
		}
		got[d.User] = d
	}
	if len(got) != 2 || got[carol].Standing != StandingDeleted || got[1004].Standing != StandingBot {
		t.Errorf("got %+v", got)
	}
	put(t, f, &sighting{id: UserID(carol), at: 30, firstName: "Carol"})
	if d, err := f.Dialog(carol); err != nil || d.Standing != StandingUnknown || d.Reason != ReasonProfile {
		t.Errorf("a profile that is there again: %+v, %v", d, err)
	}
}

// A profile of a file that knew nothing of it goes before what stands there.
func TestAProfileGoesBeforeAnOlderRecord(t *testing.T) {
	for flag, want := range map[Flags]Standing{FlagDeleted: StandingDeleted, FlagBot: StandingBot} {
		d := dialogOf(carol, &record.Dialog{Standing: record.Dialog_STANDING_OPEN, Reason: "start", At: 10}, flag)
		if d.Standing != want || d.Reason != ReasonProfile {
			t.Errorf("got %+v", d)
		}
	}
}

func TestDialogsAreListedEachOnceInPages(t *testing.T) {
	f := mustOpen(t)
	const people = 2*page + 10
	for id := range int64(people) {
		f.add(&event{user: id + 1, at: 10, what: acted, reason: ReasonWrote})
	}
	if err := f.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := int64(1)
	for d, err := range f.Dialogs() {
		if err != nil || d.User != want || d.Standing != StandingOpen {
			t.Fatalf("got %+v, %v; want user %d", d, err, want)
		}
		want++
	}
	if want != people+1 {
		t.Errorf("%d people", want-1)
	}
}

// What an older version of this package has written is not taken for somebody new.
func TestAnOlderDialogIsNotBegunAgain(t *testing.T) {
	f := mustOpen(t)
	f.add(changeFunc(func(b *batch) error {
		d := b.dialog(carol)
		d.rec = &record.Dialog{
			Standing: record.Dialog_STANDING_OPEN, Reason: "start", At: 10, Payload: "promo", GreetedMessage: 4,
		}
		d.changed()
		return nil
	}))
	if err := f.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	f.Outbox().Greet(Greeting{
		User: carol, Message: 9, At: time.Unix(20, 0), Start: true, Payload: "later", Text: "Hello", Again: "Again",
	})
	if err := f.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	rows, err := f.Outbox().Rows(10)
	if err != nil || len(rows) != 1 || rows[0].Text != "Again" {
		t.Errorf("owed %+v, %v", rows, err)
	}
	if d, err := f.Dialog(carol); err != nil || d.Payload != "promo" || d.Began != 4 {
		t.Errorf("got %+v, %v", d, err)
	}
}

// Nothing of a dialog outlives forgetting, in memory neither.
func TestAForgottenDialogBeginsAnew(t *testing.T) {
	f := mustOpen(t)
	put(t, f, &sighting{id: UserID(carol), at: 100, firstName: "Carol"})
	hear(f, wrote(200, 5, "hi"))
	if err := f.Book().Forget(t.Context(), UserID(carol)); err != nil {
		t.Fatal(err)
	}
	if d, err := f.Dialog(carol); err != nil || d != (Dialog{User: carol}) {
		t.Errorf("got %+v, %v", d, err)
	}
	hear(f, wrote(150, 6, "hello"))
	if d, err := f.Dialog(carol); err != nil || d.Standing != StandingOpen || d.Began != 6 {
		t.Errorf("got %+v, %v", d, err)
	}
}
