package session

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/gotd/log"
	"github.com/gotd/td/telegram"
	"github.com/gotd/td/tg"
)

func inChat(chat int64, id int) tg.UpdateClass {
	return &tg.UpdateNewMessage{Message: &tg.Message{ID: id, PeerID: &tg.PeerUser{UserID: chat}}, Pts: id, PtsCount: 1}
}

// lanesFor runs lanes over a state of its own until the test ends.
func lanesFor(t *testing.T, h telegram.UpdateHandlerFunc) (*lanes, *state) {
	t.Helper()
	st := &state{marks: make(map[sequence]*mark), changed: func() {}, found: true}
	l := newLanes(st, log.For(nil), func(context.Context, *task, error) {})
	l.reset(h, func() {})
	ctx, cancel := context.WithCancel(t.Context())
	var g sync.WaitGroup
	g.Go(func() { _ = l.run(ctx) })
	t.Cleanup(func() {
		cancel()
		g.Wait()
	})
	return l, st
}

func inIt(u tg.UpdatesClass) (chat int64, id int) {
	m := u.(*tg.Updates).Updates[0].(*tg.UpdateNewMessage).Message.(*tg.Message)
	return m.PeerID.(*tg.PeerUser).UserID, m.ID
}

// reach is the manager handing out everything up to pts.
func reach(t *testing.T, st *state, pts int) {
	t.Helper()
	if err := st.SetPts(t.Context(), 1, pts); err != nil {
		t.Error(err)
	}
}

func storable(st *state) int {
	s, _, _ := st.GetState(context.Background(), 1)
	return s.Pts
}

func TestHandlersRunInOrderWithinAChatAndAtOnceAcrossChats(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		got := map[int64][]int{}
		slow := make(chan struct{})
		l, st := lanesFor(t, func(ctx context.Context, u tg.UpdatesClass) error {
			chat, id := inIt(u)
			if chat == 1 && id == 1 {
				<-slow
			}
			mu.Lock()
			defer mu.Unlock()
			got[chat] = append(got[chat], id)
			return nil
		})
		var list []tg.UpdateClass
		for id := 1; id <= 60; id++ {
			list = append(list, inChat(int64(1+(id-1)%3), id))
		}
		l.add(list, nil, nil)
		reach(t, st, 60)
		synctest.Wait()
		mu.Lock()
		if len(got[1]) != 0 || len(got[2]) != 20 || len(got[3]) != 20 {
			t.Errorf("while chat 1 is slow, handled %d, %d and %d of 20", len(got[1]), len(got[2]), len(got[3]))
		}
		mu.Unlock()
		if pts := storable(st); pts != 0 {
			t.Errorf("pts %d is storable while its first message is being handled", pts)
		}
		close(slow)
		synctest.Wait()
		for chat, ids := range got {
			if !slices.IsSorted(ids) {
				t.Errorf("chat %d was handled as %v", chat, ids)
			}
		}
		if pts := storable(st); pts != 60 {
			t.Errorf("pts %d is storable, want 60", pts)
		}
	})
}
