package session

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gotd/td/tg"
)

func TestUpdatesAreHandledInTheirOrderAndOnce(t *testing.T) {
	inBubble(t, func(t *testing.T, s *following) {
		s.run()
		s.push(private(1, 11), private(3, 13), private(2, 12), private(2, 12), private(1, 11), private(4, 14))
		s.handles("message 1", "message 2", "message 3", "message 4")
		s.asks("difference 10 3") // when it began, and no more
		if s.pts() != 14 {
			t.Errorf("pts is %d, want 14", s.pts())
		}
	})
}

func TestPushesBeforeTheStateIsKnownAreCounted(t *testing.T) {
	inBubble(t, func(t *testing.T, s *following) {
		s.push(private(1, 11), private(1, 11))
		s.run()
		s.handles("message 1")
		if s.pts() != 11 {
			t.Errorf("pts is %d, want 11", s.pts())
		}
	})
}

// The manager asked without end when an update with qts 0 came in a difference,
// since that reset its qts.
func TestUpdatesThatNothingCountsMoveNothing(t *testing.T) {
	inBubble(t, func(t *testing.T, s *following) {
		s.run()
		s.push(
			&tg.UpdateBotStopped{UserID: 1, Stopped: true}, // qts 0
			&tg.UpdateBotInlineQuery{QueryID: 1, UserID: 1},
			&tg.UpdateBotStopped{UserID: 1, Qts: 4},
		)
		s.handles("updateBotStopped", "updateBotInlineQuery", "updateBotStopped")
		s.asks("difference 10 3")
	})
}

func TestGapIsFetchedAfterHalfASecond(t *testing.T) {
	inBubble(t, func(t *testing.T, s *following) {
		s.run()
		s.asks("difference 10 3")
		s.account = func(_ context.Context, r *tg.UpdatesGetDifferenceRequest) (tg.UpdatesDifferenceClass, error) {
			return &tg.UpdatesDifference{
				NewMessages: []tg.MessageClass{message(1), message(2)},
				State:       tg.UpdatesState{Pts: 12, Qts: 3, Date: 1001, Seq: 1},
			}, nil
		}
		s.push(private(2, 12), private(3, 13))
		s.asks()
		time.Sleep(gapWait)
		s.handles("message 1", "message 2", "message 3")
		s.asks("difference 10 3")
	})
}

// Who is missed last is waited for as long as who was missed first: in a burst
// something is missing all the time.
func TestEveryGapIsWaitedFor(t *testing.T) {
	inBubble(t, func(t *testing.T, s *following) {
		s.run()
		s.asks("difference 10 3")
		s.push(private(2, 12), private(4, 14))
		time.Sleep(gapWait * 4 / 5)
		s.push(private(1, 11))
		time.Sleep(gapWait * 4 / 5)
		s.asks()
		s.handles("message 1", "message 2")
		time.Sleep(gapWait)
		s.asks("difference 12 3")
	})
}

// A server that pushes what it denies when it is asked is believed in the end.
func TestGapThatTheServerDeniesIsGivenUp(t *testing.T) {
	inBubble(t, func(t *testing.T, s *following) {
		s.knows(7, 5)
		s.run()
		s.push(private(3, 13), posted(9, 7, 9))
		time.Sleep(gapWait << (inVain + 1))
		var want []string
		for range 1 + inVain {
			want = append(want, "difference 10 3", "channel 7 5")
		}
		s.asks(want...)
		s.push(private(4, 14))
		s.push(posted(10, 7, 10))
		s.mu.Lock()
		slices.Sort(s.handled) // chats are handled at once
		s.mu.Unlock()
		s.handles("message 10", "message 3", "message 4", "message 9")
		if n := s.m.Stats().Skipped; n != 2 {
			t.Errorf("skipped %d times", n)
		}
	})
}

func TestLongSilenceIsAskedAbout(t *testing.T) {
	inBubble(t, func(t *testing.T, s *following) {
		s.run()
		time.Sleep(2*idleWait + time.Second)
		s.asks("difference 10 3", "difference 10 3", "difference 10 3")
	})
}

// What a burst mixes up is put in order, and not asked for.
func TestABurstIsPutInOrderAndNotFetched(t *testing.T) {
	inBubble(t, func(t *testing.T, s *following) {
		s.run()
		const many = 8 * maxEarly
		order := rand.Perm(many)
		for _, n := range order {
			s.m.intake.pushed(&tg.UpdateShort{Update: private(n, 11+n)})
		}
		synctest.Wait()
		if len(s.handled) != many || len(s.asked) != 1 || s.m.stats.dropped.Load() != 0 {
			t.Errorf("%d of %d were handled, %d differences were asked for and %d updates dropped",
				len(s.handled), many, len(s.asked), s.m.stats.dropped.Load())
		}
		for n, what := range s.handled {
			if want := fmt.Sprintf("message %d", n); what != want {
				t.Fatalf("%s came in the place of %s", what, want)
			}
		}
	})
}
