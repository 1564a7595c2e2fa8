package bot

import (
	"context"
	"fmt"
	"sort"
	"sync"
	"time"

	"github.com/gotd/td/tgerr"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/session"
)

// maxWait is the longest wait that is believed. TDLib takes waits for 1 second to
// 14 days.
const maxWait = 14 * 24 * time.Hour

// waitIn returns the wait that an error of Telegram asks for. The error is told
// by its type: see core.telegram.org/api/errors#420-flood.
func waitIn(err error) (time.Duration, bool) {
	rpc, ok := tgerr.As(err)
	if !ok {
		return 0, false
	}
	switch rpc.Type {
	case "FLOOD_WAIT", "FLOOD_PREMIUM_WAIT", "SLOWMODE_WAIT":
		seconds := min(max(rpc.Argument, 1), int(maxWait/time.Second))
		return time.Duration(seconds) * time.Second, true
	default:
		return 0, false
	}
}

// waits are the server's waits that are not over, by method and, where only one
// chat is slow, by chat. They are remembered in the session file.
type waits struct {
	limits *session.Limits
	now    func() time.Time

	mu   sync.RWMutex
	list map[place]session.Flood
}

// place is what a wait is about.
type place struct {
	method string
	chat   session.ID // the zero ID for all
}

// load reads what an earlier process was told. What it was told in what is now
// the future counts from now on: the clock was put back.
func (w *waits) load(ctx context.Context) error {
	w.list = make(map[place]session.Flood)
	floods, err := w.limits.Floods()
	if err != nil {
		return err
	}
	now := w.now()
	for _, f := range floods {
		switch {
		case f.Since.After(now):
			f.Since, f.Until = now, now.Add(min(f.Until.Sub(f.Since), maxWait))
			if err := w.limits.Flooded(ctx, f); err != nil {
				return err
			}
		case !f.Until.After(now):
			continue
		}
		w.list[place{f.Method, f.Chat}] = f
	}
	return nil
}

// rest returns how long a call has to wait still, and for what.
func (w *waits) rest(method string, chat session.ID) (f session.Flood, rest time.Duration) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if len(w.list) == 0 {
		return f, 0
	}
	now := w.now()
	for _, at := range []place{{method, session.ID{}}, {method, chat}} {
		if found, ok := w.list[at]; ok && found.Until.Sub(now) > rest {
			f, rest = found, found.Until.Sub(now)
		}
	}
	return f, rest
}

// learn notes what the server has said about a call, and returns when it is in
// the file. A slow mode is a chat's; of other waits nobody can tell whose they
// are, so they are the method's. Of two that the server has asked for at once the
// longer one holds.
func (w *waits) learn(ctx context.Context, method string, chat session.ID, err error, d time.Duration) error {
	at := place{method: method}
	if tgerr.Is(err, "SLOWMODE_WAIT") {
		at.chat = chat
	}
	now := w.now()
	f := session.Flood{Method: at.method, Chat: at.chat, Since: now, Until: now.Add(d)}
	w.mu.Lock()
	for at, old := range w.list {
		if !old.Until.After(now) {
			delete(w.list, at)
		}
	}
	if w.list[at].Until.Before(f.Until) {
		w.list[at] = f
	}
	w.mu.Unlock()
	return w.limits.Flooded(ctx, f)
}

// pending returns the waits that are not over, those of one method together.
func (w *waits) pending() []session.Flood {
	w.mu.RLock()
	defer w.mu.RUnlock()
	now := w.now()
	var out []session.Flood
	for _, f := range w.list {
		if f.Until.After(now) {
			out = append(out, f)
		}
	}
	sort.Slice(out, func(i, j int) bool {
		a, b := &out[i], &out[j]
		return a.Method < b.Method || a.Method == b.Method && a.Chat.BotAPI() < b.Chat.BotAPI()
	})
	return out
}

// heldError says that a call was not sent, because a wait is not over. In its
// chain is what the server would say.
type heldError struct {
	flood session.Flood
	rest  time.Duration
}

func (e *heldError) Error() string {
	return fmt.Sprintf("not sent: %s has to wait for another %s", e.flood.Method, e.rest.Round(time.Second))
}

func (e *heldError) Unwrap() error {
	kind := "FLOOD_WAIT"
	if e.flood.Chat != (session.ID{}) {
		kind = "SLOWMODE_WAIT"
	}
	return tgerr.New(420, fmt.Sprintf("%s_%d", kind, (e.rest+time.Second-1)/time.Second))
}

// flood returns the error for a call that came too soon, or nil.
func flood(err error) *answer.Error {
	d, ok := waitIn(err)
	if !ok {
		return nil
	}
	what := "too many requests: the server wants a wait of %s"
	if tgerr.Is(err, "SLOWMODE_WAIT") {
		what = "the chat is in slow mode: the server wants a wait of %s"
	}
	return answer.Errorf(answer.FloodWait, what, d).WithRetryAfter(d)
}
