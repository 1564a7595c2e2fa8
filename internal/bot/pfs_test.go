package bot

import (
	"context"
	"testing"
	"time"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/internal/fakedc"
)

// running is a bot in its Run.
type running struct {
	t    *testing.T
	dc   *fakedc.Server
	bot  *Bot
	stop func()
}

func run(t *testing.T, dc *fakedc.Server, opts Options) *running {
	t.Helper()
	b, err := Open(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ready, ran := make(chan struct{}), make(chan error, 1)
	go func() { ran <- b.Run(ctx, func(answer.Peer) { close(ready) }) }()
	select {
	case <-ready:
	case err := <-ran:
		t.Fatal(err)
	}
	return &running{t, dc, b, func() {
		cancel()
		if err := <-ran; err != nil {
			t.Error(err)
		}
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	}}
}

func (r *running) do(s fakedc.Step) {
	r.t.Helper()
	if _, err := r.dc.World().Do(r.t.Context(), s); err != nil {
		r.t.Fatal(err)
	}
}

// greeted waits until somebody who presses START has been answered.
func (r *running) greeted(who string) {
	r.t.Helper()
	r.do(fakedc.Step{Do: "start", Who: who})
	for deadline := time.Now().Add(20 * time.Second); len(r.dc.World().Messages(who)) < 2; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			r.t.Fatalf("%s is not greeted", who)
		}
	}
}

func (r *running) wantBound(when string, want int) {
	r.t.Helper()
	if got := r.dc.World().Calls()["auth.bindTempAuthKey"]; got != want {
		r.t.Errorf("%s: %d temporary keys, want %d", when, got, want)
	}
}

func TestEveryConnectionOfADaemonHasAKeyOfItsOwn(t *testing.T) {
	t.Parallel()
	dc := serve(t)
	opts := optionsFor(t, dc)
	r := run(t, dc, opts)
	r.greeted("ann")
	r.wantBound("at first", 1)

	// What the server does to keys: the connection is lost, it takes a while until
	// it accepts the new key, and it has forgotten it.
	r.do(fakedc.Step{Do: "fault", Method: "auth.bindTempAuthKey", Error: "CONNECTION_NOT_INITED", Code: 400})
	r.do(fakedc.Step{Do: "cut"})
	r.greeted("bob")
	r.wantBound("after a lost connection", 3)
	r.do(fakedc.Step{Do: "fault", Method: "network", Error: "-404"})
	r.greeted("carol")
	r.stop()

	// A verb alone asks with the permanent key, which is still signed in.
	before := dc.World().Calls()["auth.bindTempAuthKey"]
	b := openBot(t, opts)
	if _, err := b.Send(t.Context(), answer.SendRequest{To: "1001", Text: "Hello"}); err != nil {
		t.Error(err)
	}
	r.wantBound("for a verb", before)
	if err := b.Close(); err != nil {
		t.Error(err)
	}

	r = run(t, dc, opts)
	r.greeted("dave")
	r.wantBound("after a restart", before+1)
	r.stop()
	if n := dc.World().Calls()["auth.importBotAuthorization"]; n != 1 {
		t.Errorf("signed in %d times", n)
	}
}

func TestTemporaryKeysCanBeTurnedOff(t *testing.T) {
	t.Parallel()
	dc := serve(t)
	opts := optionsFor(t, dc)
	opts.NoPFS = true
	r := run(t, dc, opts)
	r.greeted("ann")
	r.wantBound("without", 0)
	r.stop()
}
