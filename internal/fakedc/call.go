package fakedc

import (
	"context"
	"errors"
	"fmt"
	"net"
	"runtime/debug"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/mt"
	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"
	"go.uber.org/zap"
)

// caller is who makes a call. bot is nil while nobody is signed in.
type caller struct {
	ses *session
	bot *account
	// local is the server's end of the connection, as the client dialed it.
	local net.Addr
}

type callerKey struct{}

func callerOf(ctx context.Context) caller {
	c, _ := ctx.Value(callerKey{}).(caller)
	return c
}

// call answers one request in a goroutine of its own.
func (c *conn) call(ctx context.Context, ses *session, in incoming) error {
	select {
	case c.slots <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	ctx, end := ses.begin(ctx, in.id)
	c.work.Go(func() {
		defer func() { <-c.slots }()
		defer end()
		result, err := c.srv.run(ctx, caller{ses: ses, local: c.net.LocalAddr()}, in.body)
		var refused *tgerr.Error
		switch {
		case ctx.Err() != nil, errors.Is(err, errSilent):
			return
		case errors.As(err, &refused):
			result = &mt.RPCError{ErrorCode: refused.Code, ErrorMessage: refused.Message}
		case err != nil:
			// What is left are requests that do not decode.
			c.srv.log.Info("request", zap.Error(err))
			result = &mt.RPCError{ErrorCode: 400, ErrorMessage: "INPUT_FETCH_ERROR"}
		}
		if err := c.answer(ses, in.id, result); err != nil {
			c.srv.log.Error("answer", zap.Error(err))
		}
	})
	return nil
}

// run executes a request and keeps a fault in it from ending the process.
func (s *Server) run(ctx context.Context, who caller, body []byte) (_ bin.Encoder, rerr error) {
	defer func() {
		if r := recover(); r != nil {
			s.log.Error("panic in a call", zap.Any("value", r), zap.ByteString("stack", debug.Stack()))
			rerr = tgerr.New(500, "INTERNAL_SERVER_ERROR")
		}
	}()
	b := &bin.Buffer{Buf: body}
	withoutUpdates, err := unwrap(b)
	if err != nil {
		return nil, err
	}
	if !withoutUpdates {
		who.ses.updates.Store(true)
	}
	id, err := b.PeekID()
	if err != nil {
		return nil, err
	}
	name, ok := s.names[id]
	if !ok {
		name = fmt.Sprintf("%#x", id)
	}
	s.world.calls.count(name)
	if err := s.world.faults.hit(ctx, name); err != nil {
		return nil, err
	}
	who.bot = who.ses.key.account()
	if who.bot == nil && s.implemented(id) && !open(id) {
		return nil, tgerr.New(401, "AUTH_KEY_UNREGISTERED")
	}
	result, err := s.methods.Handle(context.WithValue(ctx, callerKey{}, who), b)
	s.log.Debug("call", zap.String("method", name), zap.Error(err))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return result, nil
}

// open says which methods need no sign-in.
func open(id uint32) bool {
	switch id {
	case tg.HelpGetConfigRequestTypeID, tg.AuthImportBotAuthorizationRequestTypeID:
		return true
	}
	return false
}

// unwrap takes the wrappers off a request and leaves b at the method.
//
// See https://core.telegram.org/api/invoking.
func unwrap(b *bin.Buffer) (withoutUpdates bool, err error) {
	const deepest = 10
	for range deepest {
		id, err := b.PeekID()
		if err != nil {
			return false, fmt.Errorf("method: %w", err)
		}
		switch id {
		case tg.InvokeWithLayerRequestTypeID:
			var w tg.InvokeWithLayerRequest
			w.Query = rest{}
			err = w.Decode(b)
		case tg.InitConnectionRequestTypeID:
			var w tg.InitConnectionRequest
			w.Query = rest{}
			err = w.Decode(b)
		case tg.InvokeWithoutUpdatesRequestTypeID:
			withoutUpdates = true
			var w tg.InvokeWithoutUpdatesRequest
			w.Query = rest{}
			err = w.Decode(b)
		case tg.InvokeAfterMsgRequestTypeID:
			var w tg.InvokeAfterMsgRequest
			w.Query = rest{}
			err = w.Decode(b)
		default:
			return withoutUpdates, nil
		}
		if err != nil {
			return false, fmt.Errorf("unwrap: %w", err)
		}
	}
	return false, errors.New("wrapped too deep")
}

// rest stands for the query inside a wrapper and leaves its bytes unread.
type rest struct{}

func (rest) Decode(*bin.Buffer) error { return nil }
func (rest) Encode(*bin.Buffer) error { return errors.New("not an answer") }
