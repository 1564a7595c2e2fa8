package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/internal/control"
)

// someone is a bot that only tells how it is.
type someone struct {
	control.Bot
	version string
	closed  bool
}

func (s *someone) Status(context.Context) (answer.Status, error) {
	return answer.Status{Version: s.version}, nil
}

func (s *someone) Close() error { s.closed = true; return nil }

func TestTheDoorWaitsForADaemonThatStarts(t *testing.T) {
	path := shortPath(t)
	tries := 0
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	d := &door{
		client: control.NewClient(path),
		open: func(context.Context) (ownBot, error) {
			if tries++; tries == 3 {
				// By now the daemon that held the file has its socket.
				l, err := control.Listen(ctx, path)
				if err != nil {
					return nil, err
				}
				go func() { served <- control.Serve(ctx, l, &someone{version: "daemon"}, control.Options{}) }()
			}
			return nil, answer.Errorf(answer.Held, "held")
		},
	}
	got, err := d.Status(t.Context())
	if err != nil || got.Version != "daemon" || tries < 3 {
		t.Errorf("got %+v, %v after %d tries", got, err, tries)
	}
	stop()
	if err := <-served; err != nil {
		t.Error(err)
	}

	// The daemon has gone: the next request finds the file free.
	own := &someone{version: "file"}
	d.open = func(context.Context) (ownBot, error) { return own, nil }
	for range 2 {
		if got, err := d.Status(t.Context()); err != nil || got.Version != "file" {
			t.Errorf("got %+v, %v", got, err)
		}
	}
	if err := d.Close(); err != nil || !own.closed {
		t.Errorf("the file stays open: %v", err)
	}
}

func TestTheDoorGivesUpInTime(t *testing.T) {
	held := answer.Errorf(answer.Held, "held").WithHint("wait")
	d := &door{
		client: control.NewClient(shortPath(t)),
		open:   func(context.Context) (ownBot, error) { return nil, held },
	}
	start := time.Now()
	_, err := d.Status(t.Context())
	if !errors.Is(err, held) {
		t.Errorf("got %v", err)
	}
	if took := time.Since(start); took < patience || took > patience+2*time.Second {
		t.Errorf("took %v", took)
	}

	ctx, leave := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, leave)
	if _, err := d.Status(ctx); answer.From(err).Code != answer.Interrupted {
		t.Errorf("a caller who leaves gets %v", err)
	}
}

func TestTheDoorDoesNotRetryARefusal(t *testing.T) {
	refused := answer.Errorf(answer.Usage, "no token")
	tries := 0
	d := &door{
		client: control.NewClient(shortPath(t)),
		open:   func(context.Context) (ownBot, error) { tries++; return nil, refused },
	}
	if _, err := d.Status(t.Context()); !errors.Is(err, refused) || tries != 1 {
		t.Errorf("got %v after %d tries", err, tries)
	}
}

// shortPath is one that a socket can have.
func shortPath(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "seen")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return filepath.Join(dir, "s")
}
