package main

import (
	"testing"
	"time"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/internal/fakedc"
	"github.com/f48b34c0/seen/session"
)

func (d *victim) greeted(who string) int {
	d.t.Helper()
	return d.do(fakedc.Step{Do: "sent", Who: who}).Count
}

// forgetHow takes the stored pts back, as if the daemon had died before it could
// store what it has greeted for.
func (d *victim) forgetHow(pts int) {
	d.t.Helper()
	f := d.open()
	state := f.StateStorage()
	if err := state.SetPts(d.t.Context(), fakedc.DemoBotID, pts); err != nil {
		d.t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		d.t.Fatal(err)
	}
}

// What the server tells a second time, because the daemon died before it could
// store how far it was, is greeted for once.
func TestReplayedStartIsNotGreetedTwice(t *testing.T) {
	d := newVictim(t, nil)
	d.run()
	d.do(fakedc.Step{Do: "write", Who: "bob", Text: "hello"})
	d.do(fakedc.Step{Do: "fault", Method: "updates", Error: "double", Count: 1})
	d.do(fakedc.Step{Do: "start", Who: "ann", Payload: "promo"})
	d.do(fakedc.Step{Do: "start", Who: "carol"})
	d.until("greetings", func(st answer.Status) bool { return d.greeted("ann") > 0 && d.greeted("carol") > 0 && st.Outbox == 0 })
	d.kill()
	for range 2 {
		d.forgetHow(1)
		d.run()
		d.do(fakedc.Step{Do: "start", Who: "dave"}) // comes after all that is told again
		d.until("dave", func(st answer.Status) bool { return d.greeted("dave") > 0 && st.Outbox == 0 })
		d.kill()
	}
	if ann, carol, dave := d.greeted("ann"), d.greeted("carol"), d.greeted("dave"); ann != 1 || carol != 1 || dave != 2 {
		t.Errorf("ann was greeted %d times, carol %d times, and dave %d times for pressing START twice", ann, carol, dave)
	}
}

// waitsAreOver lets every wait be over that the file of a dead daemon knows of, as it is
// when a later one is noted.
func (d *victim) waitsAreOver() {
	d.t.Helper()
	f := d.open()
	later := time.Now().Add(24 * time.Hour)
	if err := f.Limits().Flooded(d.t.Context(), session.Flood{Method: "help.getConfig", Since: later, Until: later}); err != nil {
		d.t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		d.t.Fatal(err)
	}
}

// A flood wait of an hour holds back what is to be sent and nothing else: updates
// are handled and stored, new debts among them. All are paid when it is over.
func TestFloodWaitHoldsBackTheOutboxAndNotThePts(t *testing.T) {
	d := newVictim(t, nil)
	d.run()
	d.do(fakedc.Step{Do: "fault", Method: "messages.sendMessage", Error: "FLOOD_WAIT_3600", Count: 1})
	for _, who := range []string{"ann", "bob", "carol"} {
		d.do(fakedc.Step{Do: "start", Who: who})
	}
	d.until("debts", func(st answer.Status) bool { return st.Outbox == 3 })
	d.stop()
	if pts := d.stored(); pts != d.do(fakedc.Step{Do: "stats"}).Stats.Pts {
		t.Errorf("pts %d is stored while greetings are owed", pts)
	}
	for _, who := range []string{"ann", "bob", "carol"} {
		if n := d.greeted(who); n != 0 {
			t.Errorf("%s was greeted %d times during the flood wait", who, n)
		}
	}
	d.waitsAreOver()
	d.run()
	d.until("payment", func(st answer.Status) bool { return st.Outbox == 0 })
	for _, who := range []string{"ann", "bob", "carol"} {
		if n := d.greeted(who); n != 1 {
			t.Errorf("%s was greeted %d times", who, n)
		}
	}
}
