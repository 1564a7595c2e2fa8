package bot

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/telegram"
	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/internal/build"
	"github.com/f48b34c0/seen/session"
)

// link is one client and its connections, from dialing to the end: either nobody
// needs it any more, or the server has ended the session.
type link struct {
	bot     *Bot
	client  *telegram.Client
	memory  *session.Memory
	passive bool // receives no updates
	connect dialFunc
	ctx     context.Context // ends with the link
	cancel  context.CancelCauseFunc
	// stored says that somebody has signed in with the file's session before, and
	// anew that this link comes after one whose session the server has ended.
	stored, anew bool

	ready chan struct{} // signed in; calls may be made
	done  chan struct{} // over, for the reason in err, or because next goes on
	err   error
	next  *link

	mu        sync.Mutex
	trouble   error // the latest of connecting, before it is ready
	connected bool
	since     time.Time // when it connected last
	signedIn  bool
}

// errStopped is why a link ends that nobody needs any more.
var errStopped = errors.New("stopped")

// newLink prepares a client. Nothing is sent before run.
func (b *Bot) newLink(passive bool) (*link, error) {
	if b.opts.AppID == 0 || b.opts.AppHash == "" {
		return nil, answer.Errorf(answer.Usage, "APP_ID and APP_HASH are needed to connect, and are not set").
			WithHint("get them at https://my.telegram.org and export them")
	}
	if err := b.sameServer(); err != nil {
		return nil, err
	}
	stored, err := b.file.SignedIn()
	if err != nil {
		return nil, answer.Errorf(answer.Failed, "read the session file: %w", err)
	}
	if !stored {
		// A daemon that is started again and again must not ask again and again.
		if err := b.gate.refuses(signingIn); err != nil {
			return nil, b.explain(err)
		}
	}
	opts := telegram.Options{
		NoUpdates: passive,
		// Making a temporary key takes longer than what a verb asks for.
		EnablePFS: !passive && !b.opts.NoPFS,
		Logger:    gotdLogger(b.opts.Logger),
		Device: telegram.DeviceConfig{
			DeviceModel: "seen", AppVersion: build.Version(), SystemVersion: build.Go(),
		},
	}
	l := &link{
		bot: b, passive: passive, stored: stored, connect: b.opts.Proxy.dialer(),
		ready: make(chan struct{}), done: make(chan struct{}),
	}
	l.ctx, l.cancel = context.WithCancelCause(context.Background())
	if err := b.opts.reach(&opts, l.dial); err != nil {
		return nil, err
	}
	opts.OnConnectionState = l.state
	opts.ReconnectionBackoff = newBackoff
	opts.Middlewares = append(opts.Middlewares, &b.tally)
	l.memory = b.file.Wire(&opts)
	// In front of the memory, which takes the time of a call for that of its answer.
	opts.Middlewares = append([]telegram.Middleware{b.gate, l}, opts.Middlewares...)
	l.client = telegram.NewClient(b.opts.AppID, b.opts.AppHash, opts)
	return l, nil
}

// sameServer refuses to take a session to a server that it is not for: a test
// server's to Telegram, or Telegram's to whoever serves a test.
func (b *Bot) sameServer() error {
	have, want := b.file.Server(), b.opts.Server.name()
	switch {
	case have == "" || have == want:
		return nil
	case want == "telegram":
		return answer.Errorf(answer.Usage, "%s is for another server (%s) than Telegram's", b.opts.SessionFile, have).
			WithHint("name that server with --dc and --dc-key, or another file with --session")
	default:
		return answer.Errorf(answer.Usage, "%s is for another server (%s) than the one named with --dc (%s)", b.opts.SessionFile, have, want).
			WithHint("name another file with --session")
	}
}

// Handle implements telegram.Middleware: it sees when the server does not know
// the bot any more. A call that began before the sign-in is told so rightly.
func (l *link) Handle(next tg.Invoker) telegram.InvokeFunc {
	return func(ctx context.Context, input bin.Encoder, output bin.Decoder) error {
		l.mu.Lock()
		known := l.signedIn
		l.mu.Unlock()
		err := next.Invoke(ctx, input, output)
		if known && (sessionEnded(err) || deactivated(err)) {
			l.cancel(&lostError{err})
		}
		return err
	}
}

func (l *link) state(s telegram.ConnectionState) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.connected = s == telegram.ConnectionStateReady
	if l.connected {
		l.since = time.Now()
	}
}

func (l *link) isReady() bool {
	select {
	case <-l.ready:
		return true
	default:
		return false
	}
}

// run connects, signs in and then runs inside until ctx ends or it returns. It
// returns nil if it was stopped or if next goes on, and else an *answer.Error.
func (l *link) run(ctx context.Context, inside func(ctx context.Context) error) error {
	defer close(l.done)
	defer l.cancel(errStopped)
	defer context.AfterFunc(ctx, func() { l.cancel(context.Cause(ctx)) })()
	if l.passive || !l.anew { // a daemon goes on trying, as it does when a connection breaks
		timer := time.AfterFunc(l.bot.opts.StartTimeout, func() {
			if !l.isReady() {
				l.cancel(l.late())
			}
		})
		defer timer.Stop()
	}
	err := l.client.Run(l.ctx, func(ctx context.Context) error {
		if err := l.signIn(ctx); err != nil {
			return err
		}
		close(l.ready)
		return inside(ctx)
	})
	if !l.stored && !l.isReady() {
		// gotd stores a key before anybody signs in with it. The next process must not
		// take it for a session that the server has ended.
		_ = l.bot.file.SignOut(context.Background()) // a file that fails says so itself
	}
	if lost := l.lost(err); lost != nil {
		l.next, l.err = l.bot.renew(l, lost)
	} else {
		l.err = l.reason(err)
	}
	return l.err
}

// late tells that the bot could not sign in in time, and what was in the way.
func (l *link) late() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	e := answer.Errorf(answer.Unreachable, "not signed in after %s", l.bot.opts.StartTimeout)
	if l.trouble != nil {
		e = answer.Errorf(answer.Unreachable, "not signed in after %s: %w", l.bot.opts.StartTimeout, l.trouble)
	}
	if l.bot.opts.Proxy != nil {
		return e.WithHint("does the %s let the bot through?", l.bot.opts.Proxy)
	}
	return e.WithHint("is the server reachable, and is --dc-key its key?")
}

// reason tells why the link ended.
func (l *link) reason(err error) error {
	var own *answer.Error
	cause := context.Cause(l.ctx)
	switch {
	case errors.Is(cause, errLoggedOut):
		return nil
	case errors.As(cause, &own):
		return own
	case err == nil, errors.Is(err, context.Canceled), errors.Is(cause, errStopped):
		return nil
	case errors.As(err, &own):
		return own
	default:
		return l.bot.explain(err)
	}
}

// stopWithin ends the link, and reports whether it has ended in time.
func (l *link) stopWithin(d time.Duration) bool {
	l.cancel(errStopped)
	select {
	case <-l.done:
		return true
	case <-time.After(d):
		return false
	}
}

// stop ends the link and waits for it.
func (l *link) stop() {
	l.cancel(errStopped)
	<-l.done
}

// linked returns the link, and starts one without updates if there is none.
func (b *Bot) linked() (*link, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return nil, answer.Errorf(answer.Failed, "the bot is closed")
	}
	if b.link != nil {
		return b.link, nil
	}
	l, err := b.newLink(true)
	if err != nil {
		return nil, err
	}
	b.link = l
	go func() { // ends by stop, which Close calls and which waits for it
		for l := l; l != nil; l = l.next {
			_ = l.run(context.Background(), func(ctx context.Context) error {
				<-ctx.Done()
				return ctx.Err()
			})
		}
	}()
	return l, nil
}
