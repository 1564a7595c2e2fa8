package session

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gotd/td/tg"
)

func TestTheBacklogIsWhatIsNotHandledYet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		let := make(chan struct{})
		l, _ := lanesFor(t, func(context.Context, tg.UpdatesClass) error {
			<-let
			return nil
		})
		m := &Memory{lanes: l}
		if b := m.Backlog(); b != (Backlog{}) {
			t.Errorf("at first: %+v", b)
		}
		l.add([]tg.UpdateClass{inChat(1, 1), inChat(1, 2)}, nil, nil)
		time.Sleep(time.Second)
		l.add([]tg.UpdateClass{inChat(2, 3)}, nil, nil)
		time.Sleep(time.Second)
		if b := m.Backlog(); b != (Backlog{Waiting: 3, Oldest: 2 * time.Second}) {
			t.Errorf("while nobody handles: %+v", b)
		}
		close(let)
		synctest.Wait()
		if b := m.Backlog(); b != (Backlog{}) {
			t.Errorf("in the end: %+v", b)
		}
	})
}
