package fakedc

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"

	"github.com/gotd/td/bin"
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
// call. depth bounds what is packed into what. An error ends the connection: it
// is for what a client that means well does not send.
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
		return c.handleContainer(ctx, ses, in, depth)
	case proto.GZIPTypeID:
		var packed proto.GZIP
		if depth > 2 {
			return errors.New("packed too deep")
		}
		if err := packed.Decode(b); err != nil {
			return fmt.Errorf("unpack: %w", err)
		}
		in.body = packed.Data
		return c.handle(ctx, ses, in, depth+1)
	}
	call, odd := !isService(id), in.seq%2 != 0
	var (
		twice bool
		bad   badness
	)
	if call && !odd {
		// Clients do not agree on which of MTProto's own messages want an
		// acknowledgment: mtcute's acknowledgments do. On calls they agree.
		bad = seqEven
	} else {
		twice, bad = ses.receive(receipt{id: in.id, seq: in.seq, call: call})
	}
	if bad != 0 {
		c.sendBadMsg(ses, in, bad)
		return nil
	}
	// An odd seqno asks for an acknowledgment, also of what came before.
	if odd && id != mt.MsgsAckTypeID {
		c.out.acknowledge(ses, in.id)
	}
	switch {
	case twice:
		return nil
	case call:
		return c.call(ctx, ses, in)
	}
	return c.serviceMessage(ses, in, id, b)
}

func (c *conn) handleContainer(ctx context.Context, ses *session, in incoming, depth int) error {
	if depth > 0 {
		c.sendBadMsg(ses, in, invalidContainer)
		return nil
	}
	if in.seq%2 != 0 {
		c.sendBadMsg(ses, in, seqOdd)
		return nil
	}
	var box proto.MessageContainer
	if err := box.Decode(&bin.Buffer{Buf: in.body}); err != nil {
		return fmt.Errorf("container: %w", err)
	}
	if len(box.Messages) > maxContainer {
		c.sendBadMsg(ses, in, invalidContainer)
		return nil
	}
	for _, m := range box.Messages {
		if m.ID >= in.id {
			c.sendBadMsg(ses, in, invalidContainer)
			return nil
		}
	}
	// Last of all: what is not entered may come again.
	switch twice, bad := ses.receive(receipt{id: in.id, seq: in.seq}); {
	case twice:
		c.sendBadMsg(ses, in, containerTwice)
		return nil
	case bad != 0:
		c.sendBadMsg(ses, in, bad)
		return nil
	}
	for _, m := range box.Messages {
		inner := incoming{id: m.ID, seq: m.SeqNo, body: m.Body}
		if bad := checkMsgID(m.ID, c.srv.now()); bad != 0 {
			c.sendBadMsg(ses, inner, bad)
			continue
		}
		if err := c.handle(ctx, ses, inner, depth+1); err != nil {
			return err
		}
	}
	return nil
}

func isService(id uint32) bool {
	switch id {
	case mt.PingRequestTypeID, mt.PingDelayDisconnectRequestTypeID, mt.GetFutureSaltsRequestTypeID,
		mt.RPCDropAnswerRequestTypeID, mt.DestroySessionRequestTypeID,
		mt.MsgsAckTypeID, mt.HTTPWaitRequestTypeID, mt.MsgsStateReqTypeID, mt.MsgResendReqTypeID,
		mt.MsgsStateInfoTypeID, mt.MsgsAllInfoTypeID:
		return true
	}
	return false
}

func (c *conn) send(ses *session, t proto.MessageType, content bool, v bin.Encoder) error {
	body, err := encode(v)
	if err != nil {
		return err
	}
	c.out.put(parcel{ses: ses, typ: t, content: content, body: body})
	return nil
}

func (c *conn) sendCreated(ses *session, first int64) {
	c.sendOrLog(ses, true, &mt.NewSessionCreated{
		FirstMsgID: first,
		UniqueID:   rand.Int64(),
		ServerSalt: ses.key.currentSalt(c.srv.now()),
	})
}

func (c *conn) sendBadMsg(ses *session, in incoming, code badness) {
	c.sendOrLog(ses, false, &mt.BadMsgNotification{BadMsgID: in.id, BadMsgSeqno: in.seq, ErrorCode: int(code)})
}

func (c *conn) sendBadSalt(ses *session, in incoming) {
	c.sendOrLog(ses, false, &mt.BadServerSalt{
		BadMsgID: in.id, BadMsgSeqno: in.seq, ErrorCode: int(wrongSalt),
		NewServerSalt: ses.key.currentSalt(c.srv.now()),
	})
}

func (c *conn) sendOrLog(ses *session, content bool, v bin.Encoder) {
	if err := c.send(ses, proto.MessageFromServer, content, v); err != nil {
		c.srv.log.Error("send", zap.Error(err))
	}
}
