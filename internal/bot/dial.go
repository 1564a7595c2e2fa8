package bot

import (
	"context"
	"net"
	"time"
)

// linger is how long a link that was told to end may take to do so by itself.
const linger = 300 * time.Millisecond

// dial connects, or ends the link if what was named is not there.
func (l *link) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	conn, err := l.connect(ctx, network, addr)
	if err != nil {
		if ctx.Err() == nil && !l.isReady() && !l.anew {
			l.mu.Lock()
			l.trouble = err
			l.mu.Unlock()
			if gone := l.bot.opts.gone(err); gone != nil {
				l.cancel(gone)
			}
		}
		return nil, err
	}
	// gotd reads the answers of a key exchange for a minute, whatever becomes of
	// its context.
	return &lingering{conn, context.AfterFunc(l.ctx, func() {
		select {
		case <-l.done:
		case <-time.After(linger):
			_ = conn.Close() // twice, if gotd has done it meanwhile
		}
	})}, nil
}

// lingering is a connection that is closed a while after its link was told to
// end.
type lingering struct {
	net.Conn
	forget func() bool
}

func (c *lingering) Close() error {
	c.forget()
	return c.Conn.Close()
}
