package fakedc_test

import (
	"testing"
	"time"

	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/internal/fakedc"
)

func TestAStartArrivesWithItsSender(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	do(t, s, fakedc.Step{Do: "start", Who: "ann", Payload: "promo"})
	u := c.received(1)[0]
	m := u.Updates[0].(*tg.UpdateNewMessage)
	if msg := m.Message.(*tg.Message); msg.Message != "/start promo" || msg.Out || m.PtsCount != 1 {
		t.Errorf("update is %v", m)
	}
	if ann := u.Users[0].(*tg.User); ann.ID != 1001 || ann.Min || ann.LangCode != "en" || ann.AccessHash != c.resolve("ann").AccessHash {
		t.Errorf("sender is %v", ann)
	}
}

func TestMinUserInSupergroup(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	got := c.oneByOne(s,
		fakedc.Step{Do: "join", Who: "carol", Chat: "friends"},
		fakedc.Step{Do: "write", Who: "carol", Chat: "friends", Text: "hello", Min: true})
	full, min := got[0].Users[0].(*tg.User), got[1].Users[0].(*tg.User)
	if full.Min || !min.Min || min.FirstName != "Carol" {
		t.Errorf("carol came as %v and %v", full, min)
	}
	if full.AccessHash == min.AccessHash {
		t.Error("a min object has the full hash")
	}
	if _, ok := min.GetPhone(); ok {
		t.Error("a phone flag makes the hash of a min object a full one")
	}
	_, err := c.get(1003, min.AccessHash)
	wantError(t, err, 400, "PEER_ID_INVALID")
}

func TestJoiningAndLeavingAreServiceMessages(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	got := c.oneByOne(s,
		fakedc.Step{Do: "join", Who: "carol", Chat: "kitchen"},
		fakedc.Step{Do: "leave", Who: "carol", Chat: "kitchen"})
	join := got[0].Updates[0].(*tg.UpdateNewMessage).Message.(*tg.MessageService)
	if a, ok := join.Action.(*tg.MessageActionChatAddUser); !ok || a.Users[0] != 1003 {
		t.Errorf("join is %v", join)
	}
	leave := got[1].Updates[0].(*tg.UpdateNewMessage).Message.(*tg.MessageService)
	if a, ok := leave.Action.(*tg.MessageActionChatDeleteUser); !ok || a.UserID != 1003 {
		t.Errorf("leave is %v", leave)
	}
}

func TestBlockingIsToldByQts(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	got := c.oneByOne(s,
		fakedc.Step{Do: "start", Who: "ann"},
		fakedc.Step{Do: "block", Who: "ann"},
		fakedc.Step{Do: "unblock", Who: "ann"})
	for i, stopped := range []bool{true, false} {
		u, ok := got[1+i].Updates[0].(*tg.UpdateBotStopped)
		if !ok || u.Stopped != stopped || u.UserID != 1001 || u.Qts != 2+i {
			t.Errorf("update %d is %v", 1+i, got[1+i].Updates[0])
		}
	}
}

func TestWritingToABlockedBotUnblocksIt(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	do(t, s,
		fakedc.Step{Do: "start", Who: "ann"},
		fakedc.Step{Do: "block", Who: "ann"},
		fakedc.Step{Do: "start", Who: "ann"})
	c.received(4)
	if _, err := c.send(&tg.InputPeerUser{UserID: 1001}, "welcome back", 1); err != nil {
		t.Error(err)
	}
}

func TestWhatWasMissedComesByDifference(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{noUpdates: true})
	before, err := c.UpdatesGetState(c.ctx)
	if err != nil {
		t.Fatal(err)
	}
	ask := func(pts, qts int) tg.UpdatesDifferenceClass {
		t.Helper()
		d, err := c.UpdatesGetDifference(c.ctx, &tg.UpdatesGetDifferenceRequest{Pts: pts, Qts: qts, Date: before.Date + 3600})
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	if d, ok := ask(before.Pts, before.Qts).(*tg.UpdatesDifferenceEmpty); !ok {
		t.Errorf("nothing has happened, but %v", d)
	}
	do(t, s,
		fakedc.Step{Do: "start", Who: "ann"},
		fakedc.Step{Do: "block", Who: "ann"},
		fakedc.Step{Do: "write", Who: "bob", Chat: "kitchen", Text: "hi"},
		fakedc.Step{Do: "write", Who: "bob", Chat: "friends", Text: "hi", Min: true})
	d := ask(before.Pts, before.Qts).(*tg.UpdatesDifference)
	if len(d.NewMessages) != 2 || len(d.OtherUpdates) != 2 || len(d.Users) != 2 {
		t.Fatalf("difference is %v", d)
	}
	if _, ok := d.OtherUpdates[0].(*tg.UpdateBotStopped); !ok {
		t.Errorf("first other update is %v", d.OtherUpdates[0])
	}
	if u, ok := d.OtherUpdates[1].(*tg.UpdateChannelTooLong); !ok || u.ChannelID != friends.ChannelID {
		t.Errorf("second other update is %v", d.OtherUpdates[1])
	}
	for pts, want := range map[int]int{1: 1, 2: 0} {
		r, err := c.UpdatesGetChannelDifference(c.ctx, &tg.UpdatesGetChannelDifferenceRequest{
			Channel: &tg.InputChannel{ChannelID: friends.ChannelID}, Filter: &tg.ChannelMessagesFilterEmpty{}, Pts: pts, Limit: 100,
		})
		if err != nil {
			t.Fatal(err)
		}
		if want == 0 {
			if _, ok := r.(*tg.UpdatesChannelDifferenceEmpty); !ok {
				t.Errorf("difference after %d is %v", pts, r)
			}
			continue
		}
		if r := r.(*tg.UpdatesChannelDifference); len(r.NewMessages) != want || r.Users[0].(*tg.User).Min || !r.Final || r.Pts != 2 {
			t.Errorf("difference after %d is %v", pts, r)
		}
	}
	if d, ok := ask(d.State.Pts, d.State.Qts).(*tg.UpdatesDifferenceEmpty); !ok {
		t.Errorf("all was given, but %v", d)
	}
}

func TestALongDifferenceComesInSlices(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{noUpdates: true})
	do(t, s, fakedc.Step{Do: "crowd", Count: 2500})
	state := tg.UpdatesState{Pts: 1, Qts: 1, Date: int(time.Now().Unix())}
	seen := map[int64]bool{}
	for range 3 {
		d, err := c.UpdatesGetDifference(c.ctx, &tg.UpdatesGetDifferenceRequest{Pts: state.Pts, Qts: state.Qts, Date: state.Date})
		if err != nil {
			t.Fatal(err)
		}
		var users []tg.UserClass
		switch d := d.(type) {
		case *tg.UpdatesDifferenceSlice:
			users, state = d.Users, d.IntermediateState
		case *tg.UpdatesDifference:
			users, state = d.Users, d.State
		default:
			t.Fatalf("difference is %T", d)
		}
		for _, u := range users {
			seen[u.GetID()] = true
		}
	}
	if len(seen) != 2500 || state.Pts != 2501 {
		t.Errorf("%d people by pts %d, want 2500 by 2501", len(seen), state.Pts)
	}
}

func TestNoUpdatesMeansNone(t *testing.T) {
	s := serve(t, nil)
	quiet := connect(t, s, clientOptions{noUpdates: true})
	loud := connect(t, s, clientOptions{})
	do(t, s, fakedc.Step{Do: "start", Who: "ann"})
	loud.received(1)
	if _, err := quiet.UpdatesGetState(quiet.ctx); err != nil {
		t.Fatal(err)
	}
	if len(quiet.updates) != 0 {
		t.Errorf("%d updates arrived", len(quiet.updates))
	}
}

func TestOtherSessionsHearWhatOneSends(t *testing.T) {
	s := serve(t, nil)
	a, b := connect(t, s, clientOptions{}), connect(t, s, clientOptions{})
	if _, err := a.send(friends, "hello", 1); err != nil {
		t.Fatal(err)
	}
	m := b.received(1)[0].Updates[0].(*tg.UpdateNewChannelMessage).Message.(*tg.Message)
	if !m.Out || m.Message != "hello" {
		t.Errorf("the other session got %v", m)
	}
	if len(a.updates) != 0 {
		t.Error("the sender got its own message twice")
	}
}

func TestDatesComeFromTheStory(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	w := fakedc.NewDemo(fakedc.WorldOptions{Clock: func() time.Time { return at }})
	s := serve(t, w)
	c := connect(t, s, clientOptions{})
	c.oneByOne(s, fakedc.Step{Do: "start", Who: "ann"})
	do(t, s, fakedc.Step{Do: "wait", For: "2h"})
	got := c.oneByOne(s, fakedc.Step{Do: "write", Who: "ann", Text: "still here"})
	for i, want := range []time.Time{at, at.Add(2 * time.Hour)} {
		if u := got[i]; u.Date != int(want.Unix()) {
			t.Errorf("update %d is of %d, want %d", i, u.Date, want.Unix())
		}
	}
}
