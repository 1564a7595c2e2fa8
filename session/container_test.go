package session

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gotd/td/tg"
)

func query(id int64) tg.UpdateClass { return &tg.UpdateBotInlineQuery{QueryID: id, UserID: id} }

func (s *following) container(seq int, list ...tg.UpdateClass) {
	s.m.intake.pushed(&tg.Updates{Updates: list, Seq: seq, Date: 2000 + seq})
	synctest.Wait()
}

// A container that is counted waits for those before it, for the sake of what
// nothing else counts, and is taken once.
func TestContainersAreTakenInTheirOrderAndOnce(t *testing.T) {
	inBubble(t, func(t *testing.T, s *following) {
		s.run()
		s.container(3, query(1), private(2, 12))
		s.handles()
		s.container(2, private(1, 11))
		s.handles("message 1", "updateBotInlineQuery", "message 2")
		s.container(3, query(1), private(2, 12))
		s.container(0, query(1)) // not counted
		s.handles("updateBotInlineQuery")
		if st, _, _ := s.m.file.state.GetState(t.Context(), 0); st.Seq != 3 || st.Pts != 12 {
			t.Errorf("the state is %+v", st)
		}
		s.asks("difference 10 3")
	})
}

// A difference may come to a seq that covers containers which have been kept, or
// are still on their way. It tells of no channel's updates.
func TestContainerThatADifferenceCoversIsLookedAt(t *testing.T) {
	inBubble(t, func(t *testing.T, s *following) {
		s.knows(7, 5)
		s.run()
		s.account = func(_ context.Context, r *tg.UpdatesGetDifferenceRequest) (tg.UpdatesDifferenceClass, error) {
			return &tg.UpdatesDifference{
				NewMessages: []tg.MessageClass{message(1)}, State: tg.UpdatesState{Pts: 11, Qts: 3, Date: 1001, Seq: 5},
			}, nil
		}
		s.container(3, posted(1, 7, 6), private(1, 11), query(1))
		time.Sleep(gapWait)
		synctest.Wait()
		s.container(4, posted(2, 7, 7), query(2)) // overtaken; the query may have been told
		s.mu.Lock()
		got := map[string]int{}
		for _, what := range s.handled {
			got[what]++
		}
		s.mu.Unlock()
		if fmt.Sprint(got) != "map[message 1:2 message 2:1 updateBotInlineQuery:1]" {
			t.Errorf("handled %v", got)
		}
		if s.pts() != 11 || s.channelPts(7) != 7 {
			t.Errorf("pts is %d, that of the channel %d", s.pts(), s.channelPts(7))
		}
	})
}

// Containers that wait for one that never comes are taken in the end, and are not
// kept without bound.
func TestContainersBeyondTheBoundAreTaken(t *testing.T) {
	inBubble(t, func(t *testing.T, s *following) {
		s.run()
		const many = 3*containersEarly + 1
		for n := range many {
			s.m.intake.pushed(&tg.Updates{Updates: []tg.UpdateClass{query(int64(n))}, Seq: 3 + n})
			if n%500 != 0 {
				continue
			}
			synctest.Wait()
			if n := len(s.f.account.seq.early); n > containersEarly {
				t.Fatalf("%d containers are kept", n)
			}
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if len(s.handled) != many {
			t.Errorf("handled %d of %d", len(s.handled), many)
		}
	})
}
