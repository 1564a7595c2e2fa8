package fakedc_test

import (
	"context"
	"errors"
	"testing"

	"github.com/gotd/td/telegram"
	"github.com/gotd/td/telegram/updates"
	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/internal/fakedc"
)

// What has neither pts nor qts is for who is there: it gets through gotd's manager
// even while that asks for a difference, and never comes afterwards.
func TestGotdsManagerTakesQueries(t *testing.T) {
	s := serve(t, nil)
	known := &memory{channels: map[int64]int{}, hashes: map[int64]int64{}}
	storage := agree().storage.Clone()
	run := func(query string) {
		t.Helper()
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		heard := make(chan string, 1)
		d := tg.NewUpdateDispatcher()
		d.OnBotInlineQuery(func(_ context.Context, _ tg.Entities, u *tg.UpdateBotInlineQuery) error {
			heard <- u.Query
			return nil
		})
		mgr := updates.New(updates.Config{Handler: d, Storage: known, AccessHasher: known, UserAccessHasher: known})
		tc := telegram.NewClient(1, "hash", clientTo(s, telegram.Options{SessionStorage: storage, UpdateHandler: mgr}))
		err := tc.Run(ctx, func(ctx context.Context) error {
			if _, err := tc.Auth().Bot(ctx, fakedc.DemoToken); err != nil {
				return err
			}
			return mgr.Run(ctx, tc.API(), fakedc.DemoBotID, updates.AuthOptions{IsBot: true, OnStart: func(ctx context.Context) {
				do(t, s, fakedc.Step{Do: "inline", Who: "ann", Text: query})
				go func() {
					select {
					case got := <-heard:
						if got != query {
							t.Errorf("heard %q, want %q", got, query)
						}
						cancel()
					case <-ctx.Done():
					}
				}()
			}})
		})
		if err != nil && !errors.Is(err, context.Canceled) {
			t.Errorf("%q: %v", query, err)
		}
	}
	run("first")
	do(t, s, fakedc.Step{Do: "inline", Who: "bob", Text: "missed"})
	run("second")
}
