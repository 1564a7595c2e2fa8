package bot

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/gotd/td/tgerr"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/session"
)

// telegram-rules.md section 7: which errors ask for a wait, told by their type
// alone, and how long a wait can be.
func TestWhichErrorsAskForAWait(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want time.Duration // 0: none
	}{
		{tgerr.New(420, "FLOOD_WAIT_30"), 30 * time.Second},
		{tgerr.New(400, "FLOOD_WAIT_30"), 30 * time.Second},
		{tgerr.New(420, "FLOOD_PREMIUM_WAIT_7"), 7 * time.Second},
		{tgerr.New(420, "SLOWMODE_WAIT_10"), 10 * time.Second},
		{tgerr.New(420, "FLOOD_WAIT_0"), time.Second},
		{tgerr.New(420, "FLOOD_WAIT"), time.Second},
		{tgerr.New(420, "FLOOD_WAIT_1209600"), 14 * 24 * time.Hour},
		{tgerr.New(420, "FLOOD_WAIT_1209601"), 14 * 24 * time.Hour},
		{tgerr.New(420, "FLOOD_WAIT_9223372036854775807"), 14 * 24 * time.Hour},
		{tgerr.New(400, "PEER_FLOOD"), 0},
		{tgerr.New(420, "FLOOD_SKIP_FAILED_WAIT"), 0},
		{tgerr.New(420, "SOMETHING_ELSE_30"), 0},
		{errors.New("FLOOD_WAIT_30"), 0},
		{nil, 0},
	} {
		if got, ok := waitIn(fmt.Errorf("callback: %w", tt.err)); ok != (tt.want > 0) || got != tt.want {
			t.Errorf("%v: %v, %v; want %v", tt.err, got, ok, tt.want)
		}
	}
}

// clock is a time that a test sets.
type clock struct{ time.Time }

func (c *clock) now() time.Time          { return c.Time }
func (c *clock) advance(d time.Duration) { c.Time = c.Add(d) }

var noon = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)

func loadWaits(t *testing.T, f *session.File, c *clock) *waits {
	t.Helper()
	w := &waits{limits: f.Limits(), now: c.now}
	if err := w.load(t.Context()); err != nil {
		t.Fatal(err)
	}
	return w
}

func learn(t *testing.T, w *waits, method string, chat session.ID, kind string, seconds int) {
	t.Helper()
	err := tgerr.New(420, fmt.Sprintf("%s_%d", kind, seconds))
	d, _ := waitIn(err)
	if err := w.learn(t.Context(), method, chat, err, d); err != nil {
		t.Fatal(err)
	}
}

func wantRest(t *testing.T, w *waits, method string, chat session.ID, want time.Duration) {
	t.Helper()
	if _, got := w.rest(method, chat); got != want {
		t.Errorf("%s in %v has to wait %v, want %v", method, chat, got, want)
	}
}

// A flood wait is its method's, a slow mode its chat's.
func TestWaitsAreKeptApart(t *testing.T) {
	c := &clock{noon}
	w := loadWaits(t, openFile(t), c)
	friends, news := session.ChannelID(7), session.ChannelID(8)
	wantRest(t, w, "messages.sendMessage", friends, 0)
	learn(t, w, "messages.sendMessage", friends, "SLOWMODE_WAIT", 60)
	wantRest(t, w, "messages.sendMessage", friends, time.Minute)
	wantRest(t, w, "messages.sendMessage", news, 0)
	learn(t, w, "messages.sendMessage", news, "FLOOD_WAIT", 10)
	wantRest(t, w, "messages.sendMessage", friends, time.Minute)
	wantRest(t, w, "messages.sendMessage", session.UserID(1001), 10*time.Second)
	wantRest(t, w, "messages.sendMedia", news, 0)

	// Of two waits that were asked for at once the longer one holds.
	learn(t, w, "messages.sendMessage", news, "FLOOD_PREMIUM_WAIT", 5)
	wantRest(t, w, "messages.sendMessage", news, 10*time.Second)
	c.advance(10 * time.Second)
	wantRest(t, w, "messages.sendMessage", news, 0)
	wantRest(t, w, "messages.sendMessage", friends, 50*time.Second)
	if got := w.pending(); len(got) != 1 || got[0].Chat != friends {
		t.Errorf("pending are %v", got)
	}
	// What is over leaves the memory with the next one.
	learn(t, w, "users.getUsers", session.ID{}, "FLOOD_WAIT", 5)
	if len(w.list) != 2 {
		t.Errorf("it remembers %v", w.list)
	}
}

// Behavior C43: a wait is honored after a restart.
func TestAWaitGoesOnAfterARestart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bot.session")
	open := func() *session.File {
		f, err := session.Open(path, nil)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = f.Close() })
		return f
	}
	c := &clock{noon}
	f := open()
	learn(t, loadWaits(t, f, c), lookingUp, session.ID{}, "FLOOD_WAIT", 3600)
	restart := func() *waits {
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		f = open()
		return loadWaits(t, f, c)
	}
	c.advance(20 * time.Minute)
	wantRest(t, restart(), lookingUp, session.ID{}, 40*time.Minute)

	// The clock was put back: nobody waits longer than the server asked for, and
	// the wait does not begin anew with every restart.
	c.Time = noon.Add(-30 * 24 * time.Hour)
	wantRest(t, restart(), lookingUp, session.ID{}, time.Hour)
	c.advance(10 * time.Minute)
	wantRest(t, restart(), lookingUp, session.ID{}, 50*time.Minute)
	c.advance(50 * time.Minute)
	wantRest(t, restart(), lookingUp, session.ID{}, 0)
}

// What was not sent is explained like what was refused, with what is left of the
// wait.
func TestARefusalTellsTheRestOfTheWait(t *testing.T) {
	b := &Bot{file: openFile(t)}
	for _, tt := range []struct {
		chat session.ID
		want string
	}{
		{session.ID{}, "FLOOD_WAIT"},
		{session.ChannelID(7), "SLOWMODE_WAIT"},
	} {
		held := &heldError{session.Flood{Method: "messages.sendMessage", Chat: tt.chat}, 29500 * time.Millisecond}
		if !tgerr.Is(held, tt.want) {
			t.Errorf("%v is no %s", held, tt.want)
		}
		e := answer.From(b.explain(fmt.Errorf("callback: %w", held)))
		if e.Code != answer.FloodWait || e.RetryAfter != 30 {
			t.Errorf("got %+v", e)
		}
	}
}

func openGate(t *testing.T, opts Options) *gate {
	t.Helper()
	opts.setDefaults()
	g, err := newGate(context.Background(), openFile(t).Limits(), opts)
	if err != nil {
		t.Fatal(err)
	}
	return g
}
