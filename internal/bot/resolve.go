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
	got := resolved(req, p, source, err)
	return got.Peer, err
}

// resolved is the answer to a request, or why there is none.
func resolved(req answer.ResolveRequest, p session.Peer, source string, err error) answer.Resolved {
	if err != nil {
		return answer.Resolved{Peer: answer.Peer{Input: req.Ref}, Error: answer.From(err)}
	}
	out := described(p, req.Hashes)
	out.Input, out.Source = req.Ref, source
	return answer.Resolved{Peer: out}
}

// find is the ladder: what was typed, the book, the server, the book again, a
// verdict. Whatever the server tells goes through the book.
func (b *Bot) find(ctx context.Context, typed string, cachedOnly bool) (session.Peer, string, error) {
	ref, p, err := b.inBook(typed, cachedOnly)
	if !errors.Is(err, errAsk) {
		return p, fromBook, err
	}
	if err := b.ask(ctx, ref, nil); err != nil {
		return p, "", err
	}
	p, _, err = b.known(ref)
	return p, fromServer, verdict(ref, err)
}

// ask asks the server who a reference means. A look-up of a name waits for its
// turn, if it has one.
func (b *Bot) ask(ctx context.Context, ref session.Ref, turn <-chan struct{}) error {
	if ref.Name != "" {
		return b.askName(ctx, ref.Name, turn)
	}
	_, err := b.inquire(ctx, ref.ID, 0)
	return err
}

// errAsk says that the book does not decide, and the server has to be asked.
var errAsk = errors.New("not decided by the book")

// inBook tells who a reference means without asking anybody.
func (b *Bot) inBook(typed string, cachedOnly bool) (session.Ref, session.Peer, error) {
	ref, err := session.ParseRef(typed)
	if err != nil {
		return ref, session.Peer{}, answer.Errorf(answer.Usage, "%w", err).
			WithHint("write @name, a t.me link or an id")
	}
	if ref.Self {
		p, err := b.self()
		return ref, p, err
	}
	p, confirmed, err := b.known(ref)
	switch {
	case err == nil && (cachedOnly || ref.Name == "" || b.trusted(confirmed)):
		return ref, p, nil
	case !cachedOnly && (err == nil || undecided(err)):
		return ref, p, errAsk
	default:
		return ref, p, verdict(ref, err)
	}
}

// known also returns when a name was confirmed last.
func (b *Bot) known(ref session.Ref) (session.Peer, time.Time, error) {
	if ref.Name != "" {
		return b.book.Named(ref.Name)
	}
	p, err := b.book.Peer(ref.ID)
	return p, time.Time{}, err
}

// undecided reports whether the book leaves open who is meant.
func undecided(err error) bool {
	return errors.Is(err, session.ErrNeverSeen) || errors.Is(err, session.ErrContested)
}

// verdict puts into words what the book says of a reference.
func verdict(ref session.Ref, err error) error {
	switch {
	case errors.Is(err, session.ErrNeverSeen):
		return neverSeen(ref)
	case errors.Is(err, session.ErrContested):
		return contested(ref)
	default:
		return unreadable(err)
	}
}

// askName finds out at the server who bears a name. Of a name that the book has
// trusted for too long, the owner is asked about first.
func (b *Bot) askName(ctx context.Context, name string, turn <-chan struct{}) error {
	if p, _, err := b.book.Named(name); err == nil {
		borne, err := b.stillBears(ctx, p, name)
		if err != nil || borne {
			return err
		}
	}
	if turn != nil {
		select {
		case <-turn:
		case <-ctx.Done():
			return answer.Errorf(answer.Interrupted, "interrupted: %w", ctx.Err())
		}
	}
	return b.lookups.do(ctx, strings.ToLower(name), func(ctx context.Context) error {
		return b.lookUp(ctx, name)
	})
}

// lookUp looks up a name, unless somebody else just did.
func (b *Bot) lookUp(ctx context.Context, name string) error {
	if _, confirmed, err := b.book.Named(name); err == nil && b.trusted(confirmed) {
		return nil
	}
	if err := b.vacant(name); err != nil {
		return err
	}
	if err := b.gate.refuses(lookingUp); err != nil {
		return b.explain(err)
	}
	api, err := b.api(ctx)
	if err != nil {
		return err
	}
	_, err = api.ContactsResolveUsername(ctx, &tg.ContactsResolveUsernameRequest{Username: name})
	switch {
	case tg.IsUsernameNotOccupied(err):
		return nobody(name)
	case tg.IsUsernameInvalid(err):
		return answer.Errorf(answer.NotFound, "@%s cannot be anybody's name", name)
	default:
		return b.explain(err)
	}
}

// vacant refuses a name of which the server has just said that it is nobody's:
// it would only say so again, and look-ups are few.
func (b *Bot) vacant(name string) error {
	until, err := b.book.Vacant(name)
	if err != nil {
		return unreadable(err)
	}
	if wait := until.Sub(b.opts.Now()); wait > 0 {
		return nobody(name).WithRetryAfter(wait)
	}
	return nil
}

func nobody(name string) *answer.Error {
	return answer.Errorf(answer.NotFound, "nobody is called @%s", name)
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
