package main

import (
	"context"

	"github.com/gotd/td/session"
	"github.com/gotd/td/telegram"
)

// bare is a client that decodes updates, counts them, and stores nothing. It has no
// manager of gaps either: what is lost stays lost, and nothing is compared with what
// was heard before.
func bare(ctx context.Context, p place) error {
	t := newTally(p, "bare")
	options := p.options()
	options.SessionStorage = &session.StorageMemory{}
	options.UpdateHandler = telegram.UpdateHandlerFunc(t.handle)
	client := telegram.NewClient(1, "hash", options)
	return client.Run(ctx, func(ctx context.Context) error {
		if _, err := client.Auth().Bot(ctx, p.token); err != nil {
			return err
		}
		return t.passes(ctx, nil)
	})
}
