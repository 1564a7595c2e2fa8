package bot

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/f48b34c0/seen/session"
)

// Pace is how fast the bot sends messages, all its parts together. Where a field
// is 0 its default holds; a negative one is no limit. The defaults are what
// core.telegram.org/bots/faq tells bots to keep to.
//
// Two processes with one token know nothing of each other: each keeps to its own
// pace.
type Pace struct {
	// Total is how many messages a second are sent in all: 30.
	Total float64
	// Chat is how many a second are sent to one chat, on the average: 1.
	Chat float64
	// Burst is how many may go to one chat at once when it was quiet before: 3, and
	// at least 1.
	Burst int
	// Group is how many are sent to one group or channel in any minute: 20.
	Group int
}

func (p *Pace) setDefaults() {
	if p.Total == 0 {
		p.Total = 30
	}
	if p.Chat == 0 {
		p.Chat = 1
	}
	if p.Burst == 0 {
		p.Burst = 3
	}
	p.Burst = max(p.Burst, 1)
	if p.Group == 0 {
		p.Group = 20
	}
}

// pacer makes messages wait for their turn.
type pacer struct {
	pace Pace
	now  func() time.Time

	// all is nil without a limit. It lets one message pass at a time: with a burst,
	// the first second would see twice as many.
	all *rate.Limiter

	mu    sync.Mutex
	chats map[session.ID]*chatPace
	// sweepAt is how many chats make it look for those that are quiet again.
	sweepAt int
}

// chatPace is the pace of one chat.
type chatPace struct {
	second *rate.Limiter // nil without a limit
	minute window
	// quiet is when it will be as if nothing had ever been sent there.
	quiet time.Time
}

// sweepLeast is how many chats are kept without looking at them. One takes about
// 300 bytes.
const sweepLeast = 4096

func newPacer(p Pace, now func() time.Time) *pacer {
	p.setDefaults()
	return &pacer{pace: p, now: now, all: limiter(p.Total, 1), chats: make(map[session.ID]*chatPace), sweepAt: sweepLeast}
}

func limiter(perSecond float64, burst int) *rate.Limiter {
	if perSecond < 0 {
		return nil
	}
	return rate.NewLimiter(rate.Limit(perSecond), burst)
}

// wait returns when a call may send n messages to a chat. A call with several
// waits for the first of them and is charged for all: who comes next waits longer.
func (p *pacer) wait(ctx context.Context, chat session.ID, n int) error {
	if chat != (session.ID{}) {
		if err := pause(ctx, p.inChat(chat, n)); err != nil {
			return err
		}
	}
	// Taken last, so that messages that have waited for different chats do not meet
	// here.
	return pause(ctx, take(p.all, p.now(), n))
}

// inChat charges a chat and returns how long the call has to wait for it.
func (p *pacer) inChat(chat session.ID, n int) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	c := p.chats[chat]
	if c == nil {
		p.sweep(now)
		c = &chatPace{second: limiter(p.pace.Chat, p.pace.Burst)}
		if chat.Kind != session.User && p.pace.Group > 0 {
			c.minute.limit = p.pace.Group
		}
		p.chats[chat] = c
	}
	at := now.Add(take(c.second, now, n))
	at = c.minute.take(at, n)
	if c.second != nil {
		// The bucket is full again when what it lacks has come back.
		lacks := float64(p.pace.Burst) - c.second.TokensAt(at)
		c.quiet = later(c.quiet, at.Add(time.Duration(lacks/p.pace.Chat*float64(time.Second))))
	}
	c.quiet = later(c.quiet, c.minute.empty())
	return at.Sub(now)
}

// sweep forgets the chats that are quiet, when there are many.
func (p *pacer) sweep(now time.Time) {
	if len(p.chats) < p.sweepAt {
		return
	}
	for chat, c := range p.chats {
		if !c.quiet.After(now) {
			delete(p.chats, chat)
		}
	}
	p.sweepAt = max(sweepLeast, 2*len(p.chats))
}

// take charges a limiter for n messages and returns how long the first of them
// has to wait.
func take(l *rate.Limiter, now time.Time, n int) time.Duration {
	if l == nil {
		return 0
	}
	d := l.ReserveN(now, 1).DelayFrom(now)
	for range n - 1 {
		l.ReserveN(now, 1)
	}
	return d
}

// window lets a number of messages pass in any minute. It keeps when the latest
// ones were, or will be; a limit of 0 is none.
type window struct {
	limit int
	sent  []time.Time // at most limit, oldest first
}

// take charges the window for n messages from a time on, and returns when the
// first of them may be sent.
func (w *window) take(at time.Time, n int) (first time.Time) {
	if w.limit == 0 {
		return at
	}
	for i := range n {
		if len(w.sent) == w.limit {
			at = later(at, w.sent[0].Add(time.Minute))
			w.sent = append(w.sent[:0], w.sent[1:]...)
		}
		if len(w.sent) > 0 {
			at = later(at, w.sent[len(w.sent)-1])
		}
		w.sent = append(w.sent, at)
		if i == 0 {
			first = at
		}
	}
	return first
}

// empty is when no minute will see any of what was sent.
func (w *window) empty() time.Time {
	if len(w.sent) == 0 {
		return time.Time{}
	}
	return w.sent[len(w.sent)-1].Add(time.Minute)
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

// pause sleeps unless ctx ends.
func pause(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
