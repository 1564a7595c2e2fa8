package session

import (
	"context"
	"errors"
	"fmt"

	"github.com/gotd/td/telegram/message/peer"
	"github.com/gotd/td/tg"
)

// Resolver returns a resolver for gotd's message sender that knows whom the book
// knows and asks nobody.
func (b *Book) Resolver() peer.Resolver { return resolver{b} }

type resolver struct{ book *Book }

// ResolveDomain returns the peer that bears a username.
func (r resolver) ResolveDomain(_ context.Context, domain string) (tg.InputPeerClass, error) {
	p, err := r.book.ByName(domain)
	if err != nil {
		return nil, fmt.Errorf("@%s: %w", domain, err)
	}
	return p.Input(), nil
}

// ResolvePhone always fails: bots cannot look up phone numbers.
func (r resolver) ResolvePhone(context.Context, string) (tg.InputPeerClass, error) {
	return nil, errors.New("bots cannot look up phone numbers")
}

// UserResolver resolves the user ids in gotd's message/html and
// message/markdown, and refuses people whom the bot has not seen. gotd's default
// takes everybody, with hash 0. Where it refuses, gotd leaves the text without a
// mention and reports no error.
func (b *Book) UserResolver() func(id int64) (tg.InputUserClass, error) {
	return func(id int64) (tg.InputUserClass, error) {
		p, err := b.Peer(UserID(id))
		if err != nil {
			return nil, fmt.Errorf("user %d: %w", id, err)
		}
		in, _ := p.InputUser()
		return in, nil
	}
}
