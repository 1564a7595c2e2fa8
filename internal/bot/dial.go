package bot

import (
	"context"
	"errors"
	"net"
	"strconv"
	"syscall"
	"time"

	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/internal/answer"
)

func dcOptions(addr string, dc int) ([]tg.DCOption, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, answer.Errorf(answer.Usage, "%q is not HOST:PORT", addr)
	}
	n, err := strconv.Atoi(port)
	if err != nil || n <= 0 || n > 65535 {
		return nil, answer.Errorf(answer.Usage, "%q is not HOST:PORT", addr)
	}
	return []tg.DCOption{{ID: dc, IPAddress: host, Port: n, Static: true}}, nil
}

// linger is how long a link that was told to end may take to do so by itself.
const linger = 300 * time.Millisecond

// dial connects. Telegram is worth waiting for; a server that was named and
// refuses from the start is not there.
func (l *link) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	conn, err := new(net.Dialer).DialContext(ctx, network, addr)
	if err != nil && l.bot.opts.Server.Addr != "" && errors.Is(err, syscall.ECONNREFUSED) && !l.isReady() && !l.anew {
		l.cancel(answer.Errorf(answer.Unreachable, "nothing answers at %s", addr).
			WithHint("is the server running, and is --dc its address?"))
	}
	if err != nil {
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
