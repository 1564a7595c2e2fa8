package bot

import (
	"context"
	"time"

	"github.com/gotd/td/tgerr"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/session"
)

// deliver makes a call that shows something to a peer, or sends something there.
// What the answer says of a private chat the memory keeps; what it says together
// with others is kept here. The error is an *answer.Error.
func (b *Bot) deliver(ctx context.Context, p session.Peer, others []session.Peer, call func(to session.Peer, others []session.Peer) error) error {
	peers := append([]session.Peer{p}, others...)
	err := b.renewingAll(ctx, peers, func(now []session.Peer) error { return call(now[0], now[1:]) })
	if neverStarted(err, p) {
		// The server takes the hash, so it is not that.
		b.file.NeverStarted(p.ID.Num, b.now())
	}
	return b.explainPeer(err, p)
}

// neverStarted reports whether a refusal says that a user has not started the bot,
// once the access hash cannot be the reason.
func neverStarted(err error, p session.Peer) bool {
	return p.ID.Kind == session.User && tgerr.Is(err, "PEER_ID_INVALID", "USER_ID_INVALID")
}

// now returns the time on the server's clock, as far as it is known.
func (b *Bot) now() time.Time {
	b.mu.Lock()
	l := b.link
	b.mu.Unlock()
	if l == nil {
		return b.opts.Now()
	}
	return l.memory.Now()
}

// mayWrite refuses to write to somebody of whom the book knows that the server will
// not let the bot. It asks nobody. Who never started the bot is not refused: they
// may have since, while nobody listened.
func (b *Bot) mayWrite(p session.Peer, anyway bool) error {
	switch {
	case p.ID.Service():
		return answer.Errorf(answer.Forbidden, "%s is one of Telegram's own accounts; nobody can write to it", title(p))
	case p.Has(session.FlagSelf):
		return answer.Errorf(answer.IsBot, "a bot cannot write to itself")
	case anyway || p.ID.Kind != session.User:
		return nil
	}
	d, err := b.file.Dialog(p.ID.Num)
	if err != nil {
		return answer.Errorf(answer.Failed, "read the dialog: %w", err)
	}
	d = d.AsOf(b.now())
	switch d.Standing {
	case session.StandingBlocked, session.StandingDeleted, session.StandingBot:
		return b.refusal(p, d).WithHint("%s; --anyway asks the server all the same", b.refusal(p, d).Hint)
	}
	return nil
}
