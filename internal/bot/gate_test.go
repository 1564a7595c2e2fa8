package bot

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/session"
)

// scripted answers calls in turn, and notes when each came.
type scripted struct {
	answers []error
	at      []time.Time
}

func (s *scripted) Invoke(context.Context, bin.Encoder, bin.Decoder) error {
	s.at = append(s.at, time.Now())
	if n := len(s.at) - 1; n < len(s.answers) {
		return s.answers[n]
	}
	return nil
}

func message(to tg.InputPeerClass) *tg.MessagesSendMessageRequest {
	return &tg.MessagesSendMessageRequest{Peer: to, Message: "Hello"}
}

var (
	toAnn     = &tg.InputPeerUser{UserID: 1001}
	toFriends = &tg.InputPeerChannel{ChannelID: 7}
	toNews    = &tg.InputPeerChannel{ChannelID: 8}
)

// A call whose wait is long is refused, and refused without being sent until the
// wait is over.
func TestACallIsNotSentBeforeItsTime(t *testing.T) {
	c := &clock{noon}
	g := openGate(t, Options{Now: c.now})
	server := &scripted{answers: []error{tgerr.New(420, "FLOOD_WAIT_3600")}}
	call := g.Handle(server)
	sent := func(want int, wait int) {
		t.Helper()
		err := call(t.Context(), message(toAnn), &tg.UpdatesBox{})
		if e := answer.From((&Bot{}).explain(err)); wait > 0 && (e.Code != answer.FloodWait || e.RetryAfter != wait) {
			t.Errorf("got %v, want a wait of %d s", err, wait)
		}
		if wait == 0 && err != nil || len(server.at) != want {
			t.Errorf("%v, and %d calls, want %d", err, len(server.at), want)
		}
	}
	sent(1, 3600)
	sent(1, 3600)
	c.advance(20 * time.Minute)
	sent(1, 2400)
	if err := call(t.Context(), &tg.UsersGetUsersRequest{}, &tg.UserClassVector{}); err != nil {
		t.Errorf("another method has to wait: %v", err)
	}
	c.advance(40 * time.Minute)
	sent(3, 0)
}

// telegram-rules.md section 7: a slow mode is the chat's.
func TestASlowChatStopsNoOther(t *testing.T) {
	c := &clock{noon}
	g := openGate(t, Options{Now: c.now})
	server := &scripted{answers: []error{tgerr.New(420, "SLOWMODE_WAIT_60")}}
	call := g.Handle(server)
	for _, tt := range []struct {
		to   tg.InputPeerClass
		wait bool
		sent int
	}{
		{toFriends, true, 1},
		{toFriends, true, 1},
		{toNews, false, 2},
		{toAnn, false, 3},
	} {
		if err := call(t.Context(), message(tt.to), &tg.UpdatesBox{}); (err != nil) != tt.wait || len(server.at) != tt.sent {
			t.Errorf("to %v: %v, %d sent", tt.to, err, len(server.at))
		}
	}
}

// A short wait is waited for, all of a call's waits together as long as its
// patience lasts.
func TestAShortWaitIsWaitedFor(t *testing.T) {
	wait := func(s string) error { return tgerr.New(420, s) }
	for _, tt := range []struct {
		name     string
		patience time.Duration
		answers  []error
		sent     []time.Duration // since the beginning
		failed   bool
	}{
		{"none", 0, nil, []time.Duration{0}, false},
		{"short", 0, []error{wait("FLOOD_WAIT_3")}, []time.Duration{0, 3 * time.Second}, false},
		{"just short enough", 0, []error{wait("FLOOD_WAIT_5")}, []time.Duration{0, 5 * time.Second}, false},
		{"too long", 0, []error{wait("FLOOD_WAIT_6")}, []time.Duration{0}, true},
		{"short, twice", 0, []error{wait("FLOOD_WAIT_2"), wait("SLOWMODE_WAIT_3")}, []time.Duration{0, 2 * time.Second, 5 * time.Second}, false},
		{"short, and too long with the second", 0, []error{wait("FLOOD_WAIT_2"), wait("FLOOD_WAIT_4")}, []time.Duration{0, 2 * time.Second}, true},
		{"patient", time.Minute, []error{wait("FLOOD_PREMIUM_WAIT_60")}, []time.Duration{0, time.Minute}, false},
		{"impatient", -1, []error{wait("FLOOD_WAIT_1")}, []time.Duration{0}, true},
		{"another error", 0, []error{wait("PEER_FLOOD")}, []time.Duration{0}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g := openGate(t, Options{FloodPatience: tt.patience})
				begin, server := time.Now(), &scripted{answers: tt.answers}
				err := g.Handle(server)(t.Context(), message(toFriends), &tg.UpdatesBox{})
				if (err != nil) != tt.failed || len(server.at) != len(tt.sent) {
					t.Fatalf("%v after %d calls, want %d", err, len(server.at), len(tt.sent))
				}
				for i, at := range server.at {
					if at.Sub(begin) != tt.sent[i] {
						t.Errorf("call %d was sent after %v, want %v", i+1, at.Sub(begin), tt.sent[i])
					}
				}
			})
		})
	}
}

// Whoever leaves while a call waits does not keep it waiting, and the next process
// still knows of the wait.
func TestWhoLeavesDuringAWaitLeavesAtOnce(t *testing.T) {
	c := &clock{noon}
	f := openFile(t)
	opts := Options{Now: c.now, FloodPatience: time.Hour}
	opts.setDefaults()
	g, err := newGate(t.Context(), f.Limits(), opts)
	if err != nil {
		t.Fatal(err)
	}
	ctx, leave := context.WithCancel(t.Context())
	server := invoker(func(bin.Encoder, bin.Decoder) error {
		leave()
		return tgerr.New(420, "FLOOD_WAIT_1800")
	})
	if err := g.Handle(server)(ctx, message(toAnn), &tg.UpdatesBox{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	wantRest(t, loadWaits(t, f, c), "messages.sendMessage", session.ID{}, 30*time.Minute)
}

// Behavior C43, and design.md section 4: a look-up is in the file before it is
// sent, and one that is refused is not sent.
func TestALookUpIsChargedBeforeItIsSent(t *testing.T) {
	c := &clock{noon}
	f := openFile(t)
	opts := Options{Now: c.now, LookupsPerDay: 3}
	opts.setDefaults()
	g, err := newGate(t.Context(), f.Limits(), opts)
	if err != nil {
		t.Fatal(err)
	}
	sent, before := 0, 0
	call := g.Handle(invoker(func(bin.Encoder, bin.Decoder) error {
		sent++
		if s, err := f.Limits().Lookups(c.now()); err != nil || s.Used() != sent-before {
			t.Errorf("look-up %d is sent, and %d are charged, %v", sent, s.Used(), err)
		}
		return tgerr.New(400, "USERNAME_NOT_OCCUPIED")
	}))
	// One in the other's clothes costs as much.
	carol := &tg.ContactsResolveUsernameRequest{Username: "carol"}
	for _, input := range []bin.Encoder{carol, carol, &tg.InvokeWithoutUpdatesRequest{Query: carol}} {
		if err := call(t.Context(), input, &tg.ContactsResolvedPeer{}); !tgerr.Is(err, "USERNAME_NOT_OCCUPIED") {
			t.Errorf("got %v", err)
		}
	}
	err = call(t.Context(), carol, &tg.ContactsResolvedPeer{})
	e := answer.From(err)
	if e.Code != answer.FloodWait || e.RetryAfter != 24*3600+600 || e.Hint == "" || sent != 3 {
		t.Errorf("got %+v after %d", e, sent)
	}
	c.advance(24*time.Hour + 10*time.Minute)
	before = 3
	_ = call(t.Context(), carol, &tg.ContactsResolvedPeer{})
	if sent != 4 {
		t.Errorf("%d were sent", sent)
	}
}

// telegram-rules.md section 7: what counts as messages, and to which chat.
func TestCallsAreReadForTheirMessages(t *testing.T) {
	ann := session.UserID(1001)
	for _, tt := range []struct {
		input bin.Encoder
		want  call
	}{
		{message(toAnn), call{"messages.sendMessage", ann, 1, false}},
		{&tg.MessagesSendMediaRequest{Peer: toFriends}, call{"messages.sendMedia", session.ChannelID(7), 1, false}},
		{&tg.MessagesSendMultiMediaRequest{Peer: &tg.InputPeerChat{ChatID: 5}, MultiMedia: make([]tg.InputSingleMedia, 3)}, call{"messages.sendMultiMedia", session.ChatID(5), 3, false}},
		{&tg.MessagesForwardMessagesRequest{FromPeer: toFriends, ToPeer: toAnn, ID: []int{1, 2}}, call{"messages.forwardMessages", ann, 2, false}},
		{&tg.MessagesSendQuickReplyMessagesRequest{Peer: toAnn, ID: []int{1, 2, 3}}, call{"messages.sendQuickReplyMessages", ann, 3, false}},
		{&tg.EphemeralSendMessageRequest{Peer: toFriends}, call{"ephemeral.sendMessage", session.ChannelID(7), 1, false}},
		{&tg.InvokeWithBusinessConnectionRequest{Query: message(toAnn)}, call{"messages.sendMessage", ann, 1, false}},
		{&tg.MessagesSetTypingRequest{Peer: toAnn}, call{"messages.setTyping", session.ID{}, 0, false}},
		{&tg.ContactsResolveUsernameRequest{}, call{lookingUp, session.ID{}, 0, true}},
		{&tg.UsersGetUsersRequest{ID: []tg.InputUserClass{&tg.InputUser{}}}, call{"users.getUsers", session.ID{}, 0, false}},
		{&tg.UsersGetUsersRequest{ID: []tg.InputUserClass{&tg.InputUserSelf{}}}, call{"users.getUsers (self)", session.ID{}, 0, false}},
	} {
		if got := callOf(tt.input); got != tt.want {
			t.Errorf("%T: %+v, want %+v", tt.input, got, tt.want)
		}
	}
}
