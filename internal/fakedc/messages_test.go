package fakedc_test

import (
	"testing"
	"time"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/mt"
	"github.com/gotd/td/proto"
	"github.com/gotd/td/tg"
	"github.com/gotd/td/transport"

	"github.com/f48b34c0/seen/internal/fakedc"
)

func bindNothing() *tg.AuthBindTempAuthKeyRequest {
	return &tg.AuthBindTempAuthKeyRequest{PermAuthKeyID: 1, Nonce: 1, ExpiresAt: 1}
}

// last returns the last message of a type that was heard, and decodes it into v.
func last(t testing.TB, list []heard, id uint32, v bin.Decoder) {
	t.Helper()
	for i := len(list) - 1; i >= 0; i-- {
		if list[i].is(id) {
			if err := v.Decode(&list[i].buf); err != nil {
				t.Fatal(err)
			}
			return
		}
	}
	t.Fatalf("%#x was not heard", id)
}

// See https://core.telegram.org/mtproto/service_messages_about_messages#notice-of-ignored-error-message.
func TestMessagesThatDoNotFitAreRefused(t *testing.T) {
	ping := &mt.PingRequest{PingID: 1}
	call := &tg.HelpGetConfigRequest{}
	box := func(id int64, seq int) *proto.MessageContainer {
		var b bin.Buffer
		_ = ping.Encode(&b)
		return &proto.MessageContainer{Messages: []proto.Message{{ID: id, SeqNo: seq, Bytes: b.Len(), Body: b.Buf}}}
	}
	s := serve(t, nil)
	for name, c := range map[string]struct {
		code int
		say  func(r *raw)
	}{
		"an id of an hour ago":  {16, func(r *raw) { r.send((time.Now().Unix()-3600)<<32, 0, ping) }},
		"an id of tomorrow":     {17, func(r *raw) { r.send((time.Now().Unix()+86400)<<32, 0, ping) }},
		"an id of the server's": {18, func(r *raw) { r.send(r.nextID()+1, 0, ping) }},
		"a container twice": {19, func(r *raw) {
			inner, outer := r.nextID(), r.nextID()
			r.send(outer, 0, box(inner, 0))
			r.send(outer, 0, box(inner, 0))
		}},
		"a number that fell": {32, func(r *raw) {
			r.send(r.nextID(), 3, call)
			r.send(r.nextID(), 1, call)
		}},
		"a number twice": {32, func(r *raw) {
			r.send(r.nextID(), 1, call)
			r.send(r.nextID(), 1, call)
		}},
		"a number ahead of its time": {33, func(r *raw) {
			early, late := r.nextID(), r.nextID()
			r.send(late, 1, call)
			r.send(early, 3, call)
		}},
		"a container that wants one": {34, func(r *raw) {
			inner, outer := r.nextID(), r.nextID()
			r.send(outer, 1, box(inner, 0))
		}},
		"a call that wants none": {35, func(r *raw) { r.send(r.nextID(), 0, call) }},
		"a container older than what it holds": {64, func(r *raw) {
			outer, inner := r.nextID(), r.nextID()
			r.send(outer, 0, box(inner, 0))
		}},
	} {
		t.Run(name, func(t *testing.T) {
			r := dialRaw(t, s, transport.Intermediate)
			c.say(r)
			var bad mt.BadMsgNotification
			last(t, r.until(mt.BadMsgNotificationTypeID), mt.BadMsgNotificationTypeID, &bad)
			if bad.ErrorCode != c.code {
				t.Errorf("code %d, want %d", bad.ErrorCode, c.code)
			}
		})
	}
}

func TestWhatIsLongForgottenIsTooOld(t *testing.T) {
	r := dialRaw(t, serve(t, nil), transport.Intermediate)
	oldest := r.nextID()
	for range 3000 {
		r.send(r.nextID(), 0, &mt.MsgsAck{MsgIDs: []int64{1}})
	}
	r.send(oldest, 0, &mt.PingRequest{PingID: 1})
	var bad mt.BadMsgNotification
	last(t, r.until(mt.BadMsgNotificationTypeID), mt.BadMsgNotificationTypeID, &bad)
	if bad.ErrorCode != 20 {
		t.Errorf("code %d, want 20", bad.ErrorCode)
	}
}

func TestARefusedNumberMayBeCorrected(t *testing.T) {
	r := dialRaw(t, serve(t, nil), transport.Intermediate)
	id := r.nextID()
	r.send(id, 0, &tg.HelpGetConfigRequest{})
	r.until(mt.BadMsgNotificationTypeID)
	r.send(id, 1, &tg.HelpGetConfigRequest{})
	r.until(proto.ResultTypeID)
}

func TestFutureSaltsAreGood(t *testing.T) {
	r := dialRaw(t, serve(t, nil), transport.Intermediate)
	r.send(r.nextID(), 0, &mt.GetFutureSaltsRequest{Num: 5})
	var salts mt.FutureSalts
	last(t, r.until(mt.FutureSaltsTypeID), mt.FutureSaltsTypeID, &salts)
	if len(salts.Salts) != 5 || salts.Salts[0].Salt != r.salt {
		t.Fatalf("got %v", salts)
	}
	for i, salt := range salts.Salts {
		if salt.ValidUntil <= salts.Now || i > 0 && salt.ValidSince <= salts.Salts[i-1].ValidSince {
			t.Errorf("salt %d is %v", i, salt)
		}
	}
	r.salt = salts.Salts[1].Salt
	r.send(r.nextID(), 0, &mt.PingRequest{PingID: 1})
	r.until(mt.PongTypeID)
}

func TestTheServerTellsWhatBecameOfMessages(t *testing.T) {
	r := dialRaw(t, serve(t, nil), transport.Intermediate)
	skipped, call, ping := r.nextID(), r.nextID(), r.nextID()
	r.send(call, 1, &tg.HelpGetConfigRequest{})
	r.until(proto.ResultTypeID)
	r.send(ping, 2, &mt.PingRequest{PingID: 1})
	ids := []int64{skipped, call, ping, (time.Now().Unix() + 3600) << 32}
	for _, ask := range []bin.Encoder{&mt.MsgsStateReq{MsgIDs: ids}, &mt.MsgResendReq{MsgIDs: ids}} {
		r.send(r.nextID(), 2, ask)
		var info mt.MsgsStateInfo
		last(t, r.until(mt.MsgsStateInfoTypeID), mt.MsgsStateInfoTypeID, &info)
		if got, want := string(info.Info), string([]byte{2, 4 + 8 + 32 + 64, 4 + 16, 3}); got != want {
			t.Errorf("states %v, want %v", []byte(got), []byte(want))
		}
	}
}

func TestASessionIsCreatedAgainAfterItsConnection(t *testing.T) {
	s := serve(t, nil)
	r := dialRaw(t, s, transport.Intermediate)
	r.send(r.nextID(), 0, &mt.PingRequest{PingID: 1})
	r.until(mt.NewSessionCreatedTypeID, mt.PongTypeID)
	do(t, s, fakedc.Step{Do: "cut"})
	for do(t, s, fakedc.Step{Do: "stats"}).Stats.Sessions > 0 {
		time.Sleep(time.Millisecond)
	}
	again := dialRaw(t, s, transport.Intermediate)
	again.session, again.lastID = r.session, r.lastID
	id := again.nextID()
	again.send(id, 2, &mt.PingRequest{PingID: 2})
	var created mt.NewSessionCreated
	last(t, again.until(mt.NewSessionCreatedTypeID), mt.NewSessionCreatedTypeID, &created)
	if created.FirstMsgID != id || created.ServerSalt != r.salt {
		t.Errorf("got %v", created)
	}
}

func TestASessionIsDestroyedByAnother(t *testing.T) {
	s := serve(t, nil)
	other := dialRaw(t, s, transport.Intermediate)
	other.send(other.nextID(), 0, &mt.PingRequest{PingID: 1})
	other.until(mt.PongTypeID)
	r := dialRaw(t, s, transport.Intermediate)
	r.send(r.nextID(), 1, &mt.DestroySessionRequest{SessionID: other.session})
	r.until(mt.DestroySessionOkTypeID)
	r.send(r.nextID(), 3, &mt.DestroySessionRequest{SessionID: other.session})
	r.until(mt.DestroySessionNoneTypeID)
}

func TestACallWaitsForTheOneThatItNames(t *testing.T) {
	s := serve(t, nil)
	r := dialRaw(t, s, transport.Intermediate)
	first, second := r.nextID(), r.nextID()
	// Overtaken on the way.
	r.send(second, 3, &tg.InvokeAfterMsgRequest{MsgID: first, Query: &tg.HelpGetConfigRequest{}})
	r.send(first, 1, &tg.HelpGetConfigRequest{})
	var order []int64
	for len(order) < 2 {
		for _, h := range r.receive() {
			if h.is(proto.ResultTypeID) {
				var result proto.Result
				if err := result.Decode(&h.buf); err != nil {
					t.Fatal(err)
				}
				order = append(order, result.RequestMessageID)
			}
		}
	}
	if order[0] != first || order[1] != second {
		t.Errorf("answered %v, want %d first", order, first)
	}
}

func TestACallFailsWithTheOneThatItNames(t *testing.T) {
	r := dialRaw(t, serve(t, nil), transport.Intermediate)
	first := r.nextID()
	r.send(first, 1, &tg.UpdatesGetStateRequest{}) // nobody is signed in
	r.send(r.nextID(), 3, &tg.InvokeAfterMsgsRequest{MsgIDs: []int64{first}, Query: &tg.HelpGetConfigRequest{}})
	var errs []string
	for len(errs) < 2 {
		for _, h := range r.receive() {
			var result proto.Result
			var e mt.RPCError
			if !h.is(proto.ResultTypeID) {
				continue
			}
			if err := result.Decode(&h.buf); err != nil {
				t.Fatal(err)
			}
			if err := e.Decode(&bin.Buffer{Buf: result.Result}); err != nil {
				t.Fatal(err)
			}
			errs = append(errs, e.ErrorMessage)
		}
	}
	if errs[0] != "AUTH_KEY_UNREGISTERED" || errs[1] != "MSG_WAIT_FAILED" {
		t.Errorf("got %v", errs)
	}
}

func TestLongAnswersArePacked(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	for range 50 {
		do(t, s, fakedc.Step{Do: "write", Who: "ann", Text: "a text that is said again and again"})
	}
	got, err := c.UpdatesGetDifference(c.ctx, &tg.UpdatesGetDifferenceRequest{Pts: 1, Date: 1, Qts: 1})
	if err != nil {
		t.Fatal(err)
	}
	if d, ok := got.(*tg.UpdatesDifference); !ok || len(d.NewMessages) != 50 {
		t.Errorf("got %v", got)
	}
}
