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
	"github.com/gotd/td/proto"
	"github.com/gotd/td/proto/codec"
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
	wire *wire
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
		frame, err := c.wire.recv(c.deadline)
		if err != nil {
			return err
		}
		if err := sleep(ctx, time.Duration(c.srv.world.board.network.delay.Load())); err != nil {
			return err
		}
		if err := c.frame(ctx, frame); err != nil {
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
		encrypted, err := c.srv.exchange(c.wire, frame, time.Now().Add(c.srv.opts.HandshakeTimeout))
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
	if code := c.srv.world.board.network.code(); code != 0 {
		c.out.put(parcel{code: code})
		return nil
	}
	key, ok := c.srv.world.keys.find(c.srv.opts.DC, id, c.srv.now())
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
		c.sendCreated(ses, firstOf(msg))
	}
	in := incoming{id: msg.MessageID, seq: int(msg.SeqNo), body: msg.Data()}
	now := c.srv.now()
	if bad := checkMsgID(in.id, now); bad != 0 {
		c.sendBadMsg(ses, in, bad)
		return nil
	}
	if !key.goodSalt(msg.Salt, now) {
		c.sendBadSalt(ses, in)
		return nil
	}
	return c.handle(ctx, ses, in, 0)
}

// firstOf is the lowest id that msg has inside. What is older than the id that
// new_session_created names is taken for lost, and sent again.
//
// See https://core.telegram.org/mtproto/service_messages#new-session-creation-notification.
func firstOf(msg *crypto.EncryptedMessageData) int64 {
	first := msg.MessageID
	var box proto.MessageContainer
	b := &bin.Buffer{Buf: msg.Data()}
	if id, err := b.PeekID(); err != nil || id != proto.MessageContainerTypeID || box.Decode(b) != nil {
		return first
	}
	for _, m := range box.Messages {
		first = min(first, m.ID)
	}
	return first
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
