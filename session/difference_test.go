package session

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"
)

// github.com/gotd/td/issues/1853: the manager lost edits in a difference. All that
// the account counts is handled, messages first; what a channel counts goes to it.
func TestEditInADifferenceIsHandled(t *testing.T) {
	inBubble(t, func(t *testing.T, s *following) {
		s.knows(7, 5)
		s.account = func(_ context.Context, r *tg.UpdatesGetDifferenceRequest) (tg.UpdatesDifferenceClass, error) {
			return &tg.UpdatesDifference{
				NewMessages: []tg.MessageClass{message(1)},
				OtherUpdates: []tg.UpdateClass{
					&tg.UpdateEditMessage{Message: message(1), Pts: 13, PtsCount: 1},
					&tg.UpdateBotStopped{UserID: 1, Stopped: true, Qts: 4},
					posted(9, 7, 6),
				},
				State: tg.UpdatesState{Pts: 13, Qts: 4, Date: 1001, Seq: 1},
			}, nil
		}
		s.run()
		s.mu.Lock() // chats are handled at once
		i := slices.Index(s.handled, "message 9")
		s.handled = append(slices.Delete(s.handled, i, i+1), "message 9")
		s.mu.Unlock()
		s.handles("message 1", "edit 1", "updateBotStopped", "message 9")
		if s.pts() != 13 || s.channelPts(7) != 6 {
			t.Errorf("pts is %d, that of the channel %d", s.pts(), s.channelPts(7))
		}
		s.push(private(2, 14))
		s.handles("message 2")
	})
}

// The manager asked for slices as long as the server sent them, each from inside
// the last. Here a slice that does not lead on is the last, and one that does is
// asked for from where it leads.
func TestDifferenceWithoutAnEndEnds(t *testing.T) {
	for _, tt := range []struct {
		name  string
		by    int // how far each answer leads
		calls int
	}{
		{"stands still", 0, 1},
		{"goes back", -1, 1},
		{"goes on", 1, 5001},
		{"swings", 0, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, kind := range []string{"slice", "too long", "channel"} {
				inBubble(t, func(t *testing.T, s *following) {
					const deep = 5000
					calls := 0
					s.account = func(_ context.Context, r *tg.UpdatesGetDifferenceRequest) (tg.UpdatesDifferenceClass, error) {
						if kind == "channel" {
							return &tg.UpdatesDifferenceEmpty{Date: 1, Seq: 1}, nil
						}
						if calls++; calls > deep {
							return &tg.UpdatesDifferenceEmpty{Date: 1, Seq: 1}, nil
						}
						if tt.name == "swings" && kind == "slice" { // what one gains the other loses
							to := tg.UpdatesState{Pts: r.Pts + 1, Qts: r.Qts - 1, Date: calls, Seq: 1}
							if calls%2 == 0 {
								to.Pts, to.Qts = r.Pts-1, r.Qts+1
							}
							return &tg.UpdatesDifferenceSlice{IntermediateState: to}, nil
						}
						if kind == "slice" {
							return &tg.UpdatesDifferenceSlice{IntermediateState: tg.UpdatesState{Pts: r.Pts + tt.by, Qts: r.Qts, Date: calls, Seq: 1}}, nil
						}
						return &tg.UpdatesDifferenceTooLong{Pts: r.Pts + tt.by}, nil
					}
					s.channel = func(_ context.Context, _ int64, pts int) (tg.UpdatesChannelDifferenceClass, error) {
						calls++
						return &tg.UpdatesChannelDifference{Final: calls > deep, Pts: pts + tt.by}, nil
					}
					if kind == "channel" {
						s.knows(7, 5)
					}
					s.run()
					if calls != tt.calls {
						t.Errorf("%s: %d calls, want %d", kind, calls, tt.calls)
					}
				})
			}
		})
	}
}

// The manager logged a difference that failed, and asked again after a quarter of
// an hour. A flood wait is waited for, by nobody else.
func TestDifferenceThatFailsIsAskedForAgain(t *testing.T) {
	for _, tt := range []struct {
		err  error
		wait time.Duration
	}{
		{tgerr.New(500, "INTERNAL"), time.Second},
		{errors.New("connection reset"), time.Second},
		{fmt.Errorf("wait for reconnect: %w", context.Canceled), time.Second},
		{tgerr.New(420, "FLOOD_WAIT_300"), 301 * time.Second},
	} {
		t.Run(tt.err.Error(), func(t *testing.T) {
			inBubble(t, func(t *testing.T, s *following) {
				s.knows(7, 5)
				var account, channel int // they are asked for at once
				fail := func(calls *int) error {
					if *calls++; *calls < 2 {
						return tt.err
					}
					return nil
				}
				s.account = func(_ context.Context, r *tg.UpdatesGetDifferenceRequest) (tg.UpdatesDifferenceClass, error) {
					return &tg.UpdatesDifference{
						NewMessages: []tg.MessageClass{message(1)}, State: tg.UpdatesState{Pts: 11, Qts: 3, Date: 1, Seq: 1},
					}, fail(&account)
				}
				s.channel = func(_ context.Context, id int64, pts int) (tg.UpdatesChannelDifferenceClass, error) {
					if id != 7 {
						return &tg.UpdatesChannelDifferenceEmpty{Final: true, Pts: pts}, nil
					}
					return &tg.UpdatesChannelDifference{Final: true, Pts: 6, NewMessages: []tg.MessageClass{post(2, 7)}}, fail(&channel)
				}
				s.run()
				s.handles()
				s.push(posted(3, 8, 3)) // of a channel that is met meanwhile
				time.Sleep(gapWait)
				if tt.wait > time.Second {
					s.handles("message 3")
				}
				time.Sleep(tt.wait)
				synctest.Wait()
				if s.pts() != 11 || s.channelPts(7) != 6 {
					t.Errorf("after %s: pts %d and %d", tt.wait, s.pts(), s.channelPts(7))
				}
			})
		})
	}
}

// A push while a failed difference waits to be asked for again must not make it
// forgotten.
func TestPushDoesNotCallOffADifferenceThatFailed(t *testing.T) {
	inBubble(t, func(t *testing.T, s *following) {
		failed := false
		s.account = func(_ context.Context, r *tg.UpdatesGetDifferenceRequest) (tg.UpdatesDifferenceClass, error) {
			if !failed {
				failed = true
				return nil, errors.New("connection reset")
			}
			return &tg.UpdatesDifferenceEmpty{Date: 1, Seq: 1}, nil
		}
		s.run()
		s.push(private(1, 11))
		time.Sleep(time.Second)
		s.asks("difference 10 3", "difference 11 3")
	})
}

func TestDeadSessionEndsTheFollower(t *testing.T) {
	inBubble(t, func(t *testing.T, s *following) {
		s.account = func(context.Context, *tg.UpdatesGetDifferenceRequest) (tg.UpdatesDifferenceClass, error) {
			return nil, tgerr.New(401, "AUTH_KEY_UNREGISTERED")
		}
		s.run()
		if err := <-s.ended; !tgerr.Is(err, "AUTH_KEY_UNREGISTERED") {
			t.Errorf("it ended with %v", err)
		}
		s.cancel = nil
	})
}

// A server that does not know where the bot is, because it is a copy of itself or
// the file is one, left the manager silent for ever.
func TestStateThatTheServerRefusesIsBegunAnew(t *testing.T) {
	inBubble(t, func(t *testing.T, s *following) {
		s.account = func(_ context.Context, r *tg.UpdatesGetDifferenceRequest) (tg.UpdatesDifferenceClass, error) {
			return nil, tgerr.New(400, "PERSISTENT_TIMESTAMP_INVALID")
		}
		s.run()
		s.asks("difference 10 3", "state")
		s.push(private(1, 101))
		s.handles("message 1")
		if n := s.m.Stats().Skipped; n != 1 {
			t.Errorf("skipped %d times", n)
		}
	})
}

// Whatever a server counts is above zero, and where a channel is it has to tell.
func TestCountersThatCannotBeAreNotBelieved(t *testing.T) {
	for _, below := range []tg.UpdatesDifferenceClass{
		&tg.UpdatesDifference{State: tg.UpdatesState{Pts: -5, Qts: -5, Date: -5, Seq: -5}},
		&tg.UpdatesDifferenceSlice{IntermediateState: tg.UpdatesState{Pts: -5, Qts: -5, Date: -5, Seq: -5}},
		&tg.UpdatesDifferenceTooLong{Pts: -5},
	} {
		inBubble(t, func(t *testing.T, s *following) {
			s.knows(7, 5)
			s.account = func(context.Context, *tg.UpdatesGetDifferenceRequest) (tg.UpdatesDifferenceClass, error) {
				return below, nil
			}
			s.channel = func(context.Context, int64, int) (tg.UpdatesChannelDifferenceClass, error) {
				return &tg.UpdatesChannelDifferenceTooLong{Final: true, Dialog: &tg.Dialog{Peer: &tg.PeerChannel{ChannelID: 7}}}, nil
			}
			s.run()
			st, _, _ := s.m.file.state.GetState(t.Context(), 0)
			if st.Pts < 0 || st.Qts < 0 || st.Date < 0 || st.Seq < 0 || s.channelPts(7) != 5 {
				t.Errorf("after %T the state is %+v, that of the channel %d", below, st, s.channelPts(7))
			}
			s.asks("difference 10 3", "channel 7 5")
		})
	}
}
