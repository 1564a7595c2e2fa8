package bot

import (
	"context"
	"strings"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"

	"github.com/f48b34c0/seen/internal/answer"
)

// api returns the client for calls, connecting first if nobody has. It waits
// until the bot is signed in.
func (b *Bot) api(ctx context.Context) (*tg.Client, error) {
	if _, err := b.ready(ctx); err != nil {
		return nil, err
	}
	return b.calls, nil
}

// ready returns the link that calls go over, once the bot is signed in.
func (b *Bot) ready(ctx context.Context) (*link, error) {
	l, err := b.linked()
	if err != nil {
		return nil, err
	}
	for {
		select {
		case <-l.ready:
			if l.ctx.Err() == nil {
				return l, nil
			}
		case <-l.done:
		case <-ctx.Done():
			return nil, answer.Errorf(answer.Interrupted, "interrupted: %w", ctx.Err())
		}
		if l, err = b.after(ctx, l); err != nil {
			return nil, err
		}
	}
}

// after returns the link that goes on where one ends.
func (b *Bot) after(ctx context.Context, l *link) (*link, error) {
	select {
	case <-l.done:
	case <-ctx.Done():
		return nil, answer.Errorf(answer.Interrupted, "interrupted: %w", ctx.Err())
	}
	if l.err != nil {
		return nil, l.err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.link == l || b.closed {
		return nil, answer.Errorf(answer.Unreachable, "the connection was closed")
	}
	return b.link, nil
}

// caller makes calls over the link that there is. A call that was refused because
// the server has ended the session is made once more after the bot has signed in
// anew: nothing was done.
type caller struct{ bot *Bot }

// Invoke implements tg.Invoker.
func (c caller) Invoke(ctx context.Context, input bin.Encoder, output bin.Decoder) error {
	for again := false; ; again = true {
		l, err := c.bot.ready(ctx)
		if err != nil {
			return err
		}
		err = l.client.Invoke(ctx, input, output)
		if err == nil || ctx.Err() != nil || l.ctx.Err() == nil {
			return err
		}
		lost := sessionEnded(err) || deactivated(err)
		if _, ok := tgerr.As(err); ok && !lost {
			return err // an answer like any other
		}
		if _, e := c.bot.after(ctx, l); e != nil {
			return e
		}
		switch {
		case again:
			return err
		case !lost && !repeatable(callOf(input)):
			return answer.Errorf(answer.Undetermined, "the bot had to sign in anew while the call was made: %w", err).
				WithHint("it may have been carried out: look before doing it again")
		}
	}
}

// repeatable reports whether a call may be made twice: it only asks, or it sends
// messages, whose random ids the server knows again.
func repeatable(c call) bool {
	_, name, _ := strings.Cut(c.method, ".")
	return c.messages > 0 || c.lookup || strings.HasPrefix(name, "get")
}
