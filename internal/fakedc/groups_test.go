package fakedc_test

import (
	"testing"

	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/internal/fakedc"
)

func TestMembersAreListedByThePage(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	do(t, s, fakedc.Step{Do: "crowd", Chat: "friends", Count: 250})
	seen := map[int64]bool{}
	page := func(filter tg.ChannelParticipantsFilterClass, offset, limit int) *tg.ChannelsChannelParticipants {
		t.Helper()
		r, err := c.ChannelsGetParticipants(c.ctx, &tg.ChannelsGetParticipantsRequest{
			Channel: &tg.InputChannel{ChannelID: friends.ChannelID}, Filter: filter, Offset: offset, Limit: limit,
		})
		if err != nil {
			t.Fatal(err)
		}
		return r.(*tg.ChannelsChannelParticipants)
	}
	for offset := 0; offset < 252; {
		r := page(&tg.ChannelParticipantsRecent{}, offset, 1000)
		if r.Count != 252 || len(r.Participants) > 200 || len(r.Participants) == 0 || len(r.Users) != len(r.Participants) {
			t.Fatalf("page at %d has %d of %d", offset, len(r.Participants), r.Count)
		}
		for _, u := range r.Users {
			seen[u.GetID()] = true
		}
		offset += len(r.Participants)
	}
	if len(seen) != 252 {
		t.Errorf("%d people, want 252", len(seen))
	}
	if r := page(&tg.ChannelParticipantsRecent{}, 252, 10); len(r.Participants) != 0 {
		t.Errorf("after the last there are %v", r.Participants)
	}
	if r := page(&tg.ChannelParticipantsAdmins{}, 0, 10); r.Count != 1 || r.Participants[0].TypeID() != tg.ChannelParticipantCreatorTypeID {
		t.Errorf("admins are %v", r.Participants)
	}
	if r := page(&tg.ChannelParticipantsBots{}, 0, 10); r.Count != 1 {
		t.Errorf("bots are %v", r.Participants)
	}
	if r := page(&tg.ChannelParticipantsSearch{Q: "000007"}, 0, 10); r.Count != 1 {
		t.Errorf("found %v", r.Participants)
	}
}

func TestFullChats(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	r, err := c.MessagesGetFullChat(c.ctx, 400001)
	if err != nil {
		t.Fatal(err)
	}
	kitchen := r.FullChat.(*tg.ChatFull)
	if p := kitchen.Participants.(*tg.ChatParticipants); len(p.Participants) != 3 || len(r.Users) != 3 {
		t.Errorf("kitchen has %v", p)
	}
	_, err = c.MessagesGetFullChat(c.ctx, 1)
	wantError(t, err, 400, "CHAT_ID_INVALID")
	do(t, s, fakedc.Step{Do: "write", Who: "bob", Chat: "friends", Text: "hi"})
	r, err = c.ChannelsGetFullChannel(c.ctx, &tg.InputChannel{ChannelID: friends.ChannelID})
	if err != nil {
		t.Fatal(err)
	}
	if full := r.FullChat.(*tg.ChannelFull); full.Pts != 2 || full.ParticipantsCount != 2 {
		t.Errorf("friends is %v", full)
	}
}

func TestAJoinRequestIsDecidedOnce(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	hide := func(approved bool) error {
		_, err := c.MessagesHideChatJoinRequest(c.ctx, &tg.MessagesHideChatJoinRequestRequest{
			Approved: approved, Peer: friends, UserID: &tg.InputUser{UserID: 1004},
		})
		return err
	}
	ask := fakedc.Step{Do: "ask", Who: "dave", Chat: "friends", Text: "please"}
	do(t, s, fakedc.Step{Do: "promote", Who: "bob", Chat: "friends", Other: "bot", Rights: []string{"invite"}}, ask)
	if err := hide(false); err != nil {
		t.Fatal(err)
	}
	// Declined, Dave is a stranger again.
	wantError(t, hide(true), 400, "USER_ID_INVALID")
	do(t, s, ask)
	if err := hide(true); err != nil {
		t.Fatal(err)
	}
	wantError(t, hide(true), 400, "USER_ALREADY_PARTICIPANT")
	log := do(t, s, fakedc.Step{Do: "log", Chat: "friends"}).Messages
	if len(log) != 1 || log[0].Action != "approve" || log[0].From != "dave" {
		t.Errorf("log is %v", log)
	}
}

// 5.3: how a bot learns that somebody cannot be mentioned elsewhere.
func TestAFullUserSaysWhoHides(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	full := func() tg.UserFull {
		t.Helper()
		r, err := c.UsersGetFullUser(c.ctx, &tg.InputUser{UserID: 1002})
		if err != nil {
			t.Fatal(err)
		}
		return r.FullUser
	}
	bob := full()
	if name, ok := bob.GetPrivateForwardName(); ok || bob.CommonChatsCount != 2 {
		t.Errorf("bob hides as %q in %d chats", name, bob.CommonChatsCount)
	}
	do(t, s, fakedc.Step{Do: "privacy", Who: "bob"})
	bob = full()
	if name, _ := bob.GetPrivateForwardName(); name != "Bob Example" {
		t.Errorf("bob hides as %q", name)
	}
}

func TestCommandsAreKeptByScope(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	set := func(scope tg.BotCommandScopeClass, lang string, list ...tg.BotCommand) error {
		_, err := c.BotsSetBotCommands(c.ctx, &tg.BotsSetBotCommandsRequest{Scope: scope, LangCode: lang, Commands: list})
		return err
	}
	get := func(scope tg.BotCommandScopeClass, lang string) int {
		list, err := c.BotsGetBotCommands(c.ctx, &tg.BotsGetBotCommandsRequest{Scope: scope, LangCode: lang})
		if err != nil {
			t.Fatal(err)
		}
		return len(list)
	}
	start := tg.BotCommand{Command: "start", Description: "Begin"}
	if err := set(&tg.BotCommandScopeDefault{}, "", start); err != nil {
		t.Fatal(err)
	}
	if err := set(&tg.BotCommandScopePeer{Peer: friends}, "de", start, start); err != nil {
		t.Fatal(err)
	}
	if a, b, none := get(&tg.BotCommandScopeDefault{}, ""), get(&tg.BotCommandScopePeer{Peer: friends}, "de"), get(&tg.BotCommandScopePeer{Peer: friends}, ""); a != 1 || b != 2 || none != 0 {
		t.Errorf("%d, %d and %d commands", a, b, none)
	}
	wantError(t, set(&tg.BotCommandScopeDefault{}, "", tg.BotCommand{Command: "No!", Description: "x"}), 400, "BOT_COMMAND_INVALID")
	if got := do(t, s, fakedc.Step{Do: "commands"}).Commands; len(got) != 1 || got[0] != "/start - Begin" {
		t.Errorf("commands are %v", got)
	}
	if _, err := c.BotsResetBotCommands(c.ctx, &tg.BotsResetBotCommandsRequest{Scope: &tg.BotCommandScopeDefault{}}); err != nil || get(&tg.BotCommandScopeDefault{}, "") != 0 {
		t.Errorf("commands are still there: %v", err)
	}
}
