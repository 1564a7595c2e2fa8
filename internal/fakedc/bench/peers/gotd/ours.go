package main

import (
	"context"
	"path/filepath"

	"github.com/gotd/td/telegram"
	"golang.org/x/sync/errgroup"

	"github.com/f48b34c0/seen/session"
)

func path(p place) string { return filepath.Join(p.store, "bot.session") }

// ours is a client with a session file. It says that everybody is stored when every
// message has been handled, through the follower that fills gaps, and everything
// harvested is in the file.
func ours(ctx context.Context, p place) (err error) {
	file, err := session.Open(path(p), nil)
	if err != nil {
		return err
	}
	t := newTally(p, "ours")
	options := p.options()
	memory := file.Wire(&options)
	client := telegram.NewClient(1, "hash", options)
	return client.Run(ctx, func(ctx context.Context) error {
		if _, err := client.Auth().Bot(ctx, p.token); err != nil {
			return err
		}
		g, ctx := errgroup.WithContext(ctx)
		g.Go(func() error { return memory.Run(ctx, client, telegram.UpdateHandlerFunc(t.handle)) })
		g.Go(func() error {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-memory.Ready():
			}
			return t.passes(ctx, file.Flush)
		})
		return g.Wait()
	})
}

// count opens the file as the next process would.
func count(p place) error {
	file, err := session.Open(path(p), nil)
	if err != nil {
		return err
	}
	defer file.Close() //nolint:errcheck // it was only read
	kept := 0
	for peer, err := range file.Book().All() {
		if err != nil {
			return err
		}
		if hash, _ := peer.Hash.Reveal(); peer.Hash.Class() == session.HashFull && hash != 0 && !peer.Has(session.FlagBot) {
			kept++
		}
	}
	return say(map[string]any{"kept": kept})
}
