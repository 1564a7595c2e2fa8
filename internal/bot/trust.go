package bot

import (
	"context"
	"errors"
	"time"

	"github.com/f48b34c0/seen/session"
)

// trusted reports whether a name is believed that was confirmed at that time.
func (b *Bot) trusted(confirmed time.Time) bool {
	return b.opts.Now().Sub(confirmed) < session.NameTrust
}

// stillBears asks the server about the owner of a name that was trusted for too
// long, and looks whether the name is still theirs in the book, which the answer
// has gone through. That costs no look-up of a name, of which a bot has few.
func (b *Bot) stillBears(ctx context.Context, p session.Peer, name string) (bool, error) {
	if p.ID.Kind == session.Chat {
		return false, nil // basic groups bear no names
	}
	shown, err := b.shown(ctx, p)
	if err != nil || !shown {
		return false, err
	}
	now, err := b.book.ByName(name)
	switch {
	case errors.Is(err, session.ErrNeverSeen), errors.Is(err, session.ErrContested):
		return false, nil
	case err != nil:
		return false, unreadable(err)
	}
	return now.ID == p.ID, nil
}

// shown asks the server about a peer of the book, and reports whether it has told
// all of it. What it hides says nothing about its names.
func (b *Bot) shown(ctx context.Context, p session.Peer) (bool, error) {
	hash := p.Hash.Input()
	shown, err := b.inquire(ctx, p.ID, hash)
	if err != nil || shown || hash == 0 {
		return shown, err
	}
	return b.inquire(ctx, p.ID, 0)
}

// inquire asks the server who has an id. Asking with hash 0 is a bot's own right,
// and the server answers only for whom the bot has met: see
// core.telegram.org/api/peers#access-hash. The book has the answer afterwards,
// because it sees every one.
func (b *Bot) inquire(ctx context.Context, id session.ID, hash int64) (shown bool, err error) {
	shown, err = b.inquiries[id.Kind].about(ctx, inquiry{id, hash})
	return shown, b.explain(err)
}
