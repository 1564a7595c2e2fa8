package bot

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/internal/fakedc"
)

// Behaviors C40 and C41.
func TestLookUpsOfOneNameAtOnceAreOneRequest(t *testing.T) {
	s := newSearcher(t)
	together := func(count int, ref string) []error {
		var wg sync.WaitGroup
		errs := make([]error, count)
		for i := range count {
			wg.Go(func() { _, errs[i] = s.Resolve(t.Context(), answer.ResolveRequest{Ref: ref}) })
		}
		wg.Wait()
		return errs
	}
	slow := fakedc.Step{Do: "fault", Method: "contacts.resolveUsername", For: "200ms", Count: 1}
	s.tell(slow)
	if err := errors.Join(together(8, "@carol")...); err != nil {
		t.Error(err)
	}
	s.wantCalls(asked{names: 1})

	// A failure reaches all who wait, and nobody who comes later.
	slow.Error = "FLOOD_WAIT_30"
	s.tell(slow)
	for _, err := range together(8, "@ann") {
		if answer.From(err).Code != answer.FloodWait {
			t.Errorf("got %v", err)
		}
	}
	s.wantCalls(asked{names: 2})
	s.ahead += 30 * time.Second // or the server would not be asked
	s.wantPeer("@ann", 1001, fromServer)
	s.wantCalls(asked{names: 3})
}

func TestWhoLeavesAQuestionEndsItOnlyForThemselves(t *testing.T) {
	var f flights
	started, answered, ended := make(chan struct{}), make(chan struct{}), make(chan struct{})
	ask := func(ctx context.Context) error {
		close(started)
		defer close(ended)
		select {
		case <-answered:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	first, leave := context.WithCancel(t.Context())
	left, stayed := make(chan error, 1), make(chan error, 1)
	go func() { left <- f.do(first, "x", ask) }()
	<-started
	go func() { stayed <- f.do(t.Context(), "x", ask) }() // a second call of ask would panic
	for f.waiting("x") != 2 {
		time.Sleep(time.Millisecond)
	}
	leave()
	if err := <-left; answer.From(err).Code != answer.Interrupted {
		t.Errorf("who left: %v", err)
	}
	close(answered)
	if err := <-stayed; err != nil {
		t.Errorf("who stayed: %v", err)
	}

	// The last one who leaves takes the question along.
	started, answered, ended = make(chan struct{}), make(chan struct{}), make(chan struct{})
	last, leave := context.WithCancel(t.Context())
	go func() { <-started; leave() }()
	if err := f.do(last, "x", ask); err == nil {
		t.Error("no error")
	}
	select {
	case <-ended:
	default:
		t.Error("the question outlives everybody who asked it")
	}
}

func (f *flights) waiting(key string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	if c := f.now[key]; c != nil {
		return c.waiting
	}
	return 0
}
