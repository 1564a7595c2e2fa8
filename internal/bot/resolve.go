package bot

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/session"
)

// Where an answer came from.
const (
	fromBook   = "book"
	fromServer = "server"
)

// Resolve tells who a reference means.
func (b *Bot) Resolve(ctx context.Context, req answer.ResolveRequest) (answer.Peer, error) {
	p, source, err := b.find(ctx, req.Ref, req.CachedOnly)
	if err != nil {
		return answer.Peer{Input: req.Ref}, err
	}
	out := described(p, req.Hashes)
	out.Input, out.Source = req.Ref, source
	return out, nil
}

// find is the ladder: what was typed, the book, the server, a verdict.
func (b *Bot) find(ctx context.Context, typed string, cachedOnly bool) (session.Peer, string, error) {
	ref, err := session.ParseRef(typed)
	if err != nil {
		return session.Peer{}, "", answer.Errorf(answer.Usage, "%w", err).
			WithHint("write @name, a t.me link or an id")
	}
	if ref.Self {
		p, err := b.self()
		return p, fromBook, err
	}
	p, confirmed, err := b.known(ref)
	switch {
	case err == nil && (cachedOnly || ref.Name == "" || b.trusted(confirmed)):
		return p, fromBook, nil
	case err == nil: // a name that was trusted for too long
	case !errors.Is(err, session.ErrNeverSeen) && !errors.Is(err, session.ErrContested):
		return p, "", unreadable(err)
	case cachedOnly && errors.Is(err, session.ErrContested):
		return p, "", contested(ref)
	case cachedOnly:
		return p, "", neverSeen(ref)
	}
	key := strings.ToLower(ref.String())
	if err := b.asked.do(ctx, key, func(ctx context.Context) error { return b.settle(ctx, ref) }); err != nil {
		return p, "", err
	}
	// The answer is in the book by now.
	p, _, err = b.known(ref)
	switch {
	case errors.Is(err, session.ErrNeverSeen):
		return p, "", neverSeen(ref)
	case errors.Is(err, session.ErrContested):
		return p, "", contested(ref)
	case err != nil:
		return p, "", unreadable(err)
	}
	return p, fromServer, nil
}

// known also returns when a name was confirmed last.
func (b *Bot) known(ref session.Ref) (session.Peer, time.Time, error) {
	if ref.Name != "" {
		return b.book.Named(ref.Name)
	}
	p, err := b.book.Peer(ref.ID)
	return p, time.Time{}, err
}

// ask asks the server about somebody who is not in the book. Asking with hash 0
// is a bot's own right, and the server answers only for whom the bot has met:
// see core.telegram.org/api/peers#access-hash.
func (b *Bot) ask(ctx context.Context, ref session.Ref) error {
	if err := b.vacant(ref); err != nil {
		return err
	}
	api, err := b.api(ctx)
	if err != nil {
		return err
	}
	switch {
	case ref.Name != "":
		_, err = api.ContactsResolveUsername(ctx, &tg.ContactsResolveUsernameRequest{Username: ref.Name})
	case ref.ID.Kind == session.User:
		_, err = api.UsersGetUsers(ctx, []tg.InputUserClass{&tg.InputUser{UserID: ref.ID.Num}})
	case ref.ID.Kind == session.Chat:
		_, err = api.MessagesGetChats(ctx, []int64{ref.ID.Num})
	default:
		_, err = api.ChannelsGetChannels(ctx, []tg.InputChannelClass{&tg.InputChannel{ChannelID: ref.ID.Num}})
	}
	switch {
	case err == nil:
		return nil
	case tg.IsUsernameNotOccupied(err):
		return nobody(ref)
	case tg.IsUsernameInvalid(err):
		return answer.Errorf(answer.NotFound, "%s cannot be anybody's name", ref)
	case hidden(err):
		return neverSeen(ref)
	default:
		return b.explain(err)
	}
}

// vacant refuses a name of which the server has just said that it is nobody's:
// it would only say so again, and look-ups are few.
func (b *Bot) vacant(ref session.Ref) error {
	if ref.Name == "" {
		return nil
	}
	until, err := b.book.Vacant(ref.Name)
	if err != nil {
		return unreadable(err)
	}
	if wait := until.Sub(b.opts.Now()); wait > 0 {
		return nobody(ref).WithRetryAfter(wait)
	}
	return nil
}

func nobody(ref session.Ref) *answer.Error {
	return answer.Errorf(answer.NotFound, "nobody is called %s", ref)
}

func neverSeen(ref session.Ref) error {
	e := answer.Errorf(answer.NeverSeen, "%s was never seen by this bot", ref)
	switch {
	case ref.Name == "" && ref.ID.Kind != session.User:
		return e.WithHint("the bot sees a chat when it is added to it, or when somebody writes there")
	default:
		return e.WithHint("a bot sees people who write to it or in a group that it is in; ask them to open the bot")
	}
}

func contested(ref session.Ref) error {
	return answer.Errorf(answer.Contested, "two people claimed %s at one time, so nobody can say whose it is", ref).
		WithHint("ask Telegram whose it is: seen resolve %s", ref)
}
