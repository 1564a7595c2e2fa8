package fakedc_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/internal/fakedc"
)

func TestAFaultSpoilsTheNextCall(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	do(t, s, fakedc.Step{Do: "fault", Method: "messages.sendMessage", Error: "FLOOD_WAIT_30"})
	_, err := c.send(friends, "hello", 1)
	wantError(t, err, 420, "FLOOD_WAIT_30")
	if _, err := c.send(friends, "hello", 1); err != nil {
		t.Error(err)
	}
	if n := s.World().Calls()["messages.sendMessage"]; n != 2 {
		t.Errorf("%d calls, want 2", n)
	}
}

func TestASilentFaultNeverAnswers(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	do(t, s, fakedc.Step{Do: "fault", Method: "messages.sendMessage", Silent: true})
	ctx, cancel := context.WithTimeout(c.ctx, 200*time.Millisecond)
	defer cancel()
	_, err := c.MessagesSendMessage(ctx, &tg.MessagesSendMessageRequest{Peer: friends, Message: "hello", RandomID: 1})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want no answer", err)
	}
	if n := len(s.World().Messages("friends")); n != 0 {
		t.Errorf("%d messages were stored", n)
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
