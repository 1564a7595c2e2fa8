package fakedc_test

import (
	"context"
	"crypto/rand"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/crypto"
	"github.com/gotd/td/mt"
	"github.com/gotd/td/proto"
	"github.com/gotd/td/proto/codec"
	"github.com/gotd/td/tg"
	"github.com/gotd/td/transport"

	"github.com/f48b34c0/seen/internal/fakedc"
)

// raw is a client that says exactly what a test wants it to.
type raw struct {
	t       testing.TB
	ctx     context.Context
	wire    transport.Conn
	key     crypto.AuthKey
	salt    int64
	session int64
	lastID  int64
}

func dialRaw(t testing.TB, s *fakedc.Server, p transport.Protocol) *raw {
	t.Helper()
	nc, err := net.Dial("tcp", s.Addr())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = nc.Close() })
	wire, err := p.Handshake(nc)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	r := &raw{t: t, ctx: ctx, wire: wire, session: time.Now().UnixNano()}
	r.key, r.salt = fakedc.AnyKey(agree().world)
	return r
}

func (r *raw) nextID() int64 {
	r.lastID = max(r.lastID+4, int64(proto.NewMessageID(time.Now(), proto.MessageFromClient)))
	return r.lastID
}

func (r *raw) send(id int64, seq int32, v bin.Encoder) {
	r.t.Helper()
	var b bin.Buffer
	err := crypto.NewClientCipher(rand.Reader).Encrypt(r.key, crypto.EncryptedMessageData{
		Salt: r.salt, SessionID: r.session, MessageID: id, SeqNo: seq, Message: v,
	}, &b)
	if err != nil {
		r.t.Fatal(err)
	}
	if err := r.wire.Send(r.ctx, &b); err != nil {
		r.t.Fatal(err)
	}
}

// heard is one message of the server, out of its container.
type heard struct {
	id  int64
	seq int
	buf bin.Buffer
}

func (h heard) is(id uint32) bool {
	got, err := h.buf.PeekID()
	return err == nil && got == id
}

// receiveOuter is one message of the server as it came.
func (r *raw) receiveOuter() heard {
	r.t.Helper()
	var b bin.Buffer
	if err := r.wire.Recv(r.ctx, &b); err != nil {
		r.t.Fatal(err)
	}
	m, err := crypto.NewClientCipher(rand.Reader).DecryptFromBuffer(r.key, &b)
	if err != nil {
		r.t.Fatal(err)
	}
	return heard{id: m.MessageID, seq: int(m.SeqNo), buf: bin.Buffer{Buf: m.Data()}}
}

func (r *raw) receive() []heard {
	r.t.Helper()
	outer := r.receiveOuter()
	if !outer.is(proto.MessageContainerTypeID) {
		return []heard{outer}
	}
	var box proto.MessageContainer
	if err := box.Decode(&outer.buf); err != nil {
		r.t.Fatal(err)
	}
	var list []heard
	for _, in := range box.Messages {
		if in.ID >= outer.id {
			r.t.Errorf("message %d in container %d", in.ID, outer.id)
		}
		list = append(list, heard{id: in.ID, seq: in.SeqNo, buf: bin.Buffer{Buf: in.Body}})
	}
	return list
}

// until receives until there were messages of all these types, and returns
// everything in the order of arrival.
func (r *raw) until(types ...uint32) []heard {
	r.t.Helper()
	var list []heard
	for {
		list = append(list, r.receive()...)
		if !slices.ContainsFunc(types, func(id uint32) bool {
			return !slices.ContainsFunc(list, func(h heard) bool { return h.is(id) })
		}) {
			return list
		}
	}
}

func TestTheServerNumbersWhatItSays(t *testing.T) {
	s := serve(t, nil)
	r := dialRaw(t, s, transport.Intermediate)
	ping, call, destroy := r.nextID(), r.nextID(), r.nextID()
	body := func(v bin.Encoder) (int, []byte) {
		var b bin.Buffer
		if err := v.Encode(&b); err != nil {
			t.Fatal(err)
		}
		return b.Len(), b.Buf
	}
	n, pinged := body(&mt.PingRequest{PingID: 5})
	m, called := body(proto.GZIP{Data: func() []byte { _, b := body(&tg.HelpGetConfigRequest{}); return b }()})
	k, destroyed := body(&mt.DestroySessionRequest{SessionID: 1})
	r.send(r.nextID(), 4, &proto.MessageContainer{Messages: []proto.Message{
		{ID: ping, SeqNo: 0, Bytes: n, Body: pinged},
		{ID: call, SeqNo: 1, Bytes: m, Body: called},
		{ID: destroy, SeqNo: 3, Bytes: k, Body: destroyed},
	}})
	list := r.until(mt.NewSessionCreatedTypeID, mt.PongTypeID, mt.MsgsAckTypeID, proto.ResultTypeID)
	content := 0
	for i, h := range list {
		if i > 0 && h.id <= list[i-1].id {
			t.Errorf("msg_id %d after %d", h.id, list[i-1].id)
		}
		answer := h.is(mt.PongTypeID) || h.is(proto.ResultTypeID) || h.is(mt.DestroySessionNoneTypeID)
		wantsAck := h.is(mt.NewSessionCreatedTypeID) || h.is(proto.ResultTypeID) || h.is(mt.DestroySessionNoneTypeID)
		if got := h.id % 4; answer && got != 1 || !answer && got != 3 {
			t.Errorf("msg_id %d ends in %d", h.id, got)
		}
		want := content * 2
		if wantsAck {
			want++
			content++
		}
		if h.seq != want {
			t.Errorf("seqno of message %d is %d, want %d", i, h.seq, want)
		}
		if h.is(mt.MsgsAckTypeID) {
			var ack mt.MsgsAck
			if err := ack.Decode(&h.buf); err != nil || !slices.Equal(ack.MsgIDs, []int64{destroy}) {
				t.Errorf("acknowledged %v, want %d (%v)", ack.MsgIDs, destroy, err)
			}
		}
	}
}

func TestAWrongSaltIsCorrected(t *testing.T) {
	r := dialRaw(t, serve(t, nil), transport.Intermediate)
	salt := r.salt
	r.salt++
	r.send(r.nextID(), 0, &mt.PingRequest{PingID: 1})
	for _, h := range r.until(mt.BadServerSaltTypeID) {
		if !h.is(mt.BadServerSaltTypeID) {
			continue
		}
		var bad mt.BadServerSalt
		if err := bad.Decode(&h.buf); err != nil || bad.NewServerSalt != salt || bad.ErrorCode != 48 {
			t.Errorf("got %v, %v", bad, err)
		}
	}
}

func TestAMessageOfLastYearIsRefused(t *testing.T) {
	r := dialRaw(t, serve(t, nil), transport.Intermediate)
	for seconds, code := range map[int64]int{-3600: 16, 3600: 17} {
		r.send((time.Now().Unix()+seconds)<<32, 0, &mt.PingRequest{PingID: 1})
		for _, h := range r.until(mt.BadMsgNotificationTypeID) {
			var bad mt.BadMsgNotification
			if h.is(mt.BadMsgNotificationTypeID) {
				if err := bad.Decode(&h.buf); err != nil || bad.ErrorCode != code {
					t.Errorf("got %v, %v, want code %d", bad, err, code)
				}
			}
		}
	}
}

func TestARepeatedRequestRunsOnce(t *testing.T) {
	s := serve(t, nil)
	r := dialRaw(t, s, transport.Intermediate)
	id := r.nextID()
	for range 3 {
		r.send(id, 1, &tg.HelpGetConfigRequest{})
	}
	r.send(r.nextID(), 2, &mt.PingRequest{PingID: 1})
	r.until(mt.PongTypeID, proto.ResultTypeID)
	if n := s.World().Calls()["help.getConfig"]; n != 1 {
		t.Errorf("ran %d times", n)
	}
}

func TestAllTransportsAreDetected(t *testing.T) {
	s := serve(t, nil)
	for _, p := range []func() transport.Codec{
		func() transport.Codec { return codec.Abridged{} },
		func() transport.Codec { return codec.PaddedIntermediate{} },
		func() transport.Codec { return &codec.Full{} },
	} {
		r := dialRaw(t, s, transport.NewProtocol(p))
		r.send(r.nextID(), 0, &mt.PingRequest{PingID: 1})
		r.until(mt.PongTypeID)
	}
}

// gotd packs requests of more than a kilobyte.
func TestALongMessageComesThrough(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	if _, err := c.send(friends, strings.Repeat("long ", 800), 1); err != nil {
		t.Fatal(err)
	}
	_, err := c.send(friends, strings.Repeat("x", 4097), 2)
	wantError(t, err, 400, "MESSAGE_TOO_LONG")
}

// See https://core.telegram.org/mtproto/service_messages#cancellation-of-an-rpc-query.
func TestAnAnswerIsDropped(t *testing.T) {
	s := serve(t, nil)
	r := dialRaw(t, s, transport.Intermediate)
	do(t, s, fakedc.Step{Do: "fault", Method: "help.getConfig", For: "1h"})
	slow, quick := r.nextID(), r.nextID()
	r.send(slow, 1, &tg.HelpGetConfigRequest{})
	r.send(quick, 3, &tg.HelpGetNearestDCRequest{})
	r.until(proto.ResultTypeID)
	drop := func(seq int32, id int64) uint32 {
		t.Helper()
		request := r.nextID()
		r.send(request, seq, &mt.RPCDropAnswerRequest{ReqMsgID: id})
		for {
			for _, h := range r.until(proto.ResultTypeID) {
				var result proto.Result
				if !h.is(proto.ResultTypeID) || result.Decode(&h.buf) != nil {
					continue
				}
				if result.RequestMessageID == slow {
					t.Error("the dropped answer came")
				}
				if result.RequestMessageID == request {
					id, err := (&bin.Buffer{Buf: result.Result}).PeekID()
					if err != nil {
						t.Fatal(err)
					}
					return id
				}
			}
		}
	}
	if got := drop(5, slow); got != mt.RPCAnswerDroppedRunningTypeID {
		t.Errorf("a running call: %#x", got)
	}
	if got := drop(7, slow); got != mt.RPCAnswerUnknownTypeID {
		t.Errorf("a call that was dropped: %#x", got)
	}
	if got := drop(9, quick); got != mt.RPCAnswerUnknownTypeID {
		t.Errorf("an answered call: %#x", got)
	}
	if got := drop(11, 4); got != mt.RPCAnswerUnknownTypeID {
		t.Errorf("no call: %#x", got)
	}
}
