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
