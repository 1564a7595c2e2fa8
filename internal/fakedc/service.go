package fakedc

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/crypto"
	"github.com/gotd/td/mt"
	"github.com/gotd/td/proto"
	"go.uber.org/zap"
)

// incoming is one message of a client, out of its container if it was in one.
type incoming struct {
	id   int64
	seq  int
	body []byte
}

// handle answers MTProto's own messages at once and starts a goroutine for a
// call. depth bounds what is packed into what.
//
// See https://core.telegram.org/mtproto/service_messages.
func (c *conn) handle(ctx context.Context, ses *session, in incoming, depth int) error {
	b := &bin.Buffer{Buf: in.body}
	id, err := b.PeekID()
	if err != nil {
		return fmt.Errorf("message type: %w", err)
	}
	switch id {
	case proto.MessageContainerTypeID:
		return c.handleContainer(ctx, ses, b, depth)
	case proto.GZIPTypeID:
		var packed proto.GZIP
		if depth > 2 {
			return fmt.Errorf("packed too deep")
		}
		if err := packed.Decode(b); err != nil {
			return fmt.Errorf("unpack: %w", err)
		}
		in.body = packed.Data
		return c.handle(ctx, ses, in, depth+1)
	}
	// An odd seqno asks for an acknowledgment, also of what came before.
	if in.seq%2 != 0 {
		c.out.acknowledge(ses, in.id)
		if !ses.first(in.id) {
			return nil
		}
	}
	switch id {
	case mt.PingRequestTypeID:
		var ping mt.PingRequest
		if err := ping.Decode(b); err != nil {
			return err
		}
		return c.send(ses, proto.MessageServerResponse, false, &mt.Pong{MsgID: in.id, PingID: ping.PingID})
	case mt.PingDelayDisconnectRequestTypeID:
		var ping mt.PingDelayDisconnectRequest
		if err := ping.Decode(b); err != nil {
			return err
		}
		// A longer wish than the server's own patience is granted, a shorter one
		// would end slow test machines.
		delay := time.Duration(ping.DisconnectDelay) * time.Second
		c.deadline = later(c.deadline, time.Now().Add(delay))
		return c.send(ses, proto.MessageServerResponse, false, &mt.Pong{MsgID: in.id, PingID: ping.PingID})
	case mt.GetFutureSaltsRequestTypeID:
		return c.send(ses, proto.MessageServerResponse, false, &mt.FutureSalts{
			ReqMsgID: in.id,
			Now:      int(time.Now().Unix()),
			Salts:    []mt.FutureSalt{{ValidSince: 1, ValidUntil: math.MaxInt32, Salt: ses.key.salt}},
		})
	case mt.RPCDropAnswerRequestTypeID:
		var drop mt.RPCDropAnswerRequest
		if err := drop.Decode(b); err != nil {
			return err
		}
		if ses.abandon(drop.ReqMsgID) {
			return c.answer(ses, in.id, &mt.RPCAnswerDroppedRunning{})
		}
		return c.answer(ses, in.id, &mt.RPCAnswerUnknown{})
	case mt.DestroySessionRequestTypeID:
		var destroy mt.DestroySessionRequest
		if err := destroy.Decode(b); err != nil {
			return err
		}
		return c.send(ses, proto.MessageServerResponse, true, &mt.DestroySessionNone{SessionID: destroy.SessionID})
	case mt.MsgsAckTypeID, mt.HTTPWaitRequestTypeID, mt.MsgsStateReqTypeID, mt.MsgResendReqTypeID:
		// TCP delivers; nothing is kept for sending again.
		return nil
	default:
		return c.call(ctx, ses, in)
	}
}

func (c *conn) handleContainer(ctx context.Context, ses *session, b *bin.Buffer, depth int) error {
	if depth > 0 {
		return fmt.Errorf("container in a container")
	}
	var box proto.MessageContainer
	if err := box.Decode(b); err != nil {
		return fmt.Errorf("container: %w", err)
	}
	for _, m := range box.Messages {
		if err := c.handle(ctx, ses, incoming{id: m.ID, seq: m.SeqNo, body: m.Body}, depth+1); err != nil {
			return err
		}
	}
	return nil
}

func (c *conn) send(ses *session, t proto.MessageType, content bool, v bin.Encoder) error {
	body, err := encode(v)
	if err != nil {
		return err
	}
	c.out.put(parcel{ses: ses, typ: t, content: content, body: body})
	return nil
}

// answer sends v as the result of the request with this msg_id.
func (c *conn) answer(ses *session, id int64, v bin.Encoder) error {
	result, err := encode(v)
	if err != nil {
		return err
	}
	return c.send(ses, proto.MessageServerResponse, true, &proto.Result{RequestMessageID: id, Result: result})
}

func (c *conn) sendCreated(ses *session, first int64) {
	c.sendOrLog(ses, true, &mt.NewSessionCreated{
		FirstMsgID: first,
		UniqueID:   rand.Int64(),
		ServerSalt: ses.key.salt,
	})
}

func (c *conn) sendBadMsg(ses *session, m *crypto.EncryptedMessageData, code int) {
	c.sendOrLog(ses, false, &mt.BadMsgNotification{
		BadMsgID: m.MessageID, BadMsgSeqno: int(m.SeqNo), ErrorCode: code,
	})
}

func (c *conn) sendBadSalt(ses *session, m *crypto.EncryptedMessageData) {
	const incorrectSalt = 48
	c.sendOrLog(ses, false, &mt.BadServerSalt{
		BadMsgID: m.MessageID, BadMsgSeqno: int(m.SeqNo), ErrorCode: incorrectSalt,
		NewServerSalt: ses.key.salt,
	})
}

func (c *conn) sendOrLog(ses *session, content bool, v bin.Encoder) {
	if err := c.send(ses, proto.MessageFromServer, content, v); err != nil {
		c.srv.log.Error("send", zap.Error(err))
	}
}
