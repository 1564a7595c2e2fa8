package bot

import (
	"context"

	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/session"
)

// renewing makes a call about a peer of the book. If the server refuses its access
// hash, it is asked about with hash 0, which renews the record, and the call is made
// once more. The error is the call's, for explainPeer, or an *answer.Error that says
// that the hash is stale: hash 0 does not help either.
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
	if !tgerr.Is(err, "PEER_ID_INVALID", "USER_ID_INVALID", "CHANNEL_INVALID", "ENTITY_MENTION_USER_INVALID") {
		return err
	}
	now := make([]session.Peer, len(peers))
	changed := false
	for i, p := range peers {
		renewed, failed := b.renewed(ctx, p)
		if failed != nil {
			return failed
		}
		now[i] = renewed
		changed = changed || renewed.Hash != p.Hash
	}
	if !changed {
		return err
	}
	return call(now)
}

// renewed returns a peer with the access hash that the server accepts.
func (b *Bot) renewed(ctx context.Context, p session.Peer) (session.Peer, error) {
	if p.Hash.Input() == 0 || p.ID.Kind == session.Chat || p.Has(session.FlagSelf) {
		return p, nil // hash 0 was refused already, or there is none
	}
	api, err := b.api(ctx)
	if err != nil {
		return p, err
	}
	if p.ID.Kind == session.User {
		_, err = api.UsersGetUsers(ctx, []tg.InputUserClass{&tg.InputUser{UserID: p.ID.Num}})
	} else {
		_, err = api.ChannelsGetChannels(ctx, []tg.InputChannelClass{&tg.InputChannel{ChannelID: p.ID.Num}})
	}
	if err := unlessHidden(b, err); err != nil {
		return p, err
	}
	now, err := b.book.Peer(p.ID)
	if err != nil {
		return p, answer.Errorf(answer.Failed, "read the book: %w", err)
	}
	if now.Hash != p.Hash {
		return now, nil
	}
	// Whom the bot has only looked up is not told about with hash 0.
	shown, err := b.shown(ctx, p)
	if err == nil && !shown {
		err = answer.Errorf(answer.StaleHash, "the server no longer takes the access hash of %s (stale), and gives no other", title(p)).
			WithHint("the bot gets a new one when it sees them again: when they write to it, or in a group that it is in")
	}
	return p, err
}
