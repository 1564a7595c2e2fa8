package bot

import (
	"context"
	"errors"
	"net"
	"sync"
	"time"

	"github.com/gotd/td/telegram"
	"github.com/gotd/td/telegram/auth"
	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/internal/build"
	"github.com/f48b34c0/seen/session"
)

// link is one client and its connection, from dialing to the end.
type link struct {
	bot     *Bot
	client  *telegram.Client
	memory  *session.Memory
	connect dialFunc
	ctx     context.Context // ends with the link
	cancel  context.CancelCauseFunc

	ready chan struct{} // signed in; calls may be made
	done  chan struct{} // over, for the reason in err
	err   error

	mu        sync.Mutex
	trouble   error // the latest of connecting, before it is ready
	connected bool
	since     time.Time // when it connected last
	signedIn  bool
	// epoch counts the connections; unknown is the one on which the server did
	// not know the bot yet, because it signed in there with its token.
	epoch, unknown int
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
	opts := telegram.Options{
		NoUpdates: passive,
		// Making a temporary key takes longer than what a verb asks for.
		EnablePFS: !passive && !b.opts.NoPFS,
		Logger:    gotdLogger(b.opts.Logger),
		Device: telegram.DeviceConfig{
			DeviceModel: "seen", AppVersion: build.Version(), SystemVersion: build.Go(),
		},
	}
	l := &link{bot: b, connect: b.opts.Proxy.dialer(), ready: make(chan struct{}), done: make(chan struct{})}
	l.ctx, l.cancel = context.WithCancelCause(context.Background())
	if err := b.opts.reach(&opts, l.dial); err != nil {
		return nil, err
	}
	opts.OnSelfError = l.selfError
	opts.OnConnectionState = l.state
	opts.Middlewares = append(opts.Middlewares, &b.calls)
	l.memory = b.file.Wire(&opts)
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

// linger is how long a link that was told to end may take to do so by itself.
const linger = 300 * time.Millisecond

// dial connects, or ends the link if what was named is not there.
func (l *link) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	conn, err := l.connect(ctx, network, addr)
	if err != nil {
		if ctx.Err() == nil && !l.isReady() {
			l.mu.Lock()
			l.trouble = err
			l.mu.Unlock()
			if gone := l.bot.opts.gone(err); gone != nil {
				l.cancel(gone)
			}
		}
		return nil, err
	}
	// gotd reads the answers of a key exchange for a minute, whatever becomes of
	// its context.
	return &lingering{conn, context.AfterFunc(l.ctx, func() {
		select {
		case <-l.done:
		case <-time.After(linger):
			_ = conn.Close() // twice, if gotd has done it meanwhile
		}
	})}, nil
}

// lingering is a connection that is closed a while after its link was told to
// end.
type lingering struct {
	net.Conn
	forget func() bool
}

func (c *lingering) Close() error {
	c.forget()
	return c.Conn.Close()
}

// selfError is called after every connect when the server does not know the
// bot. On the connection that signs in with the token that is as it should be,
// and may be told after the sign-in; later on the session is dead, and
// reconnecting would go on for ever.
func (l *link) selfError(_ context.Context, err error) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.signedIn && l.epoch != l.unknown && auth.IsUnauthorized(err) {
		return err
	}
	return nil
}

func (l *link) state(s telegram.ConnectionState) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.connected = s == telegram.ConnectionStateReady
	if l.connected {
		l.since = time.Now()
	}
	if s == telegram.ConnectionStateConnecting {
		l.epoch++
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
// returns nil if it was stopped, and else an *answer.Error.
func (l *link) run(ctx context.Context, inside func(ctx context.Context) error) error {
	defer close(l.done)
	defer l.cancel(errStopped)
	defer context.AfterFunc(ctx, func() { l.cancel(context.Cause(ctx)) })()
	timer := time.AfterFunc(l.bot.opts.StartTimeout, func() {
		if !l.isReady() {
			l.cancel(l.late())
		}
	})
	defer timer.Stop()
	err := l.client.Run(l.ctx, func(ctx context.Context) error {
		if err := l.signIn(ctx); err != nil {
			return err
		}
		close(l.ready)
		return inside(ctx)
	})
	l.err = l.reason(err)
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

// api returns the client for calls, connecting first if nobody has. It waits
// until the bot is signed in.
func (b *Bot) api(ctx context.Context) (*tg.Client, error) {
	l, err := b.linked()
	if err != nil {
		return nil, err
	}
	select {
	case <-l.ready:
		return l.client.API(), nil
	case <-l.done:
		if l.err != nil {
			return nil, l.err
		}
		return nil, answer.Errorf(answer.Unreachable, "the connection was closed")
	case <-ctx.Done():
		return nil, answer.Errorf(answer.Interrupted, "interrupted: %w", ctx.Err())
	}
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
		_ = l.run(context.Background(), func(ctx context.Context) error {
			<-ctx.Done()
			return ctx.Err()
		})
	}()
	return l, nil
}
