package session

import (
	"context"
	"time"

	"github.com/cenkalti/backoff/v4"
	"github.com/gotd/td/telegram/auth"
	"github.com/gotd/td/tgerr"
)

// again repeats a call until it succeeds or fails for good.
func again[T any](ctx context.Context, call func() (T, error)) (T, error) {
	b := backoff.NewExponentialBackOff()
	b.InitialInterval, b.MaxInterval, b.MaxElapsedTime = 100*time.Millisecond, 30*time.Second, 0
	b.Reset() // or it begins with its default
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
