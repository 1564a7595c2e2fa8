package session

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"
)

func (s *following) date() int {
	synctest.Wait()
	st, _, _ := s.m.file.state.GetState(s.t.Context(), 0)
	return st.Date
}

func (s *following) dated(date int, list ...tg.UpdateClass) {
	s.m.intake.pushed(&tg.Updates{Updates: list, Date: date})
	synctest.Wait()
}

// A server tells of a channel that the bot does not know by the date: so that is
// not stored before the channel's pts, or a crash in between would lose what has
// been said there.
func TestDateWaitsForThePtsOfANewChannel(t *testing.T) {
	inBubble(t, func(t *testing.T, s *following) {
		busy := make(chan struct{})
		s.handler = func(ctx context.Context, u tg.UpdateClass) error {
			select {
			case <-busy:
			case <-ctx.Done():
			}
			return ctx.Err()
		}
		s.run()
		s.dated(1001, query(1))
		if got := s.date(); got != 1001 {
			t.Errorf("the date is %d, and nothing is new but a query", got)
		}
		s.dated(1002, posted(1, 7, 21))
		s.dated(1003, query(2))
		if got := s.date(); got != 1001 {
			t.Errorf("the date is %d, and where to begin in the channel is not known", got)
		}
		time.Sleep(gapWait)
		if got := s.date(); got != 1003 || s.channelPts(7) != 20 {
			t.Errorf("the date is %d and the channel's pts %d", got, s.channelPts(7))
		}
		close(busy)
		s.dated(1004, posted(2, 7, 22))
		if got := s.date(); got != 1004 || s.channelPts(7) != 22 {
			t.Errorf("the date is %d and the channel's pts %d", got, s.channelPts(7))
		}
	})
}

func TestDateWaitsForTheDifferenceOfANewChannel(t *testing.T) {
	for _, lost := range []bool{false, true} {
		inBubble(t, func(t *testing.T, s *following) {
			answers := make(chan struct{})
			s.account = func(context.Context, *tg.UpdatesGetDifferenceRequest) (tg.UpdatesDifferenceClass, error) {
				return &tg.UpdatesDifference{
					NewMessages:  []tg.MessageClass{message(1)},
					OtherUpdates: []tg.UpdateClass{&tg.UpdateChannelTooLong{ChannelID: 7}},
					State:        tg.UpdatesState{Pts: 11, Qts: 3, Date: 2000, Seq: 1},
				}, nil
			}
			s.channel = func(context.Context, int64, int) (tg.UpdatesChannelDifferenceClass, error) {
				<-answers
				if lost {
					return nil, tgerr.New(400, "CHANNEL_PRIVATE")
				}
				return &tg.UpdatesChannelDifferenceEmpty{Final: true, Pts: 500}, nil
			}
			s.run()
			if got := s.date(); got != 1000 || s.pts() != 11 {
				t.Errorf("the date is %d, the pts %d, and the channel has not answered", got, s.pts())
			}
			close(answers)
			if got := s.date(); got != 2000 {
				t.Errorf("the date is %d, and the channel has answered", got)
			}
		})
	}
}

// The server is asked for what was missed since the date that is stored, whatever
// has been pushed meanwhile and however many slices it answers in: only the last
// one tells of channels.
func TestDifferenceIsAskedForSinceTheStoredDate(t *testing.T) {
	inBubble(t, func(t *testing.T, s *following) {
		var dates []int
		s.account = func(_ context.Context, r *tg.UpdatesGetDifferenceRequest) (tg.UpdatesDifferenceClass, error) {
			switch dates = append(dates, r.Date); len(dates) {
			case 1:
				return nil, tgerr.New(500, "INTERNAL")
			case 2:
				time.Sleep(time.Second)
				return &tg.UpdatesDifferenceSlice{IntermediateState: tg.UpdatesState{Pts: r.Pts + 10, Qts: 3, Date: 3000, Seq: 2}}, nil
			default:
				return &tg.UpdatesDifference{State: tg.UpdatesState{Pts: r.Pts, Qts: 3, Date: 4000, Seq: 1}}, nil
			}
		}
		s.m.intake.pushed(&tg.Updates{Updates: []tg.UpdateClass{private(1, 11)}, Date: 2000})
		s.run()
		s.dated(2001, query(1)) // after the first has failed
		time.Sleep(500 * time.Millisecond)
		s.dated(2002, query(2)) // while the second is under way
		s.container(3, query(4))
		if got := s.date(); got != 1000 {
			t.Errorf("the date is %d before the difference has come", got)
		}
		time.Sleep(time.Minute)
		if got := s.date(); got != 4000 || len(dates) != 3 || dates[0] != 1000 || dates[1] != 1000 || dates[2] != 1000 {
			t.Errorf("asked since %v, and the date is %d", dates, got)
		}
		s.dated(4001, query(3))
		if got := s.date(); got != 4001 {
			t.Errorf("the date is %d", got)
		}
	})
}
