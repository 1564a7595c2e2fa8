package session

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"
)

func TestEditInAChannelDifferenceIsHandled(t *testing.T) {
	inBubble(t, func(t *testing.T, s *following) {
		s.knows(7, 5)
		s.channel = func(_ context.Context, _ int64, pts int) (tg.UpdatesChannelDifferenceClass, error) {
			return &tg.UpdatesChannelDifference{
				Final: true, Pts: 7, NewMessages: []tg.MessageClass{post(1, 7)},
				OtherUpdates: []tg.UpdateClass{&tg.UpdateEditChannelMessage{Message: post(1, 7), Pts: 7, PtsCount: 1}},
			}, nil
		}
		s.run()
		s.handles("message 1", "edit 1")
		if s.channelPts(7) != 7 {
			t.Errorf("the channel's pts is %d", s.channelPts(7))
		}
	})
}

// The manager began an unknown channel at the update that it took first. Envelopes
// overtake each other.
func TestUnknownChannelBeginsWithItsEarliestUpdate(t *testing.T) {
	inBubble(t, func(t *testing.T, s *following) {
		s.run()
		s.push(posted(3, 7, 23), posted(1, 7, 21), posted(2, 7, 22))
		s.handles()
		time.Sleep(gapWait)
		s.handles("message 1", "message 2", "message 3")
		s.push(posted(4, 7, 24))
		s.handles("message 4")
		s.asks("channel 7 1", "difference 10 3")
		if s.channelPts(7) != 24 {
			t.Errorf("the channel's pts is %d", s.channelPts(7))
		}
	})
}

// What comes first of a channel may be lost on its way. It is fetched with the next
// that comes; so is what was said long before, which is news to nobody, and once more
// what was pushed.
func TestUnknownChannelIsLookedThroughOnce(t *testing.T) {
	inBubble(t, func(t *testing.T, s *following) {
		s.channel = func(context.Context, int64, int) (tg.UpdatesChannelDifferenceClass, error) {
			old := post(1, 7)
			old.Date = 1
			edit := &tg.UpdateEditChannelMessage{Message: post(3, 7), Pts: 24, PtsCount: 1}
			return &tg.UpdatesChannelDifference{
				Final: true, Pts: 25,
				NewMessages:  []tg.MessageClass{old, post(2, 7), post(3, 7)},
				OtherUpdates: []tg.UpdateClass{edit},
			}, nil
		}
		s.run()
		gone := &tg.UpdateDeleteChannelMessages{ChannelID: 7, Messages: []int{1}, Pts: 25, PtsCount: 1}
		s.push(posted(3, 7, 23), posted(3, 7, 23), gone)
		s.handles()
		time.Sleep(gapWait)
		s.handles("message 2", "message 3", "edit 3", "updateDeleteChannelMessages")
		s.asks("difference 10 3", "channel 7 1")
		s.push(posted(4, 7, 26))
		s.handles("message 4")
		s.asks()
	})
}

// A bot that dies before it has stored the first pts of a channel is told of the
// channel by the account's difference. What was said before the bot could have
// missed it is not new.
func TestUnknownChannelThatTheDifferenceTellsOfIsLookedThrough(t *testing.T) {
	inBubble(t, func(t *testing.T, s *following) {
		told := &tg.UpdateChannelTooLong{ChannelID: 7}
		told.SetPts(500)
		s.account = func(context.Context, *tg.UpdatesGetDifferenceRequest) (tg.UpdatesDifferenceClass, error) {
			return &tg.UpdatesDifference{
				OtherUpdates: []tg.UpdateClass{told}, State: tg.UpdatesState{Pts: 10, Qts: 3, Date: 1001, Seq: 1},
			}, nil
		}
		s.channel = func(context.Context, int64, int) (tg.UpdatesChannelDifferenceClass, error) {
			old, new := post(1, 7), post(2, 7)
			old.Date, new.Date = 999, 1000
			return &tg.UpdatesChannelDifference{Final: true, Pts: 500, NewMessages: []tg.MessageClass{old, new}}, nil
		}
		s.run()
		s.asks("difference 10 3", "channel 7 1")
		s.handles("message 2")
		s.push(posted(3, 7, 501))
		s.handles("message 3")
	})
}

// The manager's loop waited for a channel that was waiting for its difference, and
// everybody with it. A call that is never answered ends after a minute.
func TestSlowChannelHoldsUpNobody(t *testing.T) {
	inBubble(t, func(t *testing.T, s *following) {
		for id := int64(1); id <= 9; id++ {
			s.knows(id, 5)
		}
		var answers atomic.Bool
		s.channel = func(ctx context.Context, id int64, pts int) (tg.UpdatesChannelDifferenceClass, error) {
			if id <= atOnce && !answers.Load() {
				<-ctx.Done()
				return nil, ctx.Err()
			}
			return &tg.UpdatesChannelDifferenceEmpty{Final: true, Pts: max(pts, 5)}, nil
		}
		s.run()
		for pts := 6; pts < 50; pts++ {
			s.push(posted(pts, 1, pts))
		}
		s.push(private(1, 11))
		s.handles("message 1")
		time.Sleep(fetchWait + time.Second) // the four give way to the other five
		answers.Store(true)
		s.push(posted(6, 9, 6))
		s.handles("message 6")
		time.Sleep(fetchWait)
		synctest.Wait()
		if s.channelPts(1) != 49 {
			t.Errorf("the slow channel has come to %d, want 49", s.channelPts(1))
		}
	})
}

// github.com/gotd/td/issues/1852: the manager took nothing from a channel until a
// timeout was over that is for those who look at it.
func TestTimeoutOfADifferenceMakesNobodyDeaf(t *testing.T) {
	inBubble(t, func(t *testing.T, s *following) {
		s.knows(7, 5)
		s.channel = func(_ context.Context, _ int64, pts int) (tg.UpdatesChannelDifferenceClass, error) {
			d := &tg.UpdatesChannelDifferenceEmpty{Final: true, Pts: pts}
			d.SetTimeout(300)
			return d, nil
		}
		s.run()
		s.push(posted(1, 7, 6), posted(3, 7, 8)) // 7 is missing
		time.Sleep(gapWait + time.Millisecond)
		s.push(posted(2, 7, 7))
		s.handles("message 1", "message 2", "message 3")
		s.asks("difference 10 3", "channel 7 5", "channel 7 6")
	})
}

func TestChannelThatTheBotLostIsLeftToWhatIsPushed(t *testing.T) {
	inBubble(t, func(t *testing.T, s *following) {
		s.knows(7, 5)
		s.channel = func(context.Context, int64, int) (tg.UpdatesChannelDifferenceClass, error) {
			return nil, tgerr.New(400, "CHANNEL_PRIVATE")
		}
		s.run()
		s.push(posted(9, 7, 9)) // it was let in again
		time.Sleep(2 * gapWait)
		s.handles("message 9")
		s.push(posted(10, 7, 10))
		s.handles("message 10")
		s.asks("difference 10 3", "channel 7 5", "channel 7 5")
	})
}
