package bot

import (
	"context"
	"sync"

	"github.com/f48b34c0/seen/internal/answer"
)

// flights are the look-ups of names that are being made. Whoever has the same one
// waits for the same answer, because look-ups are few a day. An error reaches
// everybody who waits, and nobody who asks later.
//
// The zero value is ready for use.
type flights struct {
	mu  sync.Mutex
	now map[string]*flight
}

// flight is one question. It belongs to all who wait for it: the last one who
// leaves ends it.
type flight struct {
	waiting int
	cancel  context.CancelFunc
	done    chan struct{}
	err     error
}

// do calls ask, or waits for the call of somebody else with the same key.
func (f *flights) do(ctx context.Context, key string, ask func(context.Context) error) error {
	c := f.join(ctx, key, ask)
	select {
	case <-c.done:
	case <-ctx.Done():
	}
	f.mu.Lock()
	c.waiting--
	last := c.waiting == 0
	if last && f.now[key] == c {
		delete(f.now, key) // who comes now must not join what is being ended
	}
	f.mu.Unlock()
	if last {
		c.cancel()
		<-c.done
	}
	select {
	case <-c.done:
		return c.err
	default:
		return answer.Errorf(answer.Interrupted, "interrupted: %w", ctx.Err())
	}
}

// join returns the flight of the key, and starts one if there is none.
func (f *flights) join(ctx context.Context, key string, ask func(context.Context) error) *flight {
	f.mu.Lock()
	defer f.mu.Unlock()
	if c := f.now[key]; c != nil {
		c.waiting++
		return c
	}
	// It outlives the one who has started it if others wait.
	shared, cancel := context.WithCancel(context.WithoutCancel(ctx))
	c := &flight{waiting: 1, cancel: cancel, done: make(chan struct{})}
	if f.now == nil {
		f.now = map[string]*flight{}
	}
	f.now[key] = c
	go func() { // whoever waits last waits for its end
		defer close(c.done)
		c.err = ask(shared)
		f.mu.Lock()
		defer f.mu.Unlock()
		if f.now[key] == c {
			delete(f.now, key)
		}
	}()
	return c
}
