package session

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gotd/log"
	"github.com/gotd/td/tg"
)

// lines is a logger that keeps what it is told.
type lines struct {
	mu   sync.Mutex
	list []string
}

func (l *lines) Enabled(context.Context, log.Level) bool { return true }

func (l *lines) Log(_ context.Context, level log.Level, msg string, attrs ...log.Attr) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, a := range attrs {
		msg += fmt.Sprintf(" %s=%v", a.Key, a.Value)
	}
	l.list = append(l.list, fmt.Sprintf("%v %s", level, msg))
}

// A handler that fails is called again, with longer pauses, and then the update is
// let go and everybody is told which it was. It holds up no pts, and what comes
// after it in the chat is handled after it.
func TestFailingHandlerIsCalledAgainAndThenLetGo(t *testing.T) {
	inBubble(t, func(t *testing.T, s *following) {
		var mu sync.Mutex
		var failures []Failure
		s.m.file.write.opts.OnFailure = func(f Failure) {
			mu.Lock()
			defer mu.Unlock()
			failures = append(failures, f)
		}
		logged := &lines{}
		s.m.lanes.log = log.For(logged)
		wrong := errors.New("never works")
		calls := map[string][]time.Duration{}
		began := time.Now()
		s.handler = func(_ context.Context, u tg.UpdateClass) error {
			mu.Lock()
			defer mu.Unlock()
			what := label(u)
			calls[what] = append(calls[what], time.Since(began))
			switch {
			case what == "message 1":
				return wrong
			case what == "message 2" && len(calls[what]) == 1:
				panic("works the second time")
			case what == "message 9":
				panic(wrong)
			}
			return nil
		}
		s.knows(7, 5)
		s.run()
		s.push(private(1, 11), private(2, 12), private(3, 13), posted(9, 7, 6))
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if got := fmt.Sprint(calls); got != "map[message 1:[0s 50ms 550ms] message 2:[550ms 600ms] message 3:[600ms] message 9:[0s 50ms 550ms]]" {
			t.Errorf("calls are %s", got)
		}
		if s.pts() != 13 || s.channelPts(7) != 6 {
			t.Errorf("pts %d and %d are storable: what was let go holds up nothing", s.pts(), s.channelPts(7))
		}
		last, ok := s.m.LastFailure()
		if s.m.Stats().Failed != 2 || len(failures) != 2 || !ok || !errors.Is(last.Err, wrong) {
			t.Fatalf("%d failed, told %+v, the last is %+v", s.m.Stats().Failed, failures, last)
		}
		for _, f := range failures {
			panicked, isPanic := errors.AsType[*PanicError](f.Err)
			switch f.Chat {
			case UserID(1):
				if f.Message != 1 || isPanic || f.Attempts != attempts {
					t.Errorf("told %+v", f)
				}
			case ChannelID(7):
				if f.Message != 9 || !isPanic || !strings.Contains(string(panicked.Stack), "failure_test.go") {
					t.Errorf("told %+v", f)
				}
			default:
				t.Errorf("told of %v", f.Chat)
			}
		}
		all := strings.Join(logged.list, "\n")
		for _, want := range []string{
			"update=updateNewMessage chat=user 1 message=1 attempts=3 error=never works",
			"update=updateNewChannelMessage chat=channel 7 message=9 attempts=3 error=handler panicked: never works stack=",
		} {
			if strings.Count(all, want) != 1 {
				t.Errorf("the log tells %q %d times:\n%s", want, strings.Count(all, want), all)
			}
		}
	})
}

// An update whose handler was at work when the run ended was not let go: it comes
// again.
func TestHandlerThatEndsWithTheRunHasNotFailed(t *testing.T) {
	inBubble(t, func(t *testing.T, s *following) {
		s.handler = func(ctx context.Context, _ tg.UpdateClass) error {
			<-ctx.Done()
			return ctx.Err()
		}
		s.run()
		s.push(private(1, 11))
		s.cancel()
		if err := <-s.ended; !errors.Is(err, context.Canceled) {
			t.Errorf("the run ended: %v", err)
		}
		s.cancel = nil
		if s.m.Stats().Failed != 0 || s.pts() != 10 {
			t.Errorf("%d failed, pts %d is storable", s.m.Stats().Failed, s.pts())
		}
	})
}
