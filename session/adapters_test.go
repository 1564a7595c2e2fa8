package session

import (
	"context"
	"errors"
	"testing"

	tdsession "github.com/gotd/td/session"
	"github.com/gotd/td/telegram/updates"
)

// gotd's contracts: ErrNotFound for a session that is not there, an error from a
// setter without a state, and channels that survive a new state.
func TestAdaptersKeepGotdsContracts(t *testing.T) {
	ctx := t.Context()
	path := t.TempDir() + "/bot.session"
	f, err := Open(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.SessionStorage().LoadSession(ctx); !errors.Is(err, tdsession.ErrNotFound) {
		t.Errorf("a session that is not there: %v", err)
	}
	s := f.StateStorage()
	if _, found, err := s.GetState(ctx, 1); found || err != nil {
		t.Errorf("a state that is not there: %v, %v", found, err)
	}
	if err := s.SetPts(ctx, 1, 5); err == nil {
		t.Error("pts was set without a state")
	}
	want := updates.State{Pts: 5, Qts: 6, Date: 7, Seq: 8}
	err = errors.Join(
		f.signedIn(42),
		f.SessionStorage().StoreSession(ctx, []byte("key")),
		s.SetChannelPts(ctx, 1, 100, 3), s.SetChannelPts(ctx, 1, 200, 4),
		s.SetState(ctx, 1, updates.State{Pts: 1, Qts: 1, Date: 1, Seq: 1}),
		s.SetPts(ctx, 1, 5), s.SetQts(ctx, 1, 6), s.SetDate(ctx, 1, 1), s.SetSeq(ctx, 1, 1), s.SetDateSeq(ctx, 1, 7, 8),
		f.Close(),
	)
	if err != nil {
		t.Fatal(err)
	}
	if f, err = Open(path, nil); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	s = f.StateStorage()
	if got, found, err := s.GetState(ctx, 1); got != want || !found || err != nil {
		t.Errorf("stored was %+v, %v, %v", got, found, err)
	}
	if data, err := f.SessionStorage().LoadSession(ctx); string(data) != "key" || err != nil {
		t.Errorf("the session is %q, %v", data, err)
	}
	channels := map[int64]int{}
	err = s.ForEachChannels(ctx, 1, func(_ context.Context, id int64, pts int) error {
		channels[id] = pts
		return nil
	})
	if err != nil || len(channels) != 2 || channels[100] != 3 || channels[200] != 4 {
		t.Errorf("the channels are %v, %v", channels, err)
	}
	put(t, f, crowdSighting(3))
	h := f.Book().AccessHasher()
	if err := h.SetUserAccessHash(ctx, 1, 3, 99); err != nil {
		t.Fatal(err)
	}
	if hash, found, err := h.GetUserAccessHash(ctx, 1, 3); hash != 21 || !found || err != nil {
		t.Errorf("a known user: %d, %v, %v", hash, found, err)
	}
	if hash, found, err := h.GetChannelAccessHash(ctx, 1, 5); hash != 0 || !found || err != nil {
		t.Errorf("an unknown channel: %d, %v, %v", hash, found, err)
	}
}
