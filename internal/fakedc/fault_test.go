package fakedc_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/mt"
	"github.com/gotd/td/proto"
	"github.com/gotd/td/proto/codec"
	"github.com/gotd/td/tg"
	"github.com/gotd/td/transport"

	"github.com/f48b34c0/seen/internal/fakedc"
)

const sendMessage = "messages.sendMessage"

func TestAFaultSpoilsTheNextCall(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	for name, code := range map[string]int{
		"FLOOD_WAIT_30": 420, "SLOWMODE_WAIT_10": 420, "INTERNAL_SERVER_ERROR": 500, "CHAT_WRITE_FORBIDDEN": 400,
	} {
		before := s.World().Calls()[sendMessage]
		do(t, s, fakedc.Step{Do: "fault", Method: sendMessage, Error: name})
		_, err := c.send(friends, "hello", int64(code))
		wantError(t, err, code, name)
		if _, err := c.send(friends, "hello", int64(before+1)); err != nil {
			t.Error(err)
		}
		if n := s.World().Calls()[sendMessage] - before; n != 2 {
			t.Errorf("%s: %d calls, want 2", name, n)
		}
	}
}

func TestAFaultEndsTheSignIn(t *testing.T) {
	for name, code := range map[string]int{
		"AUTH_KEY_UNREGISTERED": 401, "AUTH_KEY_DUPLICATED": 406, "SESSION_REVOKED": 401,
	} {
		s := serve(t, nil)
		c := connect(t, s, clientOptions{})
		do(t, s, fakedc.Step{Do: "fault", Method: "*", Error: name})
		_, err := c.UpdatesGetState(c.ctx)
		wantError(t, err, code, name)
		r := dialRaw(t, s, transport.Intermediate)
		r.send(r.nextID(), 1, &tg.UpdatesGetStateRequest{})
		if got := r.refusal(); got != "AUTH_KEY_UNREGISTERED" {
			t.Errorf("after %s: %s", name, got)
		}
	}
}

// refusal waits for an answer that is an error.
func (r *raw) refusal() string {
	r.t.Helper()
	var (
		result proto.Result
		e      mt.RPCError
	)
	last(r.t, r.until(proto.ResultTypeID), proto.ResultTypeID, &result)
	if err := e.Decode(&bin.Buffer{Buf: result.Result}); err != nil {
		r.t.Fatal(err)
	}
	return e.ErrorMessage
}

func TestASilentFaultNeverAnswers(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	do(t, s, fakedc.Step{Do: "fault", Method: sendMessage, Silent: true})
	if err := c.sendBriefly(); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want no answer", err)
	}
	if n := len(s.World().Messages("friends")); n != 0 {
		t.Errorf("%d messages were stored", n)
	}
}

func TestALostAnswerBelongsToACallThatWasCarriedOut(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	do(t, s, fakedc.Step{Do: "fault", Method: sendMessage, Error: "lost"})
	if err := c.sendBriefly(); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want no answer", err)
	}
	if n := len(s.World().Messages("friends")); n != 1 {
		t.Errorf("%d messages were stored, want 1", n)
	}
}

func (c *client) sendBriefly() error {
	ctx, cancel := context.WithTimeout(c.ctx, 200*time.Millisecond)
	defer cancel()
	_, err := c.MessagesSendMessage(ctx, &tg.MessagesSendMessageRequest{Peer: friends, Message: "hello", RandomID: 1})
	return err
}

// gotd sends the call again over the next connection; only its random_id tells
// the server that it is the same one.
func TestAnAnswerIsCutInTheMiddle(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	do(t, s, fakedc.Step{Do: "fault", Method: sendMessage, Error: "cut"})
	_, err := c.send(friends, "hello", 1)
	wantError(t, err, 500, "RANDOM_ID_DUPLICATE")
	if n := len(s.World().Messages("friends")); n != 1 {
		t.Errorf("%d messages were stored, want 1", n)
	}
}

func TestAMessageBreaksOffWithTheNetwork(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	do(t, s, fakedc.Step{Do: "fault", Method: "network", Error: "cut"})
	if _, err := c.UpdatesGetState(c.ctx); err != nil {
		t.Error(err)
	}
}

func TestASlowNetworkDelaysEveryFrame(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	do(t, s, fakedc.Step{Do: "fault", Method: "network", For: "20ms"})
	began := time.Now()
	if _, err := c.UpdatesGetState(c.ctx); err != nil {
		t.Error(err)
	}
	if took := time.Since(began); took < 40*time.Millisecond {
		t.Errorf("answered after %v, want one delay each way", took)
	}
	do(t, s, fakedc.Step{Do: "fault"})
}

func TestATransportErrorAnswersAFrame(t *testing.T) {
	s := serve(t, nil)
	r := dialRaw(t, s, transport.Intermediate)
	do(t, s, fakedc.Step{Do: "fault", Method: "network", Error: "-404"})
	r.send(r.nextID(), 0, &mt.PingRequest{PingID: 1})
	var b bin.Buffer
	var code *codec.ProtocolErr
	if err := r.wire.Recv(r.ctx, &b); !errors.As(err, &code) || code.Code != 404 {
		t.Errorf("got %v, want code 404", err)
	}
	r.send(r.nextID(), 0, &mt.PingRequest{PingID: 1})
	r.until(mt.PongTypeID)
}

func TestAnExpiredSaltIsReplaced(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	r := dialRaw(t, s, transport.Intermediate)
	do(t, s, fakedc.Step{Do: "fault", Method: "salts", Error: "expire"})
	r.send(r.nextID(), 0, &mt.PingRequest{PingID: 1})
	var bad mt.BadServerSalt
	last(t, r.until(mt.BadServerSaltTypeID), mt.BadServerSaltTypeID, &bad)
	r.salt = bad.NewServerSalt
	r.send(r.nextID(), 0, &mt.PingRequest{PingID: 1})
	r.until(mt.PongTypeID)
	if _, err := c.UpdatesGetState(c.ctx); err != nil {
		t.Errorf("gotd: %v", err)
	}
}

func TestUpdatesAreDroppedDoubledAndReordered(t *testing.T) {
	for how, want := range map[string][]int{
		"drop":    {3, 4},
		"double":  {2, 2, 3, 4},
		"reorder": {3, 2, 4},
	} {
		t.Run(how, func(t *testing.T) {
			s := serve(t, nil)
			c := connect(t, s, clientOptions{})
			r := dialRaw(t, s, transport.Intermediate)
			r.send(r.nextID(), 1, &tg.UpdatesGetStateRequest{})
			r.until(proto.ResultTypeID)
			do(t, s, fakedc.Step{Do: "fault", Method: "updates", Error: how})
			for range 3 {
				do(t, s, fakedc.Step{Do: "write", Who: "ann", Text: "hello"})
			}
			var pts []int
			for len(pts) < len(want) {
				for _, h := range r.receive() {
					var u tg.Updates
					if !h.is(tg.UpdatesTypeID) {
						continue
					}
					if err := u.Decode(&h.buf); err != nil {
						t.Fatal(err)
					}
					for _, u := range u.Updates {
						if u, ok := u.(*tg.UpdateNewMessage); ok {
							pts = append(pts, u.Pts)
						}
					}
				}
			}
			for i := range want {
				if pts[i] != want[i] {
					t.Fatalf("pts %v, want %v", pts, want)
				}
			}
			c.received(1)
		})
	}
}

func TestAClientComesBackAfterACut(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	if n := do(t, s, fakedc.Step{Do: "cut"}).Count; n != 1 {
		t.Errorf("%d connections were cut, want 1", n)
	}
	// A call that was on its way when the connection broke may fail.
	for {
		if _, err := c.UpdatesGetState(c.ctx); err == nil {
			break
		} else if c.ctx.Err() != nil {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Millisecond)
	}
	do(t, s, fakedc.Step{Do: "start", Who: "ann"})
	c.received(1)
}
