package session

import (
	"context"
	"time"

	"github.com/cenkalti/backoff/v4"
	"github.com/gotd/td/telegram/auth"
	"github.com/gotd/td/telegram/updates"
	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"
)

// fetcher is how gotd's update manager reaches the server. It hands the updates
// of a difference to the handlers itself and gives the manager what is left: the
// state, and updates of channels.
//
// The manager would lose some of them: it runs updates other than new messages
// through the very sequence that the difference is about to set, where they are
// outdated or look like a gap; see github.com/gotd/td/issues/1853. It also asks
// again without end if one of them has a sender of whom nothing but a min object
// is to be had.
type fetcher struct {
	api   *tg.Client
	lanes *lanes
}

var _ updates.API = fetcher{}

// UpdatesGetState asks for the state.
func (f fetcher) UpdatesGetState(ctx context.Context) (*tg.UpdatesState, error) {
	return again(ctx, func() (*tg.UpdatesState, error) { return f.api.UpdatesGetState(ctx) })
}

// UpdatesGetDifference asks for what the account has missed.
func (f fetcher) UpdatesGetDifference(ctx context.Context, req *tg.UpdatesGetDifferenceRequest) (tg.UpdatesDifferenceClass, error) {
	if err := f.room(ctx); err != nil {
		return nil, err
	}
	d, err := again(ctx, func() (tg.UpdatesDifferenceClass, error) { return f.api.UpdatesGetDifference(ctx, req) })
	if err != nil {
		return nil, err
	}
	switch d := d.(type) {
	case *tg.UpdatesDifference:
		d.OtherUpdates = f.hand(d.NewMessages, d.OtherUpdates, d.Users, d.Chats)
		d.NewMessages = nil
	case *tg.UpdatesDifferenceSlice:
		d.OtherUpdates = f.hand(d.NewMessages, d.OtherUpdates, d.Users, d.Chats)
		d.NewMessages = nil
	}
	return d, nil
}

// hand gives the updates to the handlers, messages first, since an edit among
// the others may be of one of them. It returns those of channels, which the
// manager counts by the channel's own sequence.
func (f fetcher) hand(messages []tg.MessageClass, others []tg.UpdateClass, users []tg.UserClass, chats []tg.ChatClass) []tg.UpdateClass {
	var mine, rest []tg.UpdateClass
	for _, m := range messages {
		mine = append(mine, &tg.UpdateNewMessage{Message: m})
	}
	for _, u := range others {
		switch u.(type) {
		case *tg.UpdateChannelTooLong, *tg.UpdatePtsChanged:
			rest = append(rest, u)
			continue
		}
		if seq, ok := sequenceOf(u); ok && seq.kind == sequenceChannel {
			rest = append(rest, u)
			continue
		}
		mine = append(mine, u)
	}
	f.lanes.add(mine, users, chats)
	return rest
}

// UpdatesGetChannelDifference asks for what was missed in a channel.
func (f fetcher) UpdatesGetChannelDifference(ctx context.Context, req *tg.UpdatesGetChannelDifferenceRequest) (tg.UpdatesChannelDifferenceClass, error) {
	if err := f.room(ctx); err != nil {
		return nil, err
	}
	d, err := again(ctx, func() (tg.UpdatesChannelDifferenceClass, error) {
		return f.api.UpdatesGetChannelDifference(ctx, req)
	})
	if err != nil {
		return nil, err
	}
	if d, ok := d.(*tg.UpdatesChannelDifference); ok {
		var list []tg.UpdateClass
		for _, m := range d.NewMessages {
			list = append(list, &tg.UpdateNewChannelMessage{Message: m})
		}
		f.lanes.add(append(list, d.OtherUpdates...), d.Users, d.Chats)
		d.NewMessages, d.OtherUpdates = nil, nil
	}
	return d, nil
}

// room waits until the handlers have caught up: a difference brings as much as
// the server likes, and what it brings is never dropped.
func (f fetcher) room(ctx context.Context) error {
	for f.lanes.len() > pressure/2 {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
	return nil
}

// again repeats a call until it succeeds or fails for good. The manager only
// logs a difference that failed, and then waits for a quarter of an hour.
func again[T any](ctx context.Context, call func() (T, error)) (T, error) {
	b := backoff.NewExponentialBackOff()
	b.InitialInterval, b.MaxInterval, b.MaxElapsedTime = 100*time.Millisecond, 30*time.Second, 0
	for {
		v, err := call()
		if err == nil || !passing(err) || ctx.Err() != nil {
			return v, err
		}
		pause := b.NextBackOff()
		if d, ok := tgerr.AsFloodWait(err); ok {
			pause = d
		}
		select {
		case <-ctx.Done():
			return v, ctx.Err()
		case <-time.After(pause):
		}
	}
}

// passing reports whether an error says nothing about the next attempt. That
// something was canceled does not: a connection that breaks cancels the calls that
// are on it.
func passing(err error) bool {
	if auth.IsUnauthorized(err) {
		return false
	}
	if _, flood := tgerr.AsFloodWait(err); flood {
		return true
	}
	rpc, ok := tgerr.As(err)
	return !ok || rpc.Code >= 500 || rpc.Code < 0
}
