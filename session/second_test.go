package session

import (
	"testing"

	"github.com/gotd/td/tgerr"
	"pgregory.net/rapid"
)

// What happened within one second is told apart by qts, and a message lifts no
// block: only who takes it back can write.
func TestOneSecondIsToldApart(t *testing.T) {
	f, user := mustOpen(t), carol
	rapid.Check(t, func(r *rapid.T) {
		user++
		list := []happened{wrote(10, 1, "/start")}
		want := StandingOpen
		for qts := range rapid.IntRange(1, 4).Draw(r, "updates") {
			on := rapid.Bool().Draw(r, "stopped")
			want = StandingOpen
			if on {
				want = StandingBlocked
			}
			list = append(list, blocked(10, qts+1, on))
		}
		list = append(list, list...) // a difference brings all of it again
		for i := range list {
			j := rapid.IntRange(i, len(list)-1).Draw(r, "swap")
			list[i], list[j] = list[j], list[i]
		}
		for _, h := range list {
			hearOf(f, user, h)
			if rapid.Bool().Draw(r, "commit") {
				if err := f.Flush(t.Context()); err != nil {
					r.Fatal(err)
				}
			}
		}
		if d, err := f.Dialog(user); err != nil || d.Standing != want {
			r.Errorf("got %+v, %v; want %v", d, err, want)
		}
	})
}

// The bot was refused in the second in which they wrote, and hears of the message
// again.
func TestARepeatOfAMessageLiftsNoRefusal(t *testing.T) {
	f := mustOpen(t)
	hear(f, wrote(100, 1, "hi"))
	call := said(0, "").call
	f.add(reacted(call, tgerr.New(403, "USER_IS_BLOCKED"), 100, f.borneOut(call)))
	hear(f, wrote(100, 1, "hi"))
	if d, err := f.Dialog(carol); err != nil || d.Standing != StandingBlocked {
		t.Errorf("got %+v, %v", d, err)
	}
	hear(f, wrote(100, 2, "yes?"))
	if d, err := f.Dialog(carol); err != nil || d.Standing != StandingOpen {
		t.Errorf("got %+v, %v", d, err)
	}
}
