package session

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"
	"pgregory.net/rapid"
)

// carol is who the events are about, until hear says that it is somebody else.
const carol = int64(1003)

// happened is one event of a row: an update, or a call and what it came to.
type happened struct {
	at     int
	update tg.UpdateClass
	call   bin.Encoder
	err    error
}

func (h happened) events() []*event {
	if h.update != nil {
		var got harvest
		got.heard(h.update)
		return got.events
	}
	if e := reacted(h.call, h.err, int64(h.at), 0); e != nil {
		return []*event{e}
	}
	return nil
}

func wrote(at, id int, text string) happened {
	return happened{at: at, update: &tg.UpdateNewMessage{Message: &tg.Message{
		ID: id, Date: at, Message: text, PeerID: &tg.PeerUser{UserID: carol},
	}}}
}

func service(at, id int, a tg.MessageActionClass) happened {
	return happened{at: at, update: &tg.UpdateNewMessage{Message: &tg.MessageService{
		ID: id, Date: at, Action: a, PeerID: &tg.PeerUser{UserID: carol},
	}}}
}

func block(at int, on bool) happened { return blocked(at, 0, on) }

func blocked(at, qts int, on bool) happened {
	return happened{at: at, update: &tg.UpdateBotStopped{UserID: carol, Date: at, Stopped: on, Qts: qts}}
}

func joinRequest(at int) happened {
	return happened{at: at, update: &tg.UpdateBotChatInviteRequester{
		UserID: carol, Date: at, Peer: &tg.PeerChannel{ChannelID: 7},
	}}
}

func letIn(at int) happened {
	return happened{at: at, update: &tg.UpdateChannelParticipant{
		UserID: carol, Date: at, ChannelID: 7, NewParticipant: &tg.ChannelParticipant{},
	}}
}

// said is a message of the bot's and the server's answer to it: "" for taken.
func said(at int, problem string) happened {
	return tried(at, &tg.MessagesSendMessageRequest{Peer: &tg.InputPeerUser{UserID: carol, AccessHash: 5}}, problem)
}

func typed(at int, problem string) happened {
	return tried(at, &tg.MessagesSetTypingRequest{Peer: &tg.InputPeerUser{UserID: carol, AccessHash: 5}}, problem)
}

func tried(at int, call bin.Encoder, problem string) happened {
	h := happened{at: at, call: call}
	if problem != "" {
		h.err = fmt.Errorf("call: %w", tgerr.New(400, problem))
	}
	return h
}

func hear(f *File, list ...happened) { hearOf(f, carol, list...) }

// hearOf is hear for somebody else: a file is slow to make.
func hearOf(f *File, user int64, list ...happened) {
	m := Memory{file: f}
	for _, h := range list {
		events := h.events()
		for _, e := range events {
			e.user = user
		}
		m.enter(&harvest{events: events})
	}
}

// Behavior C47, and telegram-rules.md sections 4.1 to 4.4, row by row. The codes of
// errors differ between methods: it is the types that count.
func TestWhatHappensDecidesTheStanding(t *testing.T) {
	app := &tg.MessageActionBotAllowed{}
	app.SetApp(&tg.BotApp{ShortName: "shop"})
	site := &tg.MessageActionBotAllowed{}
	site.SetDomain("example.com")
	byRequest := &tg.MessageActionBotAllowed{FromRequest: true}
	byMenu := &tg.MessageActionBotAllowed{AttachMenu: true}
	hashZero := &tg.MessagesSendMessageRequest{Peer: &tg.InputPeerUser{UserID: carol}}

	type want struct {
		standing Standing
		reason   Reason
		since    int
		refusal  string
	}
	nothing := want{}
	f, user := mustOpen(t), carol
	for rule, row := range map[string]struct {
		happened []happened
		want     want
	}{
		"4.1 G1 a first message":         {[]happened{wrote(10, 1, "hi")}, want{StandingOpen, ReasonWrote, 10, ""}},
		"4.1 G1 start":                   {[]happened{wrote(10, 1, "/start")}, want{StandingOpen, ReasonStart, 10, ""}},
		"4.1 G1 start with a payload":    {[]happened{wrote(10, 1, "/start promo")}, want{StandingOpen, ReasonStart, 10, ""}},
		"4.1 G1 the first of several":    {[]happened{wrote(10, 1, "hi"), wrote(20, 2, "/start")}, want{StandingOpen, ReasonWrote, 10, ""}},
		"4.1 G2 a join request":          {[]happened{joinRequest(10)}, want{StandingOpen, ReasonJoinRequest, 10, ""}},
		"4.1 G2 one that was answered":   {[]happened{joinRequest(10), letIn(50)}, nothing},
		"4.1 G2 by somebody known":       {[]happened{wrote(10, 1, "hi"), joinRequest(20), letIn(30)}, want{StandingOpen, ReasonWrote, 10, ""}},
		"4.1 G2 and what was sent then":  {[]happened{joinRequest(10), said(20, ""), letIn(30)}, nothing},
		"4.1 G2b asked again":            {[]happened{joinRequest(10), letIn(20), joinRequest(30)}, want{StandingOpen, ReasonJoinRequest, 30, ""}},
		"4.1 G3 a login":                 {[]happened{service(10, 1, site)}, want{StandingOpen, ReasonLogin, 10, ""}},
		"4.1 G4 a web app's request":     {[]happened{service(10, 1, byRequest)}, want{StandingOpen, ReasonWebApp, 10, ""}},
		"4.1 G5 a web app":               {[]happened{service(10, 1, app)}, want{StandingOpen, ReasonWebApp, 10, ""}},
		"4.1 G6 the attachment menu":     {[]happened{service(10, 1, byMenu)}, want{StandingOpen, ReasonAttachMenu, 10, ""}},
		"4.1 G7 unblocked":               {[]happened{wrote(10, 1, "hi"), block(20, true), block(30, false)}, want{StandingOpen, ReasonUnblocked, 30, ""}},
		"4.1 no grant: a new theme":      {[]happened{service(10, 1, &tg.MessageActionSetChatTheme{})}, nothing},
		"4.1 no grant: a button":         {[]happened{{update: &tg.UpdateBotCallbackQuery{UserID: carol}}}, nothing},
		"4.1 no grant: inline":           {[]happened{{update: &tg.UpdateBotInlineQuery{UserID: carol}}}, nothing},
		"4.1 no grant: a reaction":       {[]happened{{update: &tg.UpdateBotMessageReaction{Actor: &tg.PeerUser{UserID: carol}, Peer: &tg.PeerUser{UserID: carol}}}}, nothing},
		"4.1 no grant: in a group":       {[]happened{{update: &tg.UpdateNewChannelMessage{Message: &tg.Message{PeerID: &tg.PeerChannel{ChannelID: 7}, FromID: &tg.PeerUser{UserID: carol}}}}}, nothing},
		"4.1 no grant: joining":          {[]happened{letIn(10)}, nothing},
		"4.1 no grant: the bot's own":    {[]happened{{update: &tg.UpdateNewMessage{Message: &tg.Message{Out: true, ID: 1, Date: 10, PeerID: &tg.PeerUser{UserID: carol}}}}}, nothing},
		"4.1 updatePeerBlocked is ours":  {[]happened{wrote(10, 1, "hi"), {update: &tg.UpdatePeerBlocked{PeerID: &tg.PeerUser{UserID: carol}, Blocked: true}}}, want{StandingOpen, ReasonWrote, 10, ""}},
		"4.2 blocked":                    {[]happened{wrote(10, 1, "hi"), block(20, true)}, want{StandingBlocked, ReasonStopped, 20, ""}},
		"4.2 blocked, asks to join":      {[]happened{wrote(10, 1, "hi"), block(20, true), joinRequest(30)}, want{StandingBlocked, ReasonStopped, 20, ""}},
		"4.2 deleting messages is not":   {[]happened{wrote(10, 1, "hi"), {update: &tg.UpdateDeleteMessages{Messages: []int{1}}}}, want{StandingOpen, ReasonWrote, 10, ""}},
		"4.3 writing again unblocks":     {[]happened{wrote(10, 1, "hi"), block(20, true), wrote(30, 2, "yes?")}, want{StandingOpen, ReasonWrote, 30, ""}},
		"4.3 allowing unblocks":          {[]happened{wrote(10, 1, "hi"), block(20, true), service(30, 2, byMenu)}, want{StandingOpen, ReasonAttachMenu, 30, ""}},
		"4.3 a block that comes late":    {[]happened{wrote(10, 1, "hi"), wrote(30, 2, "on"), block(20, true)}, want{StandingOpen, ReasonWrote, 10, ""}},
		"4.3 a message that comes late":  {[]happened{block(20, true), wrote(10, 1, "hi")}, want{StandingBlocked, ReasonStopped, 20, ""}},
		"4.3 wrote and stopped, at once": {[]happened{wrote(10, 1, "hi"), block(10, true)}, want{StandingBlocked, ReasonStopped, 10, ""}},
		"4.3 the message comes second":   {[]happened{block(10, true), wrote(10, 1, "hi")}, want{StandingBlocked, ReasonStopped, 10, ""}},
		"4.3 back in the same second":    {[]happened{blocked(10, 4, true), blocked(10, 5, false), wrote(10, 2, "hi")}, want{StandingOpen, ReasonUnblocked, 10, ""}},
		"4.3 and in the other order":     {[]happened{blocked(10, 5, false), blocked(10, 4, true)}, want{StandingOpen, ReasonUnblocked, 10, ""}},
		"4.3 and stopped again":          {[]happened{blocked(10, 4, true), blocked(10, 6, true), blocked(10, 5, false)}, want{StandingBlocked, ReasonStopped, 10, ""}},
		"4.3 taken: a message":           {[]happened{said(10, "")}, want{StandingOpen, ReasonSent, 10, ""}},
		"4.3 taken: typing":              {[]happened{typed(10, "")}, want{StandingOpen, ReasonProbe, 10, ""}},
		"4.3 taken, and then they wrote": {[]happened{typed(10, ""), wrote(20, 1, "hi")}, want{StandingOpen, ReasonWrote, 20, ""}},
		"4.3 taken in the same second":   {[]happened{block(10, true), said(10, "")}, want{StandingBlocked, ReasonStopped, 10, ""}},
		"4.3 refused, same second":       {[]happened{wrote(10, 1, "hi"), said(10, "USER_IS_BLOCKED")}, want{StandingOpen, ReasonWrote, 10, "USER_IS_BLOCKED"}},
		"4.4 never started, or the hash": {[]happened{said(10, "PEER_ID_INVALID")}, want{refusal: "PEER_ID_INVALID"}},
		"4.4 the same, while it is open": {[]happened{wrote(5, 1, "hi"), said(10, "PEER_ID_INVALID")}, want{StandingOpen, ReasonWrote, 5, "PEER_ID_INVALID"}},
		"4.4 never started":              {[]happened{tried(10, hashZero, "PEER_ID_INVALID")}, want{StandingUnknown, ReasonNeverStarted, 10, "PEER_ID_INVALID"}},
		"4.4 after a join request":       {[]happened{joinRequest(5), tried(10, hashZero, "PEER_ID_INVALID")}, want{StandingUnknown, ReasonNeverStarted, 10, "PEER_ID_INVALID"}},
		"4.4 blocked":                    {[]happened{said(10, "USER_IS_BLOCKED")}, want{StandingBlocked, ReasonRefused, 10, "USER_IS_BLOCKED"}},
		"4.4 blocked, by typing":         {[]happened{wrote(5, 1, "hi"), typed(10, "USER_IS_BLOCKED")}, want{StandingBlocked, ReasonRefused, 10, "USER_IS_BLOCKED"}},
		"4.4 deleted":                    {[]happened{wrote(5, 1, "hi"), said(10, "INPUT_USER_DEACTIVATED")}, want{StandingDeleted, ReasonRefused, 10, "INPUT_USER_DEACTIVATED"}},
		"4.4 a bot, by the old error":    {[]happened{said(10, "USER_IS_BOT")}, want{StandingBot, ReasonRefused, 10, "USER_IS_BOT"}},
		"4.4 a bot, by the new error":    {[]happened{said(10, "USER_BOT_TO_BOT_DISABLED")}, want{StandingBot, ReasonRefused, 10, "USER_BOT_TO_BOT_DISABLED"}},
		"4.4 a bot writes and stays one": {[]happened{said(10, "USER_IS_BOT"), wrote(20, 1, "hi"), said(30, "")}, want{StandingBot, ReasonRefused, 10, "USER_IS_BOT"}},
		"4.4 a group's error":            {[]happened{wrote(5, 1, "hi"), said(10, "CHAT_WRITE_FORBIDDEN")}, want{StandingOpen, ReasonWrote, 5, ""}},
		"4.4 privacy":                    {[]happened{said(10, "PRIVACY_PREMIUM_REQUIRED")}, nothing},
		"4.3 undetermined: a flood":      {[]happened{wrote(5, 1, "hi"), said(10, "FLOOD_WAIT_30")}, want{StandingOpen, ReasonWrote, 5, ""}},
		"4.3 undetermined: slow mode":    {[]happened{wrote(5, 1, "hi"), said(10, "SLOWMODE_WAIT_30")}, want{StandingOpen, ReasonWrote, 5, ""}},
		"4.3 undetermined: 5xx":          {[]happened{wrote(5, 1, "hi"), said(10, "INTERNAL_SERVER_ERROR")}, want{StandingOpen, ReasonWrote, 5, ""}},
		"4.3 undetermined: 401":          {[]happened{wrote(5, 1, "hi"), said(10, "USER_DEACTIVATED")}, want{StandingOpen, ReasonWrote, 5, ""}},
		"4.3 undetermined: a time-out":   {[]happened{wrote(5, 1, "hi"), {at: 10, call: hashZero, err: context.DeadlineExceeded}}, want{StandingOpen, ReasonWrote, 5, ""}},
		"4.3 undetermined: no line":      {[]happened{block(5, true), {at: 10, call: hashZero, err: errors.New("broken pipe")}}, want{StandingBlocked, ReasonStopped, 5, ""}},
	} {
		user++
		t.Run(rule, func(t *testing.T) {
			hearOf(f, user, row.happened...)
			check := func(when string) {
				t.Helper()
				d, err := f.Dialog(user)
				if err != nil {
					t.Fatal(err)
				}
				d = d.AsOf(time.Unix(60, 0))
				got := want{d.Standing, d.Reason, 0, d.Refusal}
				if !d.Since.IsZero() {
					got.since = int(d.Since.Unix())
				}
				if got != row.want {
					t.Errorf("%s: got %v %+v, want %v %+v", when, got.standing, got, row.want.standing, row.want)
				}
			}
			check("at once")
			if err := f.Flush(t.Context()); err != nil {
				t.Fatal(err)
			}
			check("from the file")
			hearOf(f, user, row.happened...) // a difference brings all of it again
			if err := f.Flush(t.Context()); err != nil {
				t.Fatal(err)
			}
			check("again")
		})
	}
}

// A clock may be behind the server's: an answer is later than what was known when
// the call was made, and no later than what came meanwhile.
func TestAnAnswerIsLaterThanWhatWasKnownBeforeTheCall(t *testing.T) {
	f := mustOpen(t)
	call := said(0, "").call
	refused := tgerr.New(403, "USER_IS_BLOCKED")
	hear(f, wrote(100, 1, "hi"))
	if n := f.borneOut(call); n != 100 {
		t.Errorf("known at %d", n)
	}
	f.add(reacted(call, refused, 90, f.borneOut(call)))
	if d, err := f.Dialog(carol); err != nil || d.Standing != StandingBlocked || d.Since.Unix() != 100 {
		t.Errorf("got %+v, %v", d, err)
	}
	hear(f, wrote(200, 2, "hi"))
	known := f.borneOut(call)
	hear(f, wrote(201, 3, "hi"))
	f.add(reacted(call, refused, 150, known))
	if d, err := f.Dialog(carol); err != nil || d.Standing != StandingOpen {
		t.Errorf("got %+v, %v", d, err)
	}
}

// 4.1 G2: the request lets the bot write for 300 seconds, and not for longer.
func TestAJoinRequestIsGoodForFiveMinutes(t *testing.T) {
	f := mustOpen(t)
	hear(f, joinRequest(1000))
	d, err := f.Dialog(carol)
	if err != nil {
		t.Fatal(err)
	}
	for at, want := range map[int64]Standing{
		999: StandingUnknown, 1000: StandingOpen, 1299: StandingOpen, 1300: StandingUnknown,
	} {
		if got := d.AsOf(time.Unix(at, 0)); got.Standing != want {
			t.Errorf("at %d: %v, want %v", at, got.Standing, want)
		}
	}
	if d.Chat != ChannelID(7) || !d.Until.Equal(time.Unix(1300, 0)) {
		t.Errorf("got %+v", d)
	}
	// What is sent in that time says nothing about later.
	hear(f, said(1100, ""))
	if d, _ = f.Dialog(carol); d.AsOf(time.Unix(1400, 0)).Standing != StandingUnknown {
		t.Errorf("after the window: %+v", d)
	}
	hear(f, said(1350, ""))
	if d, _ = f.Dialog(carol); d.Standing != StandingOpen || d.Reason != ReasonSent {
		t.Errorf("a message that was taken after the window: %+v", d)
	}
}

func TestReasonsNameTheSiteAndTheApp(t *testing.T) {
	site, app := &tg.MessageActionBotAllowed{}, &tg.MessageActionBotAllowed{}
	site.SetDomain("example.com")
	app.SetApp(&tg.BotApp{ShortName: "shop"})
	f, user := mustOpen(t), carol
	for want, action := range map[string]tg.MessageActionClass{"example.com": site, "shop": app} {
		user++
		hearOf(f, user, service(10, 1, action))
		if d, err := f.Dialog(user); err != nil || d.Detail != want {
			t.Errorf("got %+v, %v; want %s", d, err, want)
		}
	}
}

// The payload is that of the first /start of all, and what began the chat the
// first message, in whatever order they come.
func TestTheFirstStartIsKept(t *testing.T) {
	list := []happened{wrote(10, 4, "hi"), wrote(20, 5, "/start promo"), wrote(30, 6, "/start later"), wrote(40, 7, "/start")}
	f := mustOpen(t)
	for user := range int64(50) {
		rand.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		hearOf(f, user+1, list...)
		if d, err := f.Dialog(user + 1); err != nil || d.Payload != "promo" || d.Began != 4 {
			t.Fatalf("got %+v, %v", d, err)
		}
	}
}

// Somebody who may be written to for another reason still has a first message.
func TestAFirstMessageIsKeptWhateverOpenedTheChat(t *testing.T) {
	f := mustOpen(t)
	hear(f, block(10, false))
	if err := f.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	hear(f, wrote(20, 5, "hi"))
	if d, err := f.Dialog(carol); err != nil || d.Began != 5 || d.Reason != ReasonUnblocked {
		t.Errorf("got %+v, %v", d, err)
	}
}

// What happened at different times decides the same, in whatever order and
// however often it is told, and however much of it is committed in between. (What
// was sent in answer to a join request is left out: it says less if the request is
// known.)
func TestTheOrderOfArrivalDecidesNothing(t *testing.T) {
	f, user := mustOpen(t), carol
	rapid.Check(t, func(r *rapid.T) {
		kinds := []func(at int) happened{
			func(at int) happened { return wrote(at, at, "hi") },
			func(at int) happened { return wrote(at, at, "/start p") },
			func(at int) happened { return block(at, true) },
			func(at int) happened { return block(at, false) },
			func(at int) happened { return said(at, "") },
			func(at int) happened { return said(at, "USER_IS_BLOCKED") },
			func(at int) happened { return said(at, "INPUT_USER_DEACTIVATED") },
			func(at int) happened { return said(at, "PEER_ID_INVALID") },
			func(at int) happened {
				return tried(at, &tg.MessagesSendMessageRequest{Peer: &tg.InputPeerUser{UserID: carol}}, "PEER_ID_INVALID")
			},
		}
		var list []happened
		at := 0
		for range rapid.IntRange(1, 8).Draw(r, "events") {
			at += rapid.SampledFrom([]int{1, 60, int(confirmAfter) + 1}).Draw(r, "pause")
			list = append(list, rapid.SampledFrom(kinds).Draw(r, "kind")(at))
		}
		settle := func(list []happened, flush bool) Dialog {
			user++
			for _, h := range list {
				hearOf(f, user, h)
				if flush && rapid.Bool().Draw(r, "commit") {
					if err := f.Flush(t.Context()); err != nil {
						r.Fatal(err)
					}
				}
			}
			d, err := f.Dialog(user)
			if err != nil {
				r.Fatal(err)
			}
			return d
		}
		want := settle(list, false)
		mixed := slices.Concat(list, list)
		for i := range mixed {
			j := rapid.IntRange(i, len(mixed)-1).Draw(r, "swap")
			mixed[i], mixed[j] = mixed[j], mixed[i]
		}
		got := settle(mixed, true)
		if got.Standing != want.Standing || got.Refusal != want.Refusal || got.Payload != want.Payload || got.Began != want.Began {
			r.Errorf("in order: %+v\nin disorder: %+v", want, got)
		}
	})
}
