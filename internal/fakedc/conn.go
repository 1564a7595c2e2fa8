package fakedc

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/crypto"
	"github.com/gotd/td/proto/codec"
	"github.com/gotd/td/transport"
	"go.uber.org/zap"
)

const (
	// maxRequests bounds the calls of one connection that are answered at once.
	maxRequests = 64
	// maxSessions bounds the sessions of one connection; clients use one.
	maxSessions = 64
)

// conn is one TCP connection: a reader, a writer and a goroutine for each call
// that is being answered.
type conn struct {
	srv  *Server
	net  net.Conn
	wire transport.Conn
	out  *outgoing

	// deadline and sessions belong to the reader.
	deadline time.Time
	sessions map[*session]struct{}

	slots chan struct{}
	work  sync.WaitGroup
}

// serve owns nc until it ends. Nothing that the peer sends ends more than this.
func (s *Server) serve(ctx context.Context, nc net.Conn) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	// Closing is what wakes a reader or a writer that waits for the peer.
	stop := context.AfterFunc(ctx, func() { _ = nc.Close() })
	defer stop()
	defer func() { _ = nc.Close() }()

	c := &conn{
		srv:      s,
		net:      nc,
		out:      newOutgoing(),
		deadline: time.Now().Add(s.opts.HandshakeTimeout),
		sessions: map[*session]struct{}{},
		slots:    make(chan struct{}, maxRequests),
	}
	s.world.board.connect(c)
	defer s.world.board.disconnect(c)

	var err error
	if c.wire, err = detect(nc, c.deadline); err == nil {
		c.work.Go(func() {
			if err := c.write(ctx); err != nil && ctx.Err() == nil {
				s.log.Debug("write", zap.Stringer("peer", nc.RemoteAddr()), zap.Error(err))
			}
			// Without a writer the connection is of no use to the reader.
			cancel()
		})
		err = c.read(ctx)
	}
	if ctx.Err() == nil {
		s.log.Debug("connection ended", zap.Stringer("peer", nc.RemoteAddr()), zap.Error(err))
	}
	cancel()
	c.work.Wait()
}

func (c *conn) read(ctx context.Context) error {
	for {
		// A peer that does not take its answers gets no more of them.
		if err := c.out.room(ctx); err != nil {
			return err
		}
		// Not reused: what is decoded keeps pointing into the frame.
		b := &bin.Buffer{}
		if err := c.wire.Recv(until{ctx, c.deadline}, b); err != nil {
			return err
		}
		if err := c.frame(ctx, b.Buf); err != nil {
			return err
		}
	}
}

func (c *conn) frame(ctx context.Context, frame []byte) error {
	if len(frame) < 8 {
		return errors.New("frame without a key id")
	}
	var id [8]byte
	copy(id[:], frame)
	if id == ([8]byte{}) {
		encrypted, err := c.srv.exchange(until{ctx, time.Now().Add(c.srv.opts.HandshakeTimeout)}, c.wire, frame)
		if err != nil {
			return fmt.Errorf("exchange keys: %w", err)
		}
		// The key was made; using it is the next thing to do.
		c.deadline = later(c.deadline, time.Now().Add(c.srv.opts.HandshakeTimeout))
		if encrypted == nil {
			return nil
		}
		frame = encrypted
		copy(id[:], frame)
	}
	key, ok := c.srv.world.keys.find(id)
	if !ok {
		c.out.put(parcel{code: codec.CodeAuthKeyNotFound})
		return nil
	}
	// Takes a buffer of its own for the plaintext: requests may keep it.
	msg, err := c.srv.cipher.DecryptFromBuffer(key.AuthKey, &bin.Buffer{Buf: frame})
	if err != nil {
		return fmt.Errorf("decrypt: %w", err)
	}
	c.deadline = time.Now().Add(c.srv.opts.IdleTimeout)
	return c.message(ctx, key, msg)
}

func (c *conn) message(ctx context.Context, key *authKey, msg *crypto.EncryptedMessageData) error {
	ses, created := c.srv.world.board.session(key, msg.SessionID, c)
	if created {
		if len(c.sessions) >= maxSessions {
			c.srv.world.board.end(ses, c)
			return errors.New("too many sessions")
		}
		c.sessions[ses] = struct{}{}
		c.sendCreated(ses, msg.MessageID)
	}
	if bad := checkMsgID(msg.MessageID, time.Now()); bad != 0 {
		c.sendBadMsg(ses, msg, bad)
		return nil
	}
	if msg.Salt != key.salt {
		c.sendBadSalt(ses, msg)
		return nil
	}
	return c.handle(ctx, ses, incoming{id: msg.MessageID, seq: int(msg.SeqNo), body: msg.Data()}, 0)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
