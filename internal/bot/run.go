package bot

import (
	"context"
	"errors"
	"time"

	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/session"
)

// Run signs in and stays until ctx ends: harvests, greets and sends what it
// owes. It calls ready once, when the bot is signed in and its updates flow. It
// returns nil when ctx ended, and an *answer.Error for everything else, such as
// a session that the server has ended.
func (b *Bot) Run(ctx context.Context, ready func(self answer.Peer)) error {
	l, err := b.begin()
	if err != nil {
		return err
	}
	defer b.end()
	return l.run(ctx, func(ctx context.Context) error {
		g, ctx := errgroup.WithContext(ctx)
		g.Go(func() error { return l.memory.Run(ctx, l.client, newGreeter(b)) })
		g.Go(func() error { return sender{b, l.client.API()}.run(ctx) })
		g.Go(func() error {
			select {
			case <-ctx.Done():
				return nil
			case <-l.memory.Ready():
			}
			self, err := b.self()
			if err != nil {
				return err
			}
			b.opts.Logger.Info("signed in", zap.Int64("bot", self.ID.Num))
			if ready != nil {
				ready(described(self, false))
			}
			return nil
		})
		err := g.Wait()
		if errors.Is(err, session.ErrNotBot) {
			return answer.Errorf(answer.Unauthorized, "the session is a person's, not a bot's")
		}
		return err
	})
}

// begin makes the link that receives updates. A link without updates that a
// request has started meanwhile gives way.
func (b *Bot) begin() (*link, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.running.IsZero() {
		return nil, answer.Errorf(answer.Failed, "the bot runs already")
	}
	l, err := b.newLink(false)
	if err != nil {
		return nil, err
	}
	if b.link != nil {
		b.link.stop()
	}
	b.link, b.running = l, time.Now()
	return l, nil
}

func (b *Bot) end() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.running = time.Time{}
}

// self returns the bot's own record.
func (b *Bot) self() (session.Peer, error) {
	id := b.file.BotID()
	if id == 0 {
		return session.Peer{}, answer.Errorf(answer.Unauthorized, "the bot has never signed in with this session file").
			WithHint("start it once: seen run")
	}
	p, err := b.book.Peer(session.UserID(id))
	if err != nil {
		return p, answer.Errorf(answer.Failed, "read the bot's own record: %w", err)
	}
	return p, nil
}
