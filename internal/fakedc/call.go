package fakedc

import (
	"context"
	"errors"
	"fmt"
	"net"
	"runtime/debug"
	"time"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/mt"
	"github.com/gotd/td/proto"
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
	// msgID is the message that holds the call.
	msgID int64
	// business is the connection that the call is made over, or "".
	business string
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
		result, how, err := c.srv.run(ctx, caller{ses: ses, local: c.net.LocalAddr(), msgID: in.id}, in.body)
		var refused *tgerr.Error
		switch {
		case ctx.Err() != nil, errors.Is(err, errSilent), how == lost:
			return
		case errors.As(err, &refused):
			result = &mt.RPCError{ErrorCode: refused.Code, ErrorMessage: refused.Message}
		case err != nil:
			// What is left are requests that do not decode.
			c.srv.log.Info("request", zap.Error(err))
			result = &mt.RPCError{ErrorCode: 400, ErrorMessage: "INPUT_FETCH_ERROR"}
		}
		if err := c.answer(ses, in.id, result, how == cutOff); err != nil {
			c.srv.log.Error("answer", zap.Error(err))
		}
		ses.finish(in.id, err != nil) // whoever waits for it is answered after it
	})
	return nil
}

// answer sends v as the result of the request with this msg_id, packed when it
// is long.
//
// See https://core.telegram.org/mtproto/service_messages#packed-object.
func (c *conn) answer(ses *session, id int64, v bin.Encoder, torn bool) error {
	const long = 4 << 10
	result, err := encode(v)
	if err != nil {
		return err
	}
	if len(result) >= long {
		packed, err := encode(proto.GZIP{Data: result})
		if err != nil {
			return err
		}
		if len(packed) < len(result) {
			result = packed
		}
	}
	body, err := encode(&proto.Result{RequestMessageID: id, Result: result})
	if err != nil {
		return err
	}
	c.out.put(parcel{ses: ses, typ: proto.MessageServerResponse, content: true, body: body, answers: id, torn: torn})
	return nil
}

// run executes a request and keeps a fault in it from ending the process.
func (s *Server) run(ctx context.Context, who caller, body []byte) (_ bin.Encoder, _ ending, rerr error) {
	defer func() {
		if r := recover(); r != nil {
			s.log.Error("panic in a call", zap.Any("value", r), zap.ByteString("stack", debug.Stack()))
			rerr = tgerr.New(500, "INTERNAL_SERVER_ERROR")
		}
	}()
	b := &bin.Buffer{Buf: body}
	said, err := unwrap(b)
	if err != nil {
		return nil, answered, err
	}
	if !said.withoutUpdates {
		who.ses.updates.Store(true)
	}
	if said.layer != 0 {
		if !s.layers.knows(said.layer) {
			s.log.Warn("layer not known", zap.Int("layer", said.layer))
			return nil, answered, tgerr.New(400, "CONNECTION_LAYER_INVALID")
		}
		who.ses.speak(said.layer)
	}
	if err := waitFor(ctx, who.ses, said.after); err != nil {
		return nil, answered, err
	}
	spoken := int(who.ses.layer.Load())
	id, err := b.PeekID()
	if err != nil {
		return nil, answered, err
	}
	if !s.layers.hasMethod(spoken, id) {
		return nil, answered, s.notImplemented(s.nameOf(id))
	}
	if b.Buf, err = s.layers.request(spoken, b.Buf); err != nil {
		return nil, answered, layerError(spoken, err)
	}
	// A method has another id in another layer.
	if id, err = b.PeekID(); err != nil {
		return nil, answered, err
	}
	name := s.nameOf(id)
	s.world.calls.count(name)
	s.world.calls.tell(name, b.Buf)
	spoiled, err := s.world.faults.hit(ctx, who.ses.key, name)
	if err != nil {
		return nil, answered, err
	}
	who.business = said.business
	if err := s.mayCall(&who, id); err != nil {
		return nil, answered, err
	}
	if !s.implemented(id) {
		return nil, answered, s.notImplemented(name)
	}
	request := b.Buf
	result, err := s.methods.Handle(context.WithValue(ctx, callerKey{}, who), b)
	s.log.Debug("call", zap.String("method", name), zap.Error(err))
	if err != nil {
		return nil, answered, fmt.Errorf("%s: %w", name, s.world.coded(id, err))
	}
	if spoiled.malice != nil {
		m := spoiled.malice()
		if m.body != nil {
			return verbatim(m.body), spoiled.ending, nil
		}
		result = m.spoil(request, result)
	}
	if result, err = s.layers.answer(spoken, result); err != nil {
		s.log.Warn("layer", zap.String("method", name), zap.Error(err))
		return nil, answered, err
	}
	return result, spoiled.ending, nil
}

// mayCall fills in who calls and says whether a method needs more than that.
func (s *Server) mayCall(who *caller, id uint32) error {
	who.bot = who.ses.key.account()
	switch {
	case who.bot != nil && id != tg.HelpGetConfigRequestTypeID && s.world.gone(who.bot.user):
		return tgerr.New(401, "USER_DEACTIVATED")
	case who.bot != nil && userOnly(id):
		return tgerr.New(400, "BOT_METHOD_INVALID")
	case who.business != "" && id != tg.MessagesSendMessageRequestTypeID && id != tg.MessagesSetTypingRequestTypeID:
		// Nothing else can be done over a business connection here.
		return tgerr.New(400, "METHOD_NOT_IMPLEMENTED")
	case who.bot != nil && s.implemented(id):
		return s.away(id)
	case who.bot != nil, !s.implemented(id) && !userOnly(id):
		return nil
	case id == tg.HelpGetConfigRequestTypeID, id == tg.AuthBindTempAuthKeyRequestTypeID:
		return nil
	case who.ses.key.owner() == nil:
		return tgerr.New(401, "AUTH_KEY_PERM_EMPTY")
	case id == tg.AuthImportBotAuthorizationRequestTypeID, id == tg.AuthImportAuthorizationRequestTypeID:
		return nil
	}
	return tgerr.New(401, "AUTH_KEY_UNREGISTERED")
}

// waitFor waits until earlier requests of the session have ended well. One that
// never came is waited for too: messages may overtake each other.
//
// See https://core.telegram.org/api/invoking#calls-that-depend-on-other-calls.
func waitFor(ctx context.Context, ses *session, ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	patience := time.NewTimer(waitTimeout)
	defer patience.Stop()
	for _, id := range ids {
		for {
			done, failed, changed := ses.outcome(id)
			if failed {
				return tgerr.New(400, "MSG_WAIT_FAILED")
			}
			if done {
				break
			}
			select {
			case <-changed:
			case <-patience.C:
				return tgerr.New(500, "MSG_WAIT_TIMEOUT")
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}
	return nil
}

// waitTimeout is less than the five seconds after which gotd sends a request again.
const waitTimeout = 4 * time.Second
