package fakedc

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/exchange"
	"github.com/gotd/td/transport"
)

// detect reads the transport's tag (abridged, intermediate, padded, full).
//
// gotd detects inside its listener's Accept, which lets one silent peer hold up
// everybody else; a listener of a single connection moves that to the
// connection's goroutine.
func detect(nc net.Conn, deadline time.Time) (transport.Conn, error) {
	if err := nc.SetDeadline(deadline); err != nil {
		return nil, fmt.Errorf("set deadline: %w", err)
	}
	wire, err := transport.Listen(&single{Conn: nc}).Accept()
	if err != nil {
		return nil, fmt.Errorf("detect transport: %w", err)
	}
	return wire, nil
}

// single is a listener that has one connection to accept.
type single struct{ net.Conn }

func (s *single) Accept() (net.Conn, error) { return s.Conn, nil }
func (s *single) Addr() net.Addr            { return s.LocalAddr() }

// until is a context with a deadline and without a timer: transports take the
// deadline for the socket, so nothing has to fire.
type until struct {
	context.Context
	t time.Time
}

func (u until) Deadline() (time.Time, bool) { return u.t, true }

// exchange makes an auth key with the peer, whose first message is first. A
// frame that turns out to be encrypted already is returned to be handled as such.
func (s *Server) exchange(ctx context.Context, wire transport.Conn, first []byte) (encrypted []byte, err error) {
	run := exchange.NewExchanger(&unread{Conn: wire, first: first}, s.opts.DC).
		WithRand(s.cipher.Rand()).
		WithTimeout(s.opts.HandshakeTimeout).
		Server(exchange.PrivateKey{RSA: s.opts.Key})
	r, err := run.Run(ctx)
	var (
		early   *exchange.UnexpectedEncryptedError
		refused *exchange.ServerExchangeError
	)
	switch {
	case errors.As(err, &early):
		return early.Frame, nil
	case errors.As(err, &refused):
		return nil, errors.Join(err, sendCode(ctx, wire, refused.Code))
	case err != nil:
		return nil, err
	}
	s.world.keys.add(r.Key, r.ServerSalt)
	return nil, nil
}

// sendCode sends a transport error, such as 404 for an unknown key.
//
// See https://core.telegram.org/mtproto/mtproto-transports#transport-errors.
func sendCode(ctx context.Context, wire transport.Conn, code int32) error {
	var b bin.Buffer
	b.PutInt32(-code)
	return wire.Send(until{ctx, time.Now().Add(writeTimeout)}, &b)
}

// unread is a connection with one frame put back.
type unread struct {
	transport.Conn
	first []byte
}

func (u *unread) Recv(ctx context.Context, b *bin.Buffer) error {
	if u.first == nil {
		return u.Conn.Recv(ctx, b)
	}
	b.ResetTo(u.first)
	u.first = nil
	return nil
}
