package fakedc

import (
	"time"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/mt"
	"github.com/gotd/td/proto"
)

// serviceMessage answers one of MTProto's own messages.
//
// See https://core.telegram.org/mtproto/service_messages and
// https://core.telegram.org/mtproto/service_messages_about_messages.
func (c *conn) serviceMessage(ses *session, in incoming, id uint32, b *bin.Buffer) error {
	now := c.srv.now()
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
		var get mt.GetFutureSaltsRequest
		if err := get.Decode(b); err != nil {
			return err
		}
		return c.send(ses, proto.MessageServerResponse, false, &mt.FutureSalts{
			ReqMsgID: in.id, Now: int(now.Unix()), Salts: ses.key.futureSalts(get.Num, now),
		})
	case mt.RPCDropAnswerRequestTypeID:
		var drop mt.RPCDropAnswerRequest
		if err := drop.Decode(b); err != nil {
			return err
		}
		if ses.abandon(drop.ReqMsgID) {
			return c.answer(ses, in.id, &mt.RPCAnswerDroppedRunning{}, false)
		}
		// Answers leave as soon as they are made: there is none left to drop.
		return c.answer(ses, in.id, &mt.RPCAnswerUnknown{}, false)
	case mt.DestroySessionRequestTypeID:
		var destroy mt.DestroySessionRequest
		if err := destroy.Decode(b); err != nil {
			return err
		}
		if destroy.SessionID != ses.id && c.srv.world.board.destroy(ses.key, destroy.SessionID) {
			return c.send(ses, proto.MessageServerResponse, true, &mt.DestroySessionOk{SessionID: destroy.SessionID})
		}
		return c.send(ses, proto.MessageServerResponse, true, &mt.DestroySessionNone{SessionID: destroy.SessionID})
	case mt.MsgsStateReqTypeID:
		var ask mt.MsgsStateReq
		if err := ask.Decode(b); err != nil {
			return err
		}
		return c.sendStates(ses, in.id, ask.MsgIDs)
	case mt.MsgResendReqTypeID:
		// TCP delivers, so nothing is kept for sending again. The answer is then
		// the state of the messages.
		var ask mt.MsgResendReq
		if err := ask.Decode(b); err != nil {
			return err
		}
		return c.sendStates(ses, in.id, ask.MsgIDs)
	}
	return nil
}

func (c *conn) sendStates(ses *session, request int64, ids []int64) error {
	return c.send(ses, proto.MessageServerResponse, false, &mt.MsgsStateInfo{
		ReqMsgID: request, Info: ses.states(ids, c.srv.now()),
	})
}
