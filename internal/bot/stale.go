package bot

import (
	"context"
	"slices"

	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"
	"golang.org/x/sync/errgroup"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/session"
)

// renewing makes a call about a peer of the book. If the server refuses its access
// hash, it is asked about with hash 0, which renews the record, and the call is
// made once more. The error is the call's, for explainPeer, or an *answer.Error
// that says that the hash is stale: hash 0 does not help either.
//
// The same errors tell that somebody has never started the bot. A hash that the
// server still knows is not called stale, and the call is not repeated.
func (b *Bot) renewing(ctx context.Context, p session.Peer, call func(p session.Peer) error) error {
	return b.renewingAll(ctx, []session.Peer{p}, func(now []session.Peer) error { return call(now[0]) })
}

// renewingAll is renewing for a call about several peers, such as a message with
// mentions: the server does not say whose hash it refuses.
func (b *Bot) renewingAll(ctx context.Context, peers []session.Peer, call func(now []session.Peer) error) error {
	err := call(peers)
	if !hashRefused(err) {
		return err
	}
	now := slices.Clone(peers)
	g, asking := errgroup.WithContext(ctx)
	for i, p := range peers {
		g.Go(func() (err error) {
			now[i], err = b.renewed(asking, p)
			return err
		})
	}
	if failed := g.Wait(); failed != nil {
		return failed
	}
	for i := range now {
		if now[i].Hash != peers[i].Hash {
			return call(now)
		}
	}
	return err
}

// mentionedIn are the peers of the book that a text mentions by id.
func (b *Bot) mentionedIn(entities []tg.MessageEntityClass) []session.Peer {
	var out []session.Peer
	for _, e := range entities {
		if id, ok := mentionOf(e); ok {
			if p, err := b.book.Peer(id); err == nil {
				out = append(out, p)
			}
		}
	}
	return out
}

// remention puts the peers as they are now into the mentions of a text.
func remention(entities []tg.MessageEntityClass, now []session.Peer) []tg.MessageEntityClass {
	out := slices.Clone(entities)
	for i, e := range out {
		id, ok := mentionOf(e)
		if !ok {
			continue
		}
		for _, p := range now {
			if in, ok := p.InputUser(); ok && p.ID == id {
				out[i] = &tg.InputMessageEntityMentionName{Offset: e.GetOffset(), Length: e.GetLength(), UserID: in}
			}
		}
	}
	return out
}

func mentionOf(e tg.MessageEntityClass) (session.ID, bool) {
	m, ok := e.(*tg.InputMessageEntityMentionName)
	if !ok {
		return session.ID{}, false
	}
	u, ok := m.UserID.(*tg.InputUser)
	if !ok {
		return session.ID{}, false
	}
	return session.UserID(u.UserID), true
}

// hashRefused reports whether a call may have been refused for an access hash.
func hashRefused(err error) bool {
	return tgerr.Is(err, "PEER_ID_INVALID", "USER_ID_INVALID", "CHANNEL_INVALID", "ENTITY_MENTION_USER_INVALID")
}

// renewed returns a peer with the access hash that the server accepts: another one
// if it has changed. It returns an error if there is none.
func (b *Bot) renewed(ctx context.Context, p session.Peer) (session.Peer, error) {
	hash := p.Hash.Input()
	if hash == 0 || p.ID.Kind == session.Chat || p.Has(session.FlagSelf) {
		return p, nil // hash 0 was refused already, or there is none
	}
	// Somebody else may have asked meanwhile. Whoever was met is told about with
	// hash 0; for the others, whom the bot has only looked up, the stored hash is
	// all there is.
	for _, with := range []int64{0, hash} {
		if now, err := b.book.Peer(p.ID); err != nil || now.Hash != p.Hash {
			return now, unreadable(err)
		}
		shown, err := b.inquire(ctx, p.ID, with)
		if err != nil {
			return p, err
		}
		if shown {
			now, err := b.book.Peer(p.ID)
			return now, unreadable(err)
		}
	}
	return p, stale(p)
}

func stale(p session.Peer) error {
	return answer.Errorf(answer.StaleHash, "the server no longer takes the access hash of %s (stale), and gives no other", title(p)).
		WithHint("the bot gets a new one when it sees them again: when they write to it, or in a group that it is in")
}
