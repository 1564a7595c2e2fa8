package main

import (
	"bytes"
	"testing"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/internal/fakedc"
)

// Backups of a bot at work, taken through its daemon, are each of one moment: the
// file is sound, and whoever its update state covers is in it. The bot goes on.
func TestBackupsOfABusyBotAreEachOfOneMoment(t *testing.T) {
	d := newVictim(t, nil)
	d.flags = []string{"--rate", "0", "--chat-rate", "0"} // everybody is greeted
	d.run()
	const people = 3000
	came := make(chan error, 1)
	go func() {
		_, err := d.dc.World().Do(t.Context(), fakedc.Step{Do: "crowd", Count: people, Mix: true, Rate: 2000})
		came <- err
	}()
	taken := *d
	taken.file = d.file + ".backup"
	last, between := 0, 0
	for busy := true; busy; {
		select {
		case err := <-came:
			if err != nil {
				t.Fatal(err)
			}
			busy = false
		default:
		}
		if out, err := d.seen("backup", "--force", taken.file); err != nil {
			t.Fatalf("%s, %v", out, err)
		}
		if out, err := d.seen("check", "--session", taken.file); err != nil || !bytes.HasPrefix(out, []byte("sound: ")) {
			t.Fatalf("%s, %v", out, err)
		}
		n := taken.check()
		if n < last {
			t.Errorf("a backup covers %d updates, and the one before covered %d", n, last)
		}
		if last = n; n > 0 && n < people {
			between++
		}
	}
	if between == 0 {
		t.Error("no backup was taken while people came: this test shows nothing")
	}
	d.until("everybody", func(st answer.Status) bool { return st.Peers.Users > people && st.Outbox == 0 })
	t.Logf("%d backups while people came", between)
}
