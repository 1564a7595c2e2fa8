package bot

import (
	"context"
	"iter"
	"strconv"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/session"
)

// Peers lists the book.
func (b *Bot) Peers(ctx context.Context, req answer.PeersRequest) iter.Seq2[answer.Peer, error] {
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
			if err = reading(ctx, err); err != nil {
				yield(answer.Peer{}, err)
				return
			}
			if !yield(described(p, req.Hashes), nil) {
				return
			}
		}
	}
}

// reading is what ends a listing: an error of the book, or a caller who leaves.
func reading(ctx context.Context, err error) error {
	switch {
	case err != nil:
		return unreadable(err)
	case ctx.Err() != nil:
		return answer.Errorf(answer.Interrupted, "interrupted: %w", ctx.Err())
	default:
		return nil
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

		Phone:       p.Phone,
		Min:         p.Min,
		Flags:       p.Flags.Names(),
		FirstSource: sourceOf(p.FirstSource),
		LastSource:  sourceOf(p.LastSource),
		MigratedTo:  peerID(p.MigratedTo),
	}
	for _, u := range p.Usernames {
		out.Usernames = append(out.Usernames, u.Name)
	}
	if h, ok := p.Hash.Reveal(); ok && hashes {
		out.AccessHash = strconv.FormatInt(h, 10)
	}
	return out
}

// sourceOf is where a sighting arrived; nil if that is not known.
func sourceOf(s session.Source) *answer.Source {
	if s == (session.Source{}) {
		return nil
	}
	return &answer.Source{Via: s.Via.String(), What: s.What, Chat: peerID(s.Chat)}
}

// peerID is an id as the contract has it; nil for nobody's.
func peerID(id session.ID) *answer.PeerID {
	if id == (session.ID{}) {
		return nil
	}
	return &answer.PeerID{Kind: id.Kind.String(), ID: id.Num}
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
