package session

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/tg"
	"github.com/gotd/td/transport"
)

// reading is a connection on which there is always something to read.
type reading struct {
	transport.Conn
	size int
}

func (r reading) Recv(_ context.Context, b *bin.Buffer) error {
	b.ResetN(r.size)
	return nil
}

// takes returns how long it takes to read a message.
func takes(t *testing.T, b *brake) time.Duration {
	t.Helper()
	began := time.Now()
	if err := b.Recv(t.Context(), &bin.Buffer{}); err != nil {
		t.Fatal(err)
	}
	return time.Since(began).Round(10 * brakeStep)
}

func TestABrakeWaitsUntilLessIsWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var behind time.Time // until then
		b := &brake{Conn: reading{size: 100}, behind: func() bool { return time.Now().Before(behind) }, running: func() int { return 5 }}
		for i, step := range []struct{ behind, pause, want time.Duration }{
			{0, 0, 0},
			{200 * time.Millisecond, 0, 200 * time.Millisecond},
			{0, 0, 0},
			{time.Minute, 0, behindWait}, // it was of no use,
			{time.Minute, 0, 0},          // and is not repeated
			{time.Minute, 0, 0},
			{0, 0, 0}, // before all is well
			{300 * time.Millisecond, 0, 300 * time.Millisecond},
		} {
			behind = time.Now().Add(step.behind)
			if got := takes(t, b); got != step.want {
				t.Errorf("step %d: waited %v, want %v", i, got, step.want)
			}
		}
	})
}

func TestABrakeWaitsForHeavyMessages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const most = heavy * perByte
		var handled time.Time // then the handlers end
		rest, busy := 5, 0
		b := &brake{behind: func() bool { return false }, rest: rest, running: func() int {
			if time.Now().Before(handled) {
				return rest + busy
			}
			return rest
		}}
		for i, step := range []struct {
			size, rest, busy int
			takes, want      time.Duration
		}{
			{heavy, 5, 0, 0, 0},
			{heavy, 5, inTheWorks, time.Second, 0},
			{heavy, 5, inTheWorks + 1, 3 * time.Millisecond, 3 * time.Millisecond},
			{heavy - 1, 5, 0, 0, 0},
			{heavy, 5, 9, time.Second, 0}, // the one before was light
			{heavy, 5, 9, time.Second, most.Round(10 * brakeStep)},
			{heavy, 5 + 9, inTheWorks, time.Second, 0}, // others have come to stay
			{heavy, 3, 0, 0, 0},                        // and gone
			{heavy, 3, inTheWorks + 1, 2 * time.Millisecond, 2 * time.Millisecond},
			{100, 3, 0, 0, 0},
			{100, 8, 0, calm, 0}, // in a burst a light one tells nothing,
			{heavy, 8, 0, 0, 0},
			{100, 8, inTheWorks + 1, 2 * time.Millisecond, most.Round(10 * brakeStep)},
		} {
			b.Conn, rest, busy, handled = reading{size: step.size}, step.rest, step.busy, time.Now().Add(step.takes)
			if got := takes(t, b); got != step.want {
				t.Errorf("step %d: waited %v, want %v", i, got, step.want)
			}
		}
		// When it is over, whoever is there is taken to be at rest.
		time.Sleep(2 * calm)
		rest = 50
		for range 2 {
			b.Conn = reading{size: heavy}
			if got := takes(t, b); got != 0 {
				t.Errorf("after a burst it waited %v", got)
			}
		}
	})
}

func TestABrakeLetsGoWhenAConnectionEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
		defer cancel()
		b := &brake{Conn: reading{}, behind: func() bool { return true }, running: func() int { return 5 }}
		began := time.Now()
		_ = b.Recv(ctx, &bin.Buffer{})
		if d := time.Since(began); d > 20*time.Millisecond {
			t.Errorf("it waited %v after the end", d)
		}
	})
}

func TestWhatWaitsPutsTheBrakeOn(t *testing.T) {
	file := mustOpen(t)
	for name, pile := range map[string]func(m *Memory){
		"updates for the follower": func(m *Memory) {
			for n := range mostUnread + 1 {
				m.intake.pushed(&tg.UpdateShort{Update: private(n, 11+n)})
			}
		},
		"updates that have overtaken one": func(m *Memory) { m.overtaken.Store(mostOvertaken + 1) },
		"changes for the writer": func(m *Memory) {
			q := &m.file.queue
			q.mu.Lock()
			defer q.mu.Unlock()
			q.waiting.size = m.file.write.opts.MaxWaiting
		},
	} {
		m := &Memory{file: file, intake: newIntake(file.state, &stats{})}
		if m.behind() {
			t.Fatalf("before %s it is behind", name)
		}
		pile(m)
		if !m.behind() {
			t.Errorf("with %s it is not behind", name)
		}
		file.queue.mu.Lock()
		file.queue.waiting.size = 0
		file.queue.mu.Unlock()
	}
}
