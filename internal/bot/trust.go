package bot

import (
	"context"
	"errors"
	"time"

	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/session"
)

// trusted reports whether a name is believed that was confirmed at that time.
func (b *Bot) trusted(confirmed time.Time) bool {
	return b.opts.Now().Sub(confirmed) < session.NameTrust
}

// settle finds out at the server who a reference means. The book knows it
// afterwards, because it sees every answer.
//
// Of a name that the book has trusted for too long, the owner is asked about
// first: that costs no look-up of a name, of which a bot has few.
func (b *Bot) settle(ctx context.Context, ref session.Ref) error {
	if ref.Name == "" {
		return b.ask(ctx, ref)
	}
	p, confirmed, err := b.book.Named(ref.Name)
	if err != nil {
		return b.ask(ctx, ref)
	}
	if b.trusted(confirmed) {
		return nil // settled by somebody else meanwhile
	}
	borne, err := b.stillBears(ctx, p, ref.Name)
	if err != nil || borne {
		return err
	}
	return b.ask(ctx, ref)
}

// stillBears asks the server about the owner of a name, and looks whether the
// name is still theirs in the book, which the answer has gone through.
func (b *Bot) stillBears(ctx context.Context, p session.Peer, name string) (bool, error) {
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

// shown asks the server about a peer, and reports whether it has told all of
// them. What it hides says nothing about their names.
func (b *Bot) shown(ctx context.Context, p session.Peer) (bool, error) {
	api, err := b.api(ctx)
	if err != nil {
		return false, err
	}
	if in, ok := p.InputUser(); ok {
		users, err := api.UsersGetUsers(ctx, []tg.InputUserClass{in})
		for _, u := range users {
			if u, ok := u.(*tg.User); ok && u.ID == p.ID.Num && !u.Min {
				return true, nil
			}
		}
		return false, unlessHidden(b, err)
	}
	in, ok := p.InputChannel()
	if !ok {
		return false, nil // basic groups bear no names
	}
	answered, err := api.ChannelsGetChannels(ctx, []tg.InputChannelClass{in})
	if err != nil {
		return false, unlessHidden(b, err)
	}
	for _, c := range answered.GetChats() {
		if c, ok := c.(*tg.Channel); ok && c.ID == p.ID.Num && !c.Min {
			return true, nil
		}
	}
	return false, nil
}

// unlessHidden drops an error that says that the bot may not see a peer.
func unlessHidden(b *Bot, err error) error {
	if hidden(err) {
		return nil
	}
	return b.explain(err)
}

// hidden reports whether the server refused to show a peer, or a hash of it that
// is not good any more.
func hidden(err error) bool {
	return tg.IsUserIDInvalid(err) || tg.IsPeerIDInvalid(err) || tg.IsChatIDInvalid(err) ||
		tg.IsChannelInvalid(err) || tg.IsChannelPrivate(err)
}
