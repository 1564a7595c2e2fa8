package fakedc_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"
	"testing"
	"time"

	"github.com/gotd/td/telegram"
	"github.com/gotd/td/telegram/updates"
	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/internal/fakedc"
)

// gotd's own gap manager has to find the server's sequences in order: what is said
// while the bot is away arrives once, and so does what is said while it is there.
func TestGotdsManagerMissesNothing(t *testing.T) {
	t.Parallel()
	s := serve(t, nil)
	var (
		mu      sync.Mutex
		texts   = map[string]int{}
		storage = agree().storage.Clone()
		known   = &memory{channels: map[int64]int{}, hashes: map[int64]int64{}}
	)
	run := func(during func(), want int) {
		t.Helper()
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		d := tg.NewUpdateDispatcher()
		note := func(m tg.MessageClass) error {
			mu.Lock()
			defer mu.Unlock()
			texts[fmt.Sprint(m.(*tg.Message).PeerID, m.(*tg.Message).Message)]++
			return nil
		}
		d.OnNewMessage(func(_ context.Context, _ tg.Entities, u *tg.UpdateNewMessage) error { return note(u.Message) })
		d.OnNewChannelMessage(func(_ context.Context, _ tg.Entities, u *tg.UpdateNewChannelMessage) error { return note(u.Message) })
		mgr := updates.New(updates.Config{Handler: d, Storage: known, AccessHasher: known, UserAccessHasher: known})
		tc := telegram.NewClient(1, "hash", clientTo(s, telegram.Options{SessionStorage: storage, UpdateHandler: mgr}))
		err := tc.Run(ctx, func(ctx context.Context) error {
			if status, err := tc.Auth().Status(ctx); err != nil {
				return err
			} else if !status.Authorized {
				if _, err := tc.Auth().Bot(ctx, fakedc.DemoToken); err != nil {
					return err
				}
			}
			started, finished := make(chan struct{}), make(chan error, 1)
			ctx, stop := context.WithCancel(ctx)
			defer stop()
			go func() {
				finished <- mgr.Run(ctx, tc.API(), fakedc.DemoBotID, updates.AuthOptions{
					IsBot: true, OnStart: func(context.Context) { close(started) },
				})
			}()
			select {
			case <-started:
			case err := <-finished:
				return err
			}
			during()
			for {
				mu.Lock()
				n := len(texts)
				mu.Unlock()
				if n >= want {
					break
				}
				select {
				case <-time.After(5 * time.Millisecond):
				case <-ctx.Done():
					return fmt.Errorf("%d of %d messages arrived: %w", n, want, ctx.Err())
				}
			}
			stop()
			if err := <-finished; !errors.Is(err, context.Canceled) {
				return err
			}
			return nil
		})
		if err != nil && !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	}
	crowd := func() { do(t, s, fakedc.Step{Do: "crowd", Count: 300, Chat: "friends", Mix: true}) }
	// gotd begins a supergroup that it does not know with whichever update it takes
	// first, and takes them out of order: one has to come alone.
	run(func() { do(t, s, fakedc.Step{Do: "write", Who: "bob", Chat: "friends", Text: "first"}) }, 1)
	crowd()
	run(crowd, 601)
	for text, n := range texts {
		if n != 1 {
			t.Errorf("%q arrived %d times", text, n)
		}
	}
}

// memory is updates.StateStorage, ChannelAccessHasher and UserAccessHasher of one
// account. For a bot everybody is known.
type memory struct {
	mu       sync.Mutex
	state    *updates.State
	channels map[int64]int
	hashes   map[int64]int64
}

func (m *memory) set(change func(*updates.State)) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.state == nil {
		return errors.New("no state")
	}
	change(m.state)
	return nil
}

func (m *memory) GetState(context.Context, int64) (updates.State, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.state == nil {
		return updates.State{}, false, nil
	}
	return *m.state, true, nil
}

func (m *memory) SetState(_ context.Context, _ int64, s updates.State) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.state = &s
	return nil
}

func (m *memory) SetPts(_ context.Context, _ int64, pts int) error {
	return m.set(func(s *updates.State) { s.Pts = pts })
}

func (m *memory) SetQts(_ context.Context, _ int64, qts int) error {
	return m.set(func(s *updates.State) { s.Qts = qts })
}

func (m *memory) SetDate(_ context.Context, _ int64, date int) error {
	return m.set(func(s *updates.State) { s.Date = date })
}

func (m *memory) SetSeq(_ context.Context, _ int64, seq int) error {
	return m.set(func(s *updates.State) { s.Seq = seq })
}

func (m *memory) SetDateSeq(_ context.Context, _ int64, date, seq int) error {
	return m.set(func(s *updates.State) { s.Date, s.Seq = date, seq })
}

func (m *memory) GetChannelPts(_ context.Context, _, id int64) (int, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	pts, ok := m.channels[id]
	return pts, ok, nil
}

func (m *memory) SetChannelPts(_ context.Context, _, id int64, pts int) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.channels[id] = pts
	return nil
}

func (m *memory) ForEachChannels(ctx context.Context, _ int64, f func(context.Context, int64, int) error) error {
	m.mu.Lock()
	channels := maps.Clone(m.channels)
	m.mu.Unlock()
	for id, pts := range channels {
		if err := f(ctx, id, pts); err != nil {
			return err
		}
	}
	return nil
}

func (m *memory) SetChannelAccessHash(_ context.Context, _, id, hash int64) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.hashes[id] = hash
	return nil
}

func (m *memory) GetChannelAccessHash(_ context.Context, _, id int64) (int64, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	hash, ok := m.hashes[id]
	return hash, ok, nil
}

func (m *memory) SetUserAccessHash(context.Context, int64, int64, int64) error { return nil }

func (m *memory) GetUserAccessHash(context.Context, int64, int64) (int64, bool, error) {
	return 0, true, nil
}
