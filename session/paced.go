package session

import (
	"context"
	"runtime"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/telegram/dcs"
	"github.com/gotd/td/transport"
)

// paced makes connections that let every message be taken before the next one is
// read.
//
// gotd reads as fast as it can and hands each message to a goroutine of its own. In
// a burst the scheduler lets the latest of them run first, so that of some ten
// thousand messages most overtake others by thousands: more than may be put in order
// again, and were fetched once more in a difference. To step aside before reading
// keeps the order, nearly, and makes the server wait for us instead of the memory.
type paced struct{ dcs.Resolver }

func (p paced) Primary(ctx context.Context, dc int, list dcs.List) (transport.Conn, error) {
	return steps(p.Resolver.Primary(ctx, dc, list))
}

// steps wraps a connection.
func steps(c transport.Conn, err error) (transport.Conn, error) {
	if err != nil {
		return nil, err
	}
	return stepping{c}, nil
}

type stepping struct{ transport.Conn }

func (s stepping) Recv(ctx context.Context, b *bin.Buffer) error {
	runtime.Gosched()
	return s.Conn.Recv(ctx, b)
}
