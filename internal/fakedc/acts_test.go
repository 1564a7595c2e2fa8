package fakedc_test

import (
	"testing"

	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/internal/fakedc"
)

// sequence is what an update is counted by.
func sequence(u *tg.Updates) string {
	for _, x := range u.Updates {
		if _, _, ok := tg.IsPtsUpdate(x); ok {
			return "pts"
		}
		if _, _, _, ok, err := tg.IsChannelPtsUpdate(x); ok && err == nil {
			return "channel pts"
		}
		if _, ok := tg.IsQtsUpdate(x); ok {
			return "qts"
		}
	}
	return "none"
}

// Section 3.2 of telegram-rules.md: what people do makes an update of the right
// kind, in the right sequence, and the people in it come along.
func TestEveryActMakesItsUpdate(t *testing.T) {
	type steps []fakedc.Step
	admin := fakedc.Step{Do: "promote", Who: "bob", Chat: "friends", Other: "bot", Rights: []string{"invite", "ban"}}
	said := fakedc.Step{Do: "write", Who: "bob", Chat: "friends", Text: "hi all"}
	started := fakedc.Step{Do: "start", Who: "ann"}
	for what, row := range map[string]struct {
		before steps
		act    fakedc.Step
		want   tg.UpdateClass
		by     string
		users  []int64
	}{
		"a message in private": {nil, started, &tg.UpdateNewMessage{}, "pts", []int64{1001}},
		"a message in a basic group": {
			nil,
			fakedc.Step{Do: "write", Who: "bob", Chat: "kitchen", Text: "soup"},
			&tg.UpdateNewMessage{}, "pts",
			[]int64{1002},
		},
		"a message in a supergroup": {nil, said, &tg.UpdateNewChannelMessage{}, "channel pts", []int64{1002}},
		"a post in a channel": {
			steps{{Do: "chat", Chat: "news", Kind: "channel", Members: []string{"ann", "bot"}}},
			fakedc.Step{Do: "write", Who: "ann", Chat: "news", Text: "news"},
			&tg.UpdateNewChannelMessage{}, "channel pts", nil,
		},
		"an edit in private": {
			steps{started},
			fakedc.Step{Do: "edit", Who: "ann", Message: 1, Text: "other"},
			&tg.UpdateEditMessage{}, "pts",
			[]int64{1001},
		},
		"an edit in a supergroup": {
			steps{said},
			fakedc.Step{Do: "edit", Who: "bob", Chat: "friends", Message: 1, Text: "other"},
			&tg.UpdateEditChannelMessage{}, "channel pts",
			[]int64{1002},
		},
		"a message retracted in private": {
			steps{started},
			fakedc.Step{Do: "retract", Who: "ann", Message: 1},
			&tg.UpdateDeleteMessages{}, "pts", nil,
		},
		"a message retracted in a supergroup": {
			steps{said},
			fakedc.Step{Do: "retract", Who: "bob", Chat: "friends", Message: 1},
			&tg.UpdateDeleteChannelMessages{}, "channel pts", nil,
		},
		"a callback": {
			steps{started},
			fakedc.Step{Do: "press", Who: "ann", Message: 2, Data: "yes"},
			&tg.UpdateBotCallbackQuery{}, "none",
			[]int64{1001},
		},
		"an inline query": {
			nil,
			fakedc.Step{Do: "inline", Who: "dave", Text: "cats"},
			&tg.UpdateBotInlineQuery{}, "none",
			[]int64{1004},
		},
		"a block":               {steps{started}, fakedc.Step{Do: "block", Who: "ann"}, &tg.UpdateBotStopped{}, "qts", []int64{1001}},
		"the bot made an admin": {nil, admin, &tg.UpdateChannelParticipant{}, "qts", []int64{fakedc.DemoBotID, 1002}},
		"somebody thrown out of a basic group": {
			steps{{Do: "promote", Who: "ann", Chat: "kitchen", Other: "bot", Rights: []string{"ban"}}},
			fakedc.Step{Do: "remove", Who: "ann", Chat: "kitchen", Other: "bob"},
			&tg.UpdateChatParticipant{}, "qts",
			[]int64{1002, 1001},
		},
		"a join request": {
			steps{admin},
			fakedc.Step{Do: "ask", Who: "dave", Chat: "friends", Text: "please"},
			&tg.UpdateBotChatInviteRequester{}, "qts",
			[]int64{1004},
		},
		"a reaction where the bot is an admin": {
			steps{admin, said},
			fakedc.Step{Do: "react", Who: "bob", Chat: "friends", Message: 1, Reaction: "\U0001F44D"},
			&tg.UpdateBotMessageReaction{}, "qts",
			[]int64{1002},
		},
		"a vote": {
			steps{started},
			fakedc.Step{Do: "vote", Who: "ann", Message: 3, Options: []int{1}},
			&tg.UpdateMessagePollVote{}, "qts",
			[]int64{1001},
		},
		"a name, told": {
			steps{started},
			fakedc.Step{Do: "rename", Who: "ann", FirstName: "Anna", Tell: true},
			&tg.UpdateUserName{}, "none",
			[]int64{1001},
		},
	} {
		t.Run(what, func(t *testing.T) {
			s := serve(t, nil)
			c := connect(t, s, clientOptions{})
			do(t, s, row.before...)
			if len(row.before) > 0 && row.before[0].Do == "start" {
				c.ask(t)
			}
			if len(row.before) > 0 && row.before[0].Do != "chat" {
				c.received(len(row.before))
			}
			n := len(c.heard())
			do(t, s, row.act)
			u := c.await(n, row.want.TypeID())
			if by := sequence(u); by != row.by {
				t.Errorf("%v is counted by %s, want %s", u.Updates[0], by, row.by)
			}
			users := map[int64]bool{}
			for _, x := range u.Users {
				users[x.GetID()] = true
			}
			for _, id := range row.users {
				if !users[id] {
					t.Errorf("%d does not come along: %v", id, u.Users)
				}
			}
			if row.users == nil && len(users) > 0 {
				t.Errorf("%v come along", u.Users)
			}
		})
	}
}

// ask sends Ann a button and a poll: messages 2 and 3 of the bot.
func (c *client) ask(t *testing.T) {
	t.Helper()
	to := &tg.InputPeerUser{UserID: 1001}
	r := &tg.MessagesSendMessageRequest{Peer: to, Message: "well?", RandomID: 1}
	r.SetReplyMarkup(&tg.ReplyInlineMarkup{Rows: []tg.KeyboardInlineButtonRow{{Buttons: []tg.KeyboardInlineButton{
		{Text: "Yes", Type: &tg.InlineButtonTypeCallback{Data: []byte("yes")}},
	}}}})
	if _, err := c.MessagesSendMessage(c.ctx, r); err != nil {
		t.Fatal(err)
	}
	if _, err := c.MessagesSendMedia(c.ctx, &tg.MessagesSendMediaRequest{Peer: to, RandomID: 2, Media: &tg.InputMediaPoll{
		Poll: tg.Poll{PublicVoters: true, Question: tg.TextWithEntities{Text: "Tea?"}, Answers: []tg.PollAnswerClass{
			&tg.InputPollAnswer{Text: tg.TextWithEntities{Text: "Yes"}},
			&tg.InputPollAnswer{Text: tg.TextWithEntities{Text: "No"}},
		}},
	}}); err != nil {
		t.Fatal(err)
	}
}

// await waits for a container with such an update among those that come after the
// first n. One act may make several, and gotd hands them on in any order.
func (c *client) await(n int, typeID uint32) *tg.Updates {
	c.t.Helper()
	for {
		got := c.received(n + 1)
		for _, u := range got[n:] {
			if u.Updates[0].TypeID() == typeID {
				return u
			}
		}
		n = len(got)
	}
}

// heard is what has arrived so far.
func (c *client) heard() []*tg.Updates {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]*tg.Updates(nil), c.updates...)
}

// 3.3: what a bot is told of permissions and of people who are shared with it.
func TestServiceMessagesSayWhy(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	action := func(step fakedc.Step) (tg.MessageActionClass, *tg.Updates) {
		t.Helper()
		u := c.oneByOne(s, step)
		last := u[len(u)-1]
		return last.Updates[0].(*tg.UpdateNewMessage).Message.(*tg.MessageService).Action, last
	}
	for reason, good := range map[string]func(*tg.MessageActionBotAllowed) bool{
		"domain": func(a *tg.MessageActionBotAllowed) bool {
			return a.Domain == "example.org" && !a.FromRequest && !a.AttachMenu
		},
		"from_request": func(a *tg.MessageActionBotAllowed) bool { return a.FromRequest && a.Domain == "" },
		"attach_menu":  func(a *tg.MessageActionBotAllowed) bool { return a.AttachMenu && a.Domain == "" },
		"app": func(a *tg.MessageActionBotAllowed) bool {
			app, ok := a.App.(*tg.BotApp)
			return ok && app.ShortName == "example.org"
		},
	} {
		a, _ := action(fakedc.Step{Do: "allow", Who: "carol", Reason: reason, Text: "example.org"})
		if allowed, ok := a.(*tg.MessageActionBotAllowed); !ok || !good(allowed) {
			t.Errorf("%s: %v", reason, a)
		}
	}
	a, u := action(fakedc.Step{Do: "share_peer", Who: "carol", Other: "dave", Button: 7, Named: true})
	shared := a.(*tg.MessageActionRequestedPeerSentMe)
	if p := shared.Peers[0].(*tg.RequestedPeerUser); p.UserID != 1004 || p.FirstName != "Dave" || shared.ButtonID != 7 || len(u.Users) != 1 {
		t.Errorf("shared %v with %v", shared, u.Users)
	}
	got := c.oneByOne(s, fakedc.Step{Do: "contact", Who: "carol", Other: "dave"})
	u = got[len(got)-1]
	card := u.Updates[0].(*tg.UpdateNewMessage).Message.(*tg.Message).Media.(*tg.MessageMediaContact)
	if card.UserID != 1004 || len(u.Users) != 1 {
		t.Errorf("contact %v with %v", card, u.Users)
	}
	// A bare id is a candidate, not somebody whom the bot has met.
	if u, err := c.get(1004, 0); err != nil || u.TypeID() != tg.UserEmptyTypeID {
		t.Errorf("dave is %v, %v", u, err)
	}
}

// 3.3: the author's privacy decides whether a forwarded message has their id.
func TestAForwardShowsWhoLetsItBeShown(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	forward := func() (tg.MessageFwdHeader, *tg.Updates) {
		t.Helper()
		got := c.oneByOne(s, fakedc.Step{Do: "forward", Who: "bob", From: "kitchen", Message: 1, Chat: "friends"})
		u := got[len(got)-1]
		return u.Updates[0].(*tg.UpdateNewChannelMessage).Message.(*tg.Message).FwdFrom, u
	}
	c.oneByOne(s, fakedc.Step{Do: "write", Who: "ann", Chat: "kitchen", Text: "soup"})
	h, u := forward()
	if p, ok := h.FromID.(*tg.PeerUser); !ok || p.UserID != 1001 || len(u.Users) != 2 {
		t.Errorf("header is %v with %v", h, u.Users)
	}
	do(t, s, fakedc.Step{Do: "privacy", Who: "ann"})
	h, u = forward()
	if name, _ := h.GetFromName(); h.FromID != nil || name != "Ann" || len(u.Users) != 1 {
		t.Errorf("hidden header is %v with %v", h, u.Users)
	}
}
