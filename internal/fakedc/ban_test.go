package fakedc_test

import (
	"testing"

	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/internal/fakedc"
)

// Each row is "no rights in group" of telegram-rules.md 4.4. The bot has the full
// hash of a public supergroup.
func TestWhereTheBotMayNotWrite(t *testing.T) {
	step := func(do string) fakedc.Step {
		return fakedc.Step{Do: do, Who: "ann", Chat: "den", Other: "bot"}
	}
	off := func(s fakedc.Step) fakedc.Step {
		s.Off = true
		return s
	}
	long := func(s fakedc.Step, d string) fakedc.Step {
		s.For = d
		return s
	}
	wait := fakedc.Step{Do: "wait", For: "61s"}
	for rule, row := range map[string]struct {
		steps []fakedc.Step
		want  string
	}{
		"4.4 a member":                   {nil, ""},
		"4.4 not a member":               {[]fakedc.Step{step("remove")}, "CHAT_WRITE_FORBIDDEN"},
		"4.4 thrown out and back":        {[]fakedc.Step{step("remove"), step("add")}, ""},
		"4.4 banned":                     {[]fakedc.Step{step("ban")}, "CHANNEL_PRIVATE"},
		"4.4 forgiven, but not back":     {[]fakedc.Step{step("ban"), off(step("ban"))}, "CHAT_WRITE_FORBIDDEN"},
		"4.4 brought back by who banned": {[]fakedc.Step{step("ban"), step("add")}, ""},
		"4.4 banned for a minute":        {[]fakedc.Step{long(step("ban"), "1m")}, "CHANNEL_PRIVATE"},
		"4.4 a minute later":             {[]fakedc.Step{long(step("ban"), "1m"), wait}, "CHAT_WRITE_FORBIDDEN"},
		"4.4 restricted":                 {[]fakedc.Step{step("restrict")}, "USER_BANNED_IN_CHANNEL"},
		"4.4 no longer restricted":       {[]fakedc.Step{step("restrict"), off(step("restrict"))}, ""},
		"4.4 restricted for a minute":    {[]fakedc.Step{long(step("restrict"), "1m"), wait}, ""},
	} {
		t.Run(rule, func(t *testing.T) {
			s := serve(t, nil)
			do(t, s, fakedc.Step{Do: "chat", Chat: "den", Text: "Den", Username: "the_den", Members: []string{"ann", "bot"}})
			c := connect(t, s, clientOptions{})
			r, err := c.ContactsResolveUsername(c.ctx, &tg.ContactsResolveUsernameRequest{Username: "the_den"})
			if err != nil {
				t.Fatal(err)
			}
			den := r.Chats[0].(*tg.Channel).AsInputPeer()
			do(t, s, row.steps...)
			if send, typing := c.may(den); send != row.want || typing != row.want {
				t.Errorf("sendMessage: %q, setTyping: %q, want %q", send, typing, row.want)
			}
		})
	}
}

// 3.2: a bot hears that it was banned, and what it is given of the chat then.
func TestABanIsToldByQts(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	u := c.oneByOne(s, fakedc.Step{Do: "ban", Who: "bob", Chat: "friends", Other: "bot", For: "1h"})[0]
	p, ok := u.Updates[0].(*tg.UpdateChannelParticipant)
	if !ok {
		t.Fatalf("got %v", u)
	}
	banned, ok := p.NewParticipant.(*tg.ChannelParticipantBanned)
	if _, was := p.PrevParticipant.(*tg.ChannelParticipantSelf); !ok || !was || !banned.Left || banned.KickedBy != 1002 ||
		!banned.BannedRights.ViewMessages || banned.BannedRights.UntilDate-banned.Date != 3600 {
		t.Errorf("got %v", p)
	}
	if f, ok := u.Chats[0].(*tg.ChannelForbidden); !ok || f.Title != "Friends" || f.UntilDate == 0 || f.AccessHash == 0 {
		t.Errorf("the chat is %v", u.Chats[0])
	}
}

// 3.4: what a bot that may ban can do, and what it is refused.
func TestABotBans(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	channel := &tg.InputChannel{ChannelID: friends.ChannelID}
	ban := func(who tg.InputPeerClass, rights tg.ChatBannedRights) error {
		_, err := c.ChannelsEditBanned(c.ctx, &tg.ChannelsEditBannedRequest{Channel: channel, Participant: who, BannedRights: rights})
		return err
	}
	kick := tg.ChatBannedRights{ViewMessages: true}
	do(t, s, fakedc.Step{Do: "join", Who: "carol", Chat: "friends"}, fakedc.Step{Do: "join", Who: "dave", Chat: "friends"})
	carol, dave := &tg.InputPeerUser{UserID: 1003}, &tg.InputPeerUser{UserID: 1004}
	wantError(t, ban(carol, kick), 403, "CHAT_ADMIN_REQUIRED")
	do(t, s, fakedc.Step{Do: "promote", Who: "bob", Chat: "friends", Other: "bot", Rights: []string{"ban"}})
	wantError(t, ban(&tg.InputPeerUser{UserID: 1002}, kick), 400, "USER_ADMIN_INVALID")
	wantError(t, ban(&tg.InputPeerUser{UserID: 9999}, kick), 400, "USER_ID_INVALID")
	wantError(t, ban(&tg.InputPeerChannel{ChannelID: 5}, kick), 400, "PARTICIPANT_ID_INVALID")
	if err := ban(carol, kick); err != nil {
		t.Fatal(err)
	}
	if err := ban(dave, tg.ChatBannedRights{SendMessages: true}); err != nil {
		t.Fatal(err)
	}
	list := func(f tg.ChannelParticipantsFilterClass) (ids []int64) {
		t.Helper()
		r, err := c.ChannelsGetParticipants(c.ctx, &tg.ChannelsGetParticipantsRequest{Channel: channel, Filter: f, Limit: 10})
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range r.(*tg.ChannelsChannelParticipants).Participants {
			ids = append(ids, p.(*tg.ChannelParticipantBanned).Peer.(*tg.PeerUser).UserID)
		}
		return ids
	}
	if ids := list(&tg.ChannelParticipantsKicked{}); len(ids) != 1 || ids[0] != 1003 {
		t.Errorf("kicked: %v", ids)
	}
	if ids := list(&tg.ChannelParticipantsBanned{}); len(ids) != 1 || ids[0] != 1004 {
		t.Errorf("restricted: %v", ids)
	}
	// 1003 is no member, and the bot has not met her elsewhere.
	_, err := c.ChannelsGetParticipant(c.ctx, &tg.ChannelsGetParticipantRequest{Channel: channel, Participant: c.resolve("carol").AsInputPeer()})
	if err != nil {
		t.Errorf("a banned participant: %v", err)
	}
	for _, step := range []fakedc.Step{
		{Do: "join", Who: "carol", Chat: "friends"},
		{Do: "ask", Who: "carol", Chat: "friends"},
		{Do: "write", Who: "dave", Chat: "friends", Text: "hi"},
	} {
		if _, err := s.World().Do(t.Context(), step); err == nil {
			t.Errorf("%+v was possible", step)
		}
	}
	if err := ban(c.resolve("carol").AsInputPeer(), tg.ChatBannedRights{}); err != nil {
		t.Fatal(err)
	}
	do(t, s, fakedc.Step{Do: "join", Who: "carol", Chat: "friends"})
	log := do(t, s, fakedc.Step{Do: "log", Chat: "friends"}).Messages
	if n := len(log); n != 4 || log[2].Action != "leave" || log[2].From != "bot" || log[3].Action != "join" {
		t.Errorf("log is %v", log)
	}
}

// 4.4: leaving, and taking others out of a basic group.
func TestABotLeavesAndTakesOut(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	out := func(who tg.InputUserClass) error {
		_, err := c.MessagesDeleteChatUser(c.ctx, &tg.MessagesDeleteChatUserRequest{ChatID: 400001, UserID: who})
		return err
	}
	bob := &tg.InputUser{UserID: 1002}
	wantError(t, out(bob), 400, "CHAT_ADMIN_REQUIRED")
	wantError(t, out(c.resolve("carol").AsInput()), 400, "USER_NOT_PARTICIPANT")
	do(t, s, fakedc.Step{Do: "promote", Who: "ann", Chat: "kitchen", Other: "bot", Rights: []string{"ban"}})
	if err := out(bob); err != nil {
		t.Fatal(err)
	}
	if err := out(&tg.InputUserSelf{}); err != nil {
		t.Fatal(err)
	}
	wantError(t, out(bob), 400, "CHAT_ID_INVALID")
	if _, err := c.ChannelsLeaveChannel(c.ctx, &tg.InputChannel{ChannelID: friends.ChannelID}); err != nil {
		t.Fatal(err)
	}
	_, err := c.ChannelsLeaveChannel(c.ctx, &tg.InputChannel{ChannelID: friends.ChannelID})
	wantError(t, err, 400, "CHANNEL_INVALID")
}
