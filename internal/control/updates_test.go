package control

import (
	"context"
	"fmt"
	"io"
	"iter"
	"net"
	"testing"
	"time"

	"github.com/f48b34c0/seen/internal/answer"
)

// watched is a bot that tells of updates until it may not any more.
type watched struct {
	Bot
	tell  chan answer.Received
	ended chan struct{}
}

func (b watched) Updates(ctx context.Context, req answer.UpdatesRequest) iter.Seq2[answer.Received, error] {
	return func(yield func(answer.Received, error) bool) {
		defer close(b.ended)
		if len(req.Types) > 0 {
			yield(answer.Received{}, answer.Errorf(answer.Usage, "no such type"))
			return
		}
		for {
			select {
			case r := <-b.tell:
				if !yield(r, nil) {
					return
				}
			case <-ctx.Done():
				yield(answer.Received{}, answer.Errorf(answer.Interrupted, "interrupted: %w", ctx.Err()))
				return
			}
		}
	}
}

func watch() watched { return watched{tell: make(chan answer.Received), ended: make(chan struct{})} }

func TestUpdatesComeAtOnceAndEndWithTheDaemon(t *testing.T) {
	b := watch()
	// Nobody who watches waits until the bot is ready, nor does the daemon for them.
	path, stop := daemon(t, b, Options{Ready: make(chan struct{}), Grace: time.Minute})
	n := int64(0)
	go func() { b.tell <- answer.Received{N: 1} }()
	var ended error
	for r, err := range NewClient(path).Updates(t.Context(), answer.UpdatesRequest{}) {
		if ended = err; err != nil {
			break
		}
		if n++; r.N != n {
			t.Errorf("got %+v, want number %d", r, n)
		}
		if n == 3 {
			go func() { _ = stop() }()
			continue
		}
		go func() { b.tell <- answer.Received{N: n + 1} }()
	}
	if n != 3 || ended == nil || ended.Error() != "the daemon has stopped" || answer.From(ended).Code != answer.Failed {
		t.Errorf("got %d updates and %v", n, ended)
	}
	<-b.ended
	if err := stop(); err != nil {
		t.Error(err)
	}
}

func TestUpdatesEndWhenNobodyReadsThem(t *testing.T) {
	b := watch()
	path, _ := daemon(t, b, Options{})
	go func() { b.tell <- answer.Received{N: 1} }()
	ctx, leave := context.WithCancel(t.Context())
	for _, err := range NewClient(path).Updates(ctx, answer.UpdatesRequest{}) {
		if err != nil {
			if answer.From(err).Code != answer.Interrupted {
				t.Errorf("got %v", err)
			}
			break
		}
		leave()
	}
	leave()
	<-b.ended
}

func TestUpdatesThatAreRefusedAreAnOrdinaryError(t *testing.T) {
	path, _ := daemon(t, watch(), Options{})
	for _, err := range NewClient(path).Updates(t.Context(), answer.UpdatesRequest{Types: []string{"x"}}) {
		if answer.From(err).Code != answer.Usage {
			t.Errorf("got %v", err)
		}
	}
}

// TestADaemonStopsThoughSomebodyWatchesAndDoesNotRead: what it writes to them
// waits for them, and not for ever.
func TestADaemonStopsThoughSomebodyWatchesAndDoesNotRead(t *testing.T) {
	b := watch()
	path, stop := daemon(t, b, Options{Grace: time.Minute})
	conn, err := net.Dial("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close() //nolint:errcheck // nothing was read
	if _, err := io.WriteString(conn, "POST /v1/updates HTTP/1.1\r\nHost: seen\r\nContent-Length: 2\r\n\r\n{}"); err != nil {
		t.Fatal(err)
	}
	full := false
	for n := int64(1); !full; n++ {
		select {
		case b.tell <- answer.Received{N: n, Type: fmt.Sprintf("%01000d", n)}:
		case <-time.After(200 * time.Millisecond):
			full = true // it writes, and nobody reads
		}
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
	<-b.ended
}
