package bot

import (
	"context"
	"iter"
	"strconv"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/session"
)

// Peers lists the book.
func (b *Bot) Peers(_ context.Context, req answer.PeersRequest) iter.Seq2[answer.Peer, error] {
	return func(yield func(answer.Peer, error) bool) {
		list := b.book.All()
		if req.Kind != "" {
			kind, ok := kindOf(req.Kind)
			if !ok {
				yield(answer.Peer{}, answer.Errorf(answer.Usage, "%q is not a kind of peer", req.Kind).
					WithHint("write user, chat or channel"))
				return
			}
			list = b.book.OfKind(kind)
		}
		for p, err := range list {
			if err != nil {
				yield(answer.Peer{}, answer.Errorf(answer.Failed, "read the book: %w", err))
				return
			}
			if !yield(described(p, req.Hashes), nil) {
				return
			}
		}
	}
}

func kindOf(s string) (session.Kind, bool) {
	for _, k := range []session.Kind{session.User, session.Chat, session.Channel} {
		if k.String() == s {
			return k, true
		}
	}
	return 0, false
}

// described is a peer as the contract has it.
func described(p session.Peer, hashes bool) answer.Peer {
	out := answer.Peer{
		Kind:      p.ID.Kind.String(),
		ID:        p.ID.Num,
		BotAPIID:  p.ID.BotAPI(),
		Name:      p.Name(),
		Language:  p.Language,
		Bot:       p.Has(session.FlagBot),
		Deleted:   p.Has(session.FlagDeleted),
		Hash:      p.Hash.Class().String(),
		FirstSeen: p.FirstSeen,
		LastSeen:  p.LastSeen,
	}
	for _, u := range p.Usernames {
		out.Usernames = append(out.Usernames, u.Name)
	}
	if h, ok := p.Hash.Reveal(); ok && hashes {
		out.AccessHash = strconv.FormatInt(h, 10)
	}
	return out
}

// title is what a peer is called in a message for people.
func title(p session.Peer) string {
	switch {
	case p.Name() != "":
		return p.Name()
	case len(p.Usernames) > 0:
		return "@" + p.Usernames[0].Name
	default:
		return p.ID.String()
	}
}
