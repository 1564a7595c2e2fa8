package bot

import (
	"context"
	"errors"
	"sync"
	"time"

	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/session"
)

// Run signs in and stays until ctx ends: harvests, greets and sends what it
// owes. It calls ready once, when the bot is signed in and its updates flow. It
// returns nil when ctx ended or the bot was logged out, and an *answer.Error for everything else, such as
// a session that the server has ended.
func (b *Bot) Run(ctx context.Context, ready func(self answer.Peer)) error {
	l, err := b.begin()
	if err != nil {
		return err
	}
	defer b.end()
	var once sync.Once
	signedIn := func(self answer.Peer) {
		b.opts.Logger.Info("signed in", zap.Int64("bot", self.ID))
		if ready != nil {
			once.Do(func() { ready(self) })
		}
	}
	for {
		err := l.run(ctx, func(ctx context.Context) error { return b.stay(ctx, l, signedIn) })
		b.count(l)
		if l.next == nil {
			return err
		}
		l = l.next
	}
}

// stay keeps a link busy that receives updates.
func (b *Bot) stay(ctx context.Context, l *link, signedIn func(self answer.Peer)) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return l.memory.Run(ctx, l.client, tap{b, newGreeter(b)}) })
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
		signedIn(described(self, false))
		return nil
	})
	err := g.Wait()
	switch {
	case errors.Is(err, session.ErrNotBot):
		return answer.Errorf(answer.Unauthorized, "the session is a person's, not a bot's")
	case errors.Is(err, session.ErrUnwritten):
		return b.unwritten(err, true) // without the words of gotd around it
	}
	return err
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
	before := b.link
	b.link, b.running, b.counted = l, time.Now(), session.Stats{}
	if before != nil {
		// It needs the lock to find out that nobody needs it.
		b.mu.Unlock()
		before.stop()
		b.mu.Lock()
	}
	return l, nil
}

func (b *Bot) end() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.running = time.Time{}
}

// count keeps the counts of a link that is over.
func (b *Bot) count(l *link) {
	s := l.memory.Stats()
	b.mu.Lock()
	defer b.mu.Unlock()
	b.counted = sum(b.counted, s)
}

func sum(a, b session.Stats) session.Stats {
	return session.Stats{
		Envelopes: a.Envelopes + b.Envelopes, Sightings: a.Sightings + b.Sightings,
		Dropped: a.Dropped + b.Dropped, Failed: a.Failed + b.Failed,
	}
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
