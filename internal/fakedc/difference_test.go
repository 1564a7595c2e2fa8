package fakedc_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/internal/fakedc"
)

func (c *client) difference(pts, qts, date int) tg.UpdatesDifferenceClass {
	c.t.Helper()
	d, err := c.UpdatesGetDifference(c.ctx, &tg.UpdatesGetDifferenceRequest{Pts: pts, Qts: qts, Date: date})
	if err != nil {
		c.t.Fatal(err)
	}
	return d
}

func (c *client) channelDifference(pts, limit int) tg.UpdatesChannelDifferenceClass {
	c.t.Helper()
	d, err := c.UpdatesGetChannelDifference(c.ctx, &tg.UpdatesGetChannelDifferenceRequest{
		Channel: &tg.InputChannel{ChannelID: friends.ChannelID}, Filter: &tg.ChannelMessagesFilterEmpty{}, Pts: pts, Limit: limit,
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return d
}

// Section 8 of telegram-rules.md: the state that a client gets is what it may ask
// for next, whatever has happened.
func TestTheStateIsHonest(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	check := func() *tg.UpdatesState {
		t.Helper()
		state, err := c.UpdatesGetState(c.ctx)
		if err != nil {
			t.Fatal(err)
		}
		if d, ok := c.difference(state.Pts, state.Qts, state.Date+1).(*tg.UpdatesDifferenceEmpty); !ok || d.Seq != state.Seq {
			t.Errorf("after %+v there is %v", state, d)
		}
		_, err = c.UpdatesGetDifference(c.ctx, &tg.UpdatesGetDifferenceRequest{Pts: state.Pts + 1, Qts: state.Qts, Date: state.Date})
		wantError(t, err, 400, "PERSISTENT_TIMESTAMP_INVALID")
		return state
	}
	before := check()
	do(t, s,
		fakedc.Step{Do: "start", Who: "ann"},
		fakedc.Step{Do: "block", Who: "ann"},
		fakedc.Step{Do: "inline", Who: "bob", Text: "x"},
		fakedc.Step{Do: "write", Who: "ann", Text: "again"},
		fakedc.Step{Do: "retract", Who: "ann", Message: 2})
	after := check()
	// A start, a message and its removal; a block and its end; an inline query.
	if after.Pts != before.Pts+3 || after.Qts != before.Qts+2 || after.Seq != before.Seq {
		t.Errorf("from %+v to %+v", before, after)
	}
	for _, u := range c.received(6) {
		if u.Seq != 0 {
			t.Errorf("seq of %v is %d", u, u.Seq)
		}
	}
}

// 8, 3.1: an edit is no new message, and what is gone is not told of again.
func TestDifferencesHaveEditsAndRemovals(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{noUpdates: true})
	for _, chat := range []string{"kitchen", "friends"} {
		do(t, s,
			fakedc.Step{Do: "write", Who: "bob", Chat: chat, Text: "one"},
			fakedc.Step{Do: "write", Who: "bob", Chat: chat, Text: "two"},
			fakedc.Step{Do: "edit", Who: "bob", Chat: chat, Message: 1, Text: "one and a half"},
			fakedc.Step{Do: "retract", Who: "bob", Chat: chat, Message: 2})
	}
	now := int(time.Now().Unix())
	d := c.difference(1, 1, now+3600).(*tg.UpdatesDifference)
	if len(d.NewMessages) != 1 || len(d.OtherUpdates) != 3 || d.State.Pts != 5 {
		t.Fatalf("difference is %v", d)
	}
	edit, ok := d.OtherUpdates[0].(*tg.UpdateEditMessage)
	if !ok || edit.Pts != 4 || edit.Message.(*tg.Message).Message != "one and a half" {
		t.Errorf("edit is %v", d.OtherUpdates[0])
	}
	if gone, ok := d.OtherUpdates[1].(*tg.UpdateDeleteMessages); !ok || gone.Messages[0] != 2 || gone.Pts != 5 {
		t.Errorf("removal is %v", d.OtherUpdates[1])
	}
	x := c.channelDifference(1, 100).(*tg.UpdatesChannelDifference)
	if len(x.NewMessages) != 1 || len(x.OtherUpdates) != 2 || x.Pts != 5 || !x.Final {
		t.Fatalf("channel difference is %v", x)
	}
	if _, ok := x.OtherUpdates[0].(*tg.UpdateEditChannelMessage); !ok {
		t.Errorf("edit is %v", x.OtherUpdates[0])
	}
	if _, ok := x.OtherUpdates[1].(*tg.UpdateDeleteChannelMessages); !ok {
		t.Errorf("removal is %v", x.OtherUpdates[1])
	}
}

func TestAChannelDifferenceComesInParts(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{noUpdates: true})
	do(t, s, fakedc.Step{Do: "crowd", Chat: "friends", Count: 25})
	pts, got := 1, 0
	for i := range 3 {
		d := c.channelDifference(pts, 10).(*tg.UpdatesChannelDifference)
		got += len(d.NewMessages)
		pts = d.Pts
		if d.Final != (i == 2) {
			t.Errorf("part %d is final: %v", i, d.Final)
		}
	}
	if got != 25 {
		t.Errorf("%d messages, want 25", got)
	}
	if d, ok := c.channelDifference(pts, 10).(*tg.UpdatesChannelDifferenceEmpty); !ok || !d.Final || d.Pts != pts {
		t.Errorf("after that there is %v", d)
	}
}

// 8: after a long time the server gives up and says where it is now.
func TestADifferenceMayBeTooLong(t *testing.T) {
	s := serve(t, fakedc.NewDemo(fakedc.WorldOptions{TooLong: 10, ChannelTooLong: 5, Slice: 4}))
	c := connect(t, s, clientOptions{noUpdates: true})
	now := int(time.Now().Unix())
	do(t, s, fakedc.Step{Do: "crowd", Count: 10})
	if d, ok := c.difference(1, 1, now).(*tg.UpdatesDifferenceSlice); !ok || len(d.NewMessages) != 4 || d.IntermediateState.Pts != 5 {
		t.Errorf("ten are %v", d)
	}
	do(t, s, fakedc.Step{Do: "crowd", Count: 1})
	if d, ok := c.difference(1, 1, now).(*tg.UpdatesDifferenceTooLong); !ok || d.Pts != 12 {
		t.Errorf("eleven are %v", d)
	}
	do(t, s, fakedc.Step{Do: "crowd", Chat: "friends", Count: 6})
	d, ok := c.channelDifference(1, 100).(*tg.UpdatesChannelDifferenceTooLong)
	if !ok {
		t.Fatal("six are not too long")
	}
	dialog := d.Dialog.(*tg.Dialog)
	if pts, _ := dialog.GetPts(); pts != 7 || len(d.Messages) != 6 || dialog.TopMessage != 6 || !d.Final {
		t.Errorf("six are %v", d)
	}
}

// A random_id is remembered for a while on the story's clock, not for ever.
func TestRandomIDsAreForgotten(t *testing.T) {
	s := serve(t, fakedc.NewDemo(fakedc.WorldOptions{RandomIDs: time.Hour}))
	c := connect(t, s, clientOptions{})
	for i, row := range []struct {
		wait string
		want string
	}{{"0s", ""}, {"59m", "RANDOM_ID_DUPLICATE"}, {"2m", ""}, {"1m", "RANDOM_ID_DUPLICATE"}} {
		do(t, s, fakedc.Step{Do: "wait", For: row.wait})
		_, err := c.send(friends, "hello "+strconv.Itoa(i), 7)
		if row.want != "" {
			wantError(t, err, 500, row.want)
		} else if err != nil {
			t.Error(err)
		}
	}
}
