package session

import (
	"testing"
	"time"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/telegram"
	"github.com/gotd/td/tg"
)

// A machine whose clock is an hour slow remembers from an earlier run what
// happened in the server's time. What it then fetches is newer, and must not be
// taken for older.
func TestDifferenceTellsTheServersTime(t *testing.T) {
	f := mustOpen(t)
	hour := int(time.Now().Add(time.Hour).Unix())
	put(t, f, bearer(1001, int64(hour-60), "ann"))
	for _, d := range []tg.UpdatesDifferenceClass{
		&tg.UpdatesDifference{State: tg.UpdatesState{Date: hour}},
		&tg.UpdatesDifferenceSlice{IntermediateState: tg.UpdatesState{Date: hour}},
		&tg.UpdatesDifferenceEmpty{Date: hour},
	} {
		var opts telegram.Options
		m := f.Wire(&opts)
		err := m.Handle(invoker(func(_ bin.Encoder, output bin.Decoder) error {
			output.(*tg.UpdatesDifferenceBox).Difference = d
			return nil
		})).Invoke(t.Context(), &tg.UpdatesGetDifferenceRequest{}, &tg.UpdatesDifferenceBox{})
		if err != nil {
			t.Fatal(err)
		}
		if early := time.Unix(int64(hour), 0).Sub(m.clock.now()); early > 2*time.Second {
			t.Errorf("%s: the clock is %s slow", d.TypeName(), early)
		}
	}
}

// A difference may be long on its way. What it tells is as new as its own date, and
// not as old as the question: what was heard meanwhile does not make it stale.
func TestAnswerIsAsNewAsItsDate(t *testing.T) {
	now := time.Unix(2000, 0)
	f, err := Open(t.TempDir()+"/bot.session", &Options{Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	anna := []tg.UserClass{&tg.User{ID: 1001, AccessHash: 1, FirstName: "Anna"}}
	for _, tt := range []struct {
		request bin.Encoder
		answer  func(at int) bin.Decoder
	}{
		{&tg.UpdatesGetDifferenceRequest{}, func(at int) bin.Decoder {
			return &tg.UpdatesDifferenceBox{Difference: &tg.UpdatesDifference{Users: anna, State: tg.UpdatesState{Date: at}}}
		}},
		{&tg.UpdatesGetChannelDifferenceRequest{}, func(at int) bin.Decoder {
			return &tg.UpdatesChannelDifferenceBox{ChannelDifference: &tg.UpdatesChannelDifference{
				Users:       anna,
				NewMessages: []tg.MessageClass{&tg.MessageEmpty{}, &tg.Message{Date: at}, &tg.MessageService{Date: at - 7}},
			}}
		}},
		{&tg.MessagesSendMessageRequest{}, func(at int) bin.Decoder {
			return &tg.UpdatesBox{Updates: &tg.Updates{Users: anna, Date: at}}
		}},
	} {
		var opts telegram.Options
		m := f.Wire(&opts)
		now = now.Add(time.Minute)
		at := now.Unix()
		answer := tt.answer(int(at) + 9)
		err := m.Handle(invoker(func(bin.Encoder, bin.Decoder) error {
			now = now.Add(10 * time.Second)
			put(t, f, bearer(1001, at+5, "ann")) // still under the old name
			return nil
		})).Invoke(t.Context(), tt.request, answer)
		if err != nil {
			t.Fatal(err)
		}
		if p, err := f.Book().Peer(UserID(1001)); err != nil || p.FirstName != "Anna" {
			t.Errorf("%T: the book has %q, %v", tt.request, p.FirstName, err)
		}
	}
}
