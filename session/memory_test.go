package session_test

import (
	"context"
	"fmt"
	"net"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gotd/td/telegram"
	"github.com/gotd/td/telegram/dcs"
	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/internal/fakedc"
	"github.com/f48b34c0/seen/session"
)

// start serves a demo world until the test ends.
func start(t *testing.T) *fakedc.Server {
	t.Helper()
	dc, err := fakedc.Start(t.Context(), fakedc.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = dc.Close() })
	return dc
}

func do(t *testing.T, dc *fakedc.Server, s fakedc.Step) fakedc.Result {
	t.Helper()
	r, err := dc.World().Do(t.Context(), s)
	if err != nil {
		t.Fatalf("%s: %v", s.Do, err)
	}
	return r
}

func open(t *testing.T, path string) *session.File {
	t.Helper()
	f, err := session.Open(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

// connect runs a client over the file, signed in, and ends with inside.
func connect(t *testing.T, dc *fakedc.Server, f *session.File, passive bool, inside func(ctx context.Context, c *telegram.Client, m *session.Memory) error) {
	t.Helper()
	host, port, _ := net.SplitHostPort(dc.Addr())
	n, _ := strconv.Atoi(port)
	opts := telegram.Options{
		NoUpdates:  passive,
		DC:         dc.DC(),
		DCList:     dcs.List{Options: []tg.DCOption{{ID: dc.DC(), IPAddress: host, Port: n, Static: true}}},
		PublicKeys: []telegram.PublicKey{{RSA: dc.PublicKey()}},
	}
	m := f.Wire(&opts)
	client := telegram.NewClient(1, "hash", opts)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	err := client.Run(ctx, func(ctx context.Context) error {
		if in, err := f.SignedIn(); err != nil {
			return err
		} else if !in {
			if _, err := client.Auth().Bot(ctx, fakedc.DemoToken); err != nil {
				return err
			}
		}
		return inside(ctx, client, m)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// runUntil runs the memory until the handler has called done.
func runUntil(t *testing.T, dc *fakedc.Server, f *session.File, handler func(ctx context.Context, c *telegram.Client, u tg.UpdateClass, done func()) error, meanwhile func()) {
	t.Helper()
	connect(t, dc, f, false, func(ctx context.Context, c *telegram.Client, m *session.Memory) error {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		var wg sync.WaitGroup
		wg.Go(func() {
			select {
			case <-m.Ready():
				if meanwhile != nil {
					meanwhile()
				}
			case <-ctx.Done():
			}
		})
		err := m.Run(ctx, c, telegram.UpdateHandlerFunc(func(ctx context.Context, u tg.UpdatesClass) error {
			return handler(ctx, c, u.(*tg.Updates).Updates[0], cancel)
		}))
		wg.Wait()
		if ctx.Err() != nil {
			return nil
		}
		return err
	})
}

func text(u tg.UpdateClass) string {
	if u, ok := u.(interface{ GetMessage() tg.MessageClass }); ok {
		if m, ok := u.GetMessage().(*tg.Message); ok && !m.Out {
			return m.Message
		}
	}
	return ""
}

func TestWhatWasMissedComesInTheNextRunAndAskingMovesNothing(t *testing.T) {
	dc, f := start(t), open(t, filepath.Join(t.TempDir(), "bot.session"))
	// Signing in stores the update state at once, whoever does it.
	connect(t, dc, f, true, func(context.Context, *telegram.Client, *session.Memory) error { return nil })
	before, ok, err := f.UpdateState()
	if err != nil || !ok {
		t.Fatalf("no update state after signing in: %v", err)
	}
	do(t, dc, fakedc.Step{Do: "write", Who: "ann", Text: "while you were away"})
	connect(t, dc, f, true, func(ctx context.Context, c *telegram.Client, _ *session.Memory) error {
		_, err := c.API().ContactsResolveUsername(ctx, &tg.ContactsResolveUsernameRequest{Username: "carol"})
		return err
	})
	if p, err := f.Book().ByName("CAROL"); err != nil || p.LastSource.What != "contacts.resolveUsername" || p.Hash.Class() != session.HashFull {
		t.Errorf("carol is %+v, %v", p, err)
	}
	if now, _, _ := f.UpdateState(); now != before {
		t.Errorf("asking moved the update state from %+v to %+v", before, now)
	}
	got := 0
	runUntil(t, dc, f, func(_ context.Context, _ *telegram.Client, u tg.UpdateClass, done func()) error {
		if text(u) == "while you were away" {
			got++
			done()
		}
		return nil
	}, nil)
	if p, err := f.Book().Peer(session.UserID(1001)); got != 1 || err != nil || p.FirstSource.Via != session.ViaDifference {
		t.Errorf("handled %d times; ann is %+v, %v", got, p, err)
	}
}

// Two hundred messages whose handlers each make a call: fed to the manager from
// inside the calls, the answers would wait for a queue that waits for the
// handlers.
func TestHandlersThatCallDoNotDeadlock(t *testing.T) {
	dc, f := start(t), open(t, filepath.Join(t.TempDir(), "bot.session"))
	const messages = 200
	var mu sync.Mutex
	var answers atomic.Int64
	got := map[string]bool{} // a handler may see a message twice
	runUntil(t, dc, f, func(ctx context.Context, c *telegram.Client, u tg.UpdateClass, done func()) error {
		if text(u) == "" {
			return nil
		}
		ann, err := f.Book().Peer(session.UserID(1001))
		if err != nil {
			return err
		}
		_, err = c.API().MessagesSendMessage(ctx, &tg.MessagesSendMessageRequest{
			Peer: ann.Input(), Message: "yes", RandomID: answers.Add(1),
		})
		mu.Lock()
		defer mu.Unlock()
		if got[text(u)] = true; len(got) == messages {
			done()
		}
		return err
	}, func() {
		for i := range messages {
			who := []string{"ann", "bob"}[i%2]
			do(t, dc, fakedc.Step{Do: "write", Who: who, Text: fmt.Sprint("message ", i)})
		}
	})
	if len(got) != messages {
		t.Errorf("handled %d of %d", len(got), messages)
	}
}

// An update whose handler has not returned comes again in the next run; what was
// finished does not.
func TestUnfinishedUpdateComesAgain(t *testing.T) {
	dc, f := start(t), open(t, filepath.Join(t.TempDir(), "bot.session"))
	first := make(chan struct{})
	runUntil(t, dc, f, func(ctx context.Context, _ *telegram.Client, u tg.UpdateClass, done func()) error {
		switch text(u) {
		case "first":
			close(first)
		case "second":
			done()
			<-ctx.Done()
			return ctx.Err()
		}
		return nil
	}, func() {
		do(t, dc, fakedc.Step{Do: "write", Who: "ann", Text: "first"})
		<-first
		do(t, dc, fakedc.Step{Do: "write", Who: "ann", Text: "second"})
	})
	var got []string
	runUntil(t, dc, f, func(_ context.Context, _ *telegram.Client, u tg.UpdateClass, done func()) error {
		if s := text(u); s != "" {
			got = append(got, s)
		}
		if len(got) > 0 && got[len(got)-1] == "third" {
			done()
		}
		return nil
	}, func() { do(t, dc, fakedc.Step{Do: "write", Who: "ann", Text: "third"}) })
	if fmt.Sprint(got) != "[second third]" {
		t.Errorf("the second run handled %v", got)
	}
}

// Behavior C27: people are remembered though the handler fails.
func TestFailingHandlerForgetsNobody(t *testing.T) {
	dc, f := start(t), open(t, filepath.Join(t.TempDir(), "bot.session"))
	runUntil(t, dc, f, func(_ context.Context, _ *telegram.Client, u tg.UpdateClass, done func()) error {
		if text(u) == "" {
			return nil
		}
		done()
		panic("the handler does not like this")
	}, func() { do(t, dc, fakedc.Step{Do: "write", Who: "ann", Text: "hello"}) })
	if _, err := f.Book().Peer(session.UserID(1001)); err != nil {
		t.Error(err)
	}
}

func TestGreetingIsOwedOncePerMessage(t *testing.T) {
	f := open(t, filepath.Join(t.TempDir(), "bot.session"))
	g := session.Greeting{
		User: 1001, Message: 5, At: time.Unix(1000, 0), Start: true, Payload: "promo", Text: "Hello", Again: "Hello again",
	}
	for range 3 {
		f.Outbox().Greet(g)
	}
	if err := f.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	f.Outbox().Greet(g)
	g.Message, g.Payload = 6, "later"
	f.Outbox().Greet(g)
	g.Message, g.Start, g.Payload = 7, false, "" // just a message
	f.Outbox().Greet(g)
	if err := f.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	rows, err := f.Outbox().Rows(10)
	if err != nil || len(rows) != 2 || rows[0].RandomID == rows[1].RandomID ||
		rows[0].Text != "Hello" || rows[1].Text != "Hello again" {
		t.Fatalf("owed: %+v, %v", rows, err)
	}
	if d, err := f.Dialog(1001); err != nil || d.Standing != session.StandingOpen || d.Payload != "promo" {
		t.Errorf("dialog: %+v, %v", d, err)
	}
	f.Outbox().Trying(rows[0], true)
	f.Outbox().Settle(rows[1])
	if err := f.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if left, _ := f.Outbox().Rows(10); len(left) != 1 || !left[0].Tried || left[0].RandomID != rows[0].RandomID {
		t.Errorf("left: %+v", left)
	}
}

// What was pushed while the connection was down is nowhere but in the
// difference, and no later update need ever show the gap.
func TestWhatWasPushedDuringAnOutageIsFetchedAfterIt(t *testing.T) {
	dc, f := start(t), open(t, filepath.Join(t.TempDir(), "bot.session"))
	got := make(chan string, 10)
	runUntil(t, dc, f, func(_ context.Context, _ *telegram.Client, u tg.UpdateClass, done func()) error {
		if s := text(u); s != "" {
			got <- s
			if s == "during the outage" {
				done()
			}
		}
		return nil
	}, func() {
		do(t, dc, fakedc.Step{Do: "write", Who: "ann", Text: "before"})
		<-got
		do(t, dc, fakedc.Step{Do: "cut"})
		do(t, dc, fakedc.Step{Do: "write", Who: "ann", Text: "during the outage"})
	})
}
