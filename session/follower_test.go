package session

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/telegram"
	"github.com/gotd/td/telegram/updates"
	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"
)

// following is a follower in a bubble of synthetic time, whose server is a test.
type following struct {
	t      *testing.T
	m      *Memory
	f      *follower
	cancel context.CancelFunc
	ended  chan error

	mu      sync.Mutex
	handled []string // what the handler saw, as label tells it
	places  bool     // and where
	asked   []string // the calls that the server got

	// account and channel answer the calls for differences.
	account func(ctx context.Context, r *tg.UpdatesGetDifferenceRequest) (tg.UpdatesDifferenceClass, error)
	channel func(ctx context.Context, id int64, pts int) (tg.UpdatesChannelDifferenceClass, error)
	// handler may hold up what it is given.
	handler func(ctx context.Context, u tg.UpdateClass) error
}

// inBubble runs test in a bubble. The account begins at pts 10 and qts 3, and there
// is nothing new.
func inBubble(t *testing.T, test func(t *testing.T, s *following)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		file, err := Open(t.TempDir()+"/bot.session", nil)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = file.Close() }()
		if err := file.state.SetState(t.Context(), 0, updates.State{Pts: 10, Qts: 3, Date: 1000, Seq: 1}); err != nil {
			t.Fatal(err)
		}
		s := &following{t: t, ended: make(chan error, 1)}
		s.account = func(_ context.Context, r *tg.UpdatesGetDifferenceRequest) (tg.UpdatesDifferenceClass, error) {
			return &tg.UpdatesDifferenceEmpty{Date: r.Date, Seq: 1}, nil
		}
		s.channel = func(_ context.Context, _ int64, pts int) (tg.UpdatesChannelDifferenceClass, error) {
			return &tg.UpdatesChannelDifferenceEmpty{Final: true, Pts: pts}, nil
		}
		s.m = file.Wire(&telegram.Options{})
		test(t, s)
		if s.cancel != nil {
			s.cancel()
			if err := <-s.ended; !errors.Is(err, context.Canceled) {
				t.Errorf("the follower ended: %v", err)
			}
		}
	})
}

// Invoke answers for the server.
func (s *following) Invoke(ctx context.Context, input bin.Encoder, output bin.Decoder) error {
	switch r := input.(type) {
	case *tg.UpdatesGetDifferenceRequest:
		s.note(&s.asked, fmt.Sprintf("difference %d %d", r.Pts, r.Qts))
		d, err := s.account(ctx, r)
		output.(*tg.UpdatesDifferenceBox).Difference = d
		return err
	case *tg.UpdatesGetChannelDifferenceRequest:
		id := r.Channel.(*tg.InputChannel).ChannelID
		s.note(&s.asked, fmt.Sprintf("channel %d %d", id, r.Pts))
		d, err := s.channel(ctx, id, r.Pts)
		output.(*tg.UpdatesChannelDifferenceBox).ChannelDifference = d
		return err
	case *tg.UpdatesGetStateRequest:
		s.note(&s.asked, "state")
		*output.(*tg.UpdatesState) = tg.UpdatesState{Pts: 100, Qts: 3, Date: 2000, Seq: 1}
		return nil
	}
	return fmt.Errorf("the follower calls %T", input)
}

func (s *following) note(list *[]string, what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	*list = append(*list, what)
}

// run starts it and waits until nothing happens any more.
func (s *following) run() {
	s.f = newFollower(tg.NewClient(s), s.m)
	s.m.lanes.reset(telegram.UpdateHandlerFunc(func(ctx context.Context, u tg.UpdatesClass) error {
		update := u.(*tg.Updates).Updates[0]
		if s.handler != nil {
			if err := s.handler(ctx, update); err != nil {
				return err
			}
		}
		what := label(update)
		if s.places {
			what = fmt.Sprintf("%s in %d", what, max(0, chatOf(update).Num*int64(chatOf(update).Kind/Channel)))
		}
		s.note(&s.handled, what)
		return nil
	}), s.f.eased)
	ctx, cancel := context.WithCancel(s.t.Context())
	s.cancel = cancel
	var lanes sync.WaitGroup
	lanes.Go(func() { _ = s.m.lanes.run(ctx) })
	go func() {
		err := s.f.run(ctx, s.m.intake, func() {})
		cancel()
		lanes.Wait()
		s.ended <- err
	}()
	synctest.Wait()
}

func (s *following) push(list ...tg.UpdateClass) {
	for _, u := range list {
		s.m.intake.pushed(&tg.UpdateShort{Update: u})
	}
	synctest.Wait()
}

// wants compares what was handled since the last time, or what was asked.
func (s *following) wants(list *[]string, want ...string) {
	s.t.Helper()
	synctest.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	if !slices.Equal(*list, want) {
		s.t.Errorf("got %q, want %q", *list, want)
	}
	*list = nil
}

// asks compares what was asked since the last time, in any order: streams ask at
// once.
func (s *following) asks(want ...string) {
	s.t.Helper()
	synctest.Wait()
	s.mu.Lock()
	slices.Sort(s.asked)
	s.mu.Unlock()
	slices.Sort(want)
	s.wants(&s.asked, want...)
}

// handles compares what was handled since the last time.
func (s *following) handles(want ...string) {
	s.t.Helper()
	s.wants(&s.handled, want...)
}

func (s *following) pts() int {
	st, _, _ := s.m.file.state.GetState(s.t.Context(), 0)
	return st.Pts
}

func (s *following) channelPts(id int64) int {
	pts, _, err := s.m.file.state.GetChannelPts(s.t.Context(), 0, id)
	if err != nil {
		s.t.Error(err)
	}
	return pts
}

// label names an update: by the message's id, if it is about one.
func label(u tg.UpdateClass) string {
	switch u := u.(type) {
	case interface{ GetMessage() tg.MessageClass }:
		m := u.GetMessage().(*tg.Message)
		what := "message"
		switch u.(type) {
		case *tg.UpdateEditMessage, *tg.UpdateEditChannelMessage:
			what = "edit"
		}
		return fmt.Sprintf("%s %d", what, m.ID)
	default:
		return u.(interface{ TypeName() string }).TypeName()
	}
}

func message(id int) *tg.Message { return &tg.Message{ID: id, PeerID: &tg.PeerUser{UserID: 1}} }

func private(id, pts int) tg.UpdateClass {
	return &tg.UpdateNewMessage{Message: message(id), Pts: pts, PtsCount: 1}
}

func post(id int, channel int64) *tg.Message {
	return &tg.Message{ID: id, PeerID: &tg.PeerChannel{ChannelID: channel}}
}

func posted(id int, channel int64, pts int) tg.UpdateClass {
	return &tg.UpdateNewChannelMessage{Message: post(id, channel), Pts: pts, PtsCount: 1}
}

func (s *following) knows(channel int64, pts int) {
	s.t.Helper()
	if err := s.m.file.state.SetChannelPts(s.t.Context(), 0, channel, pts); err != nil {
		s.t.Fatal(err)
	}
	if err := s.m.file.Flush(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

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
		s.asks("difference 10 3")
		if s.channelPts(7) != 24 {
			t.Errorf("the channel's pts is %d", s.channelPts(7))
		}
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
		answers := false
		s.channel = func(ctx context.Context, id int64, pts int) (tg.UpdatesChannelDifferenceClass, error) {
			if id <= atOnce && !answers {
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
		answers = true
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

// The manager kept what lay beyond a gap for ever.
func TestGapThatIsNeverClosedTakesNoMemory(t *testing.T) {
	inBubble(t, func(t *testing.T, s *following) {
		s.knows(7, 5)
		s.run()
		for n := range 20 * maxEarly {
			s.m.intake.pushed(&tg.UpdateShort{Update: private(n, 1_000_000+2*n)})
			s.m.intake.pushed(&tg.UpdateShort{Update: posted(n, 7, 1_000_000+2*n)})
			s.m.intake.pushed(&tg.UpdateShort{Update: posted(n, 8, 1_000_000+2*n)})
			if n%100 == 0 {
				synctest.Wait()
			}
		}
		synctest.Wait()
		for _, list := range [][]arrival{s.f.account.pts.early, s.f.channels[7].series.early, s.f.channels[8].series.early} {
			if len(list) > maxEarly {
				t.Errorf("%d updates are kept", len(list))
			}
		}
		s.cancel() // and no more differences than there is time for
		if len(s.asked) > 200 {
			t.Errorf("%d calls", len(s.asked))
		}
	})
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
		{tgerr.New(420, "FLOOD_WAIT_300"), 301 * time.Second},
	} {
		t.Run(tt.err.Error(), func(t *testing.T) {
			inBubble(t, func(t *testing.T, s *following) {
				s.knows(7, 5)
				calls := map[string]int{}
				fail := func(who string) error {
					if calls[who]++; calls[who] < 2 {
						return tt.err
					}
					return nil
				}
				s.account = func(_ context.Context, r *tg.UpdatesGetDifferenceRequest) (tg.UpdatesDifferenceClass, error) {
					return &tg.UpdatesDifference{
						NewMessages: []tg.MessageClass{message(1)}, State: tg.UpdatesState{Pts: 11, Qts: 3, Date: 1, Seq: 1},
					}, fail("account")
				}
				s.channel = func(context.Context, int64, int) (tg.UpdatesChannelDifferenceClass, error) {
					return &tg.UpdatesChannelDifference{Final: true, Pts: 6, NewMessages: []tg.MessageClass{post(2, 7)}}, fail("channel")
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

// Beyond the bound pushed updates are not taken, and fetched when the handlers have
// caught up. A channel has a bound of its own, so one slow chat fills no other's.
func TestSlowHandlersPutOffTheirOwnUpdatesOnly(t *testing.T) {
	inBubble(t, func(t *testing.T, s *following) {
		s.knows(7, 5)
		slow := make(chan struct{})
		s.handler = func(ctx context.Context, u tg.UpdateClass) error {
			if _, ok := u.(*tg.UpdateNewChannelMessage); ok {
				select {
				case <-slow:
				case <-ctx.Done():
				}
			}
			return nil
		}
		s.run()
		s.channel = func(_ context.Context, _ int64, pts int) (tg.UpdatesChannelDifferenceClass, error) {
			var list []tg.MessageClass
			for n := pts + 1; n <= 5+2*channelPressure; n++ {
				list = append(list, post(n, 7))
			}
			return &tg.UpdatesChannelDifference{Final: true, Pts: 5 + 2*channelPressure, NewMessages: list}, nil
		}
		for n := 6; n <= 5+2*channelPressure; n++ {
			s.push(posted(n, 7, n))
		}
		s.push(private(1, 11))
		s.handles("message 1")
		if st := s.m.Stats(); st.Dropped != channelPressure || s.m.lanes.len() != channelPressure {
			t.Errorf("dropped %d, %d wait, want %d of each", st.Dropped, s.m.lanes.len(), channelPressure)
		}
		s.asks("difference 10 3", "channel 7 5")
		close(slow)
		synctest.Wait()
		s.asks(fmt.Sprintf("channel 7 %d", 5+channelPressure))
		for n := range s.handled {
			if want := fmt.Sprintf("message %d", 6+n); s.handled[n] != want {
				t.Fatalf("%s was handled in the place of %s", s.handled[n], want)
			}
		}
		if len(s.handled) != 2*channelPressure {
			t.Errorf("handled %d of %d", len(s.handled), 2*channelPressure)
		}
	})
}

// What nothing counts cannot be put off, so it is lost, and counted.
func TestUncountedUpdatesBeyondTheBoundAreCountedAsLost(t *testing.T) {
	inBubble(t, func(t *testing.T, s *following) {
		s.handler = func(ctx context.Context, u tg.UpdateClass) error {
			<-ctx.Done()
			return ctx.Err()
		}
		s.run()
		for n := range pressure + 5 {
			s.push(&tg.UpdateBotInlineQuery{QueryID: int64(n), UserID: int64(n)})
		}
		if st := s.m.Stats(); st.Lost != 5 || st.Dropped != 0 {
			t.Errorf("lost %d, dropped %d; want 5 and 0", st.Lost, st.Dropped)
		}
	})
}
