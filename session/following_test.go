package session

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/telegram"
	"github.com/gotd/td/telegram/updates"
	"github.com/gotd/td/tg"
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
			what = fmt.Sprintf("%s in %d", what, logOf(update))
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
	case *tg.UpdateBotStopped:
		if u.Date == 0 {
			return u.TypeName()
		}
		return fmt.Sprintf("stop %d", u.Date)
	default:
		return u.(interface{ TypeName() string }).TypeName()
	}
}

func message(id int) *tg.Message { return &tg.Message{ID: id, PeerID: &tg.PeerUser{UserID: 1}} }

func private(id, pts int) tg.UpdateClass {
	return &tg.UpdateNewMessage{Message: message(id), Pts: pts, PtsCount: 1}
}

func post(id int, channel int64) *tg.Message {
	return &tg.Message{ID: id, PeerID: &tg.PeerChannel{ChannelID: channel}, Date: 1_000_000}
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
