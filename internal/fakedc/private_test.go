package fakedc_test

import (
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/gotd/td/session"
	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"

	"github.com/f48b34c0/seen/internal/fakedc"
)

// may writes to somebody and types to them, and returns the two errors' names.
func (c *client) may(to tg.InputPeerClass) (send, typing string) {
	c.t.Helper()
	name := func(err error) string {
		var e *tgerr.Error
		switch {
		case err == nil:
			return ""
		case errors.As(err, &e):
			return e.Message
		}
		c.t.Fatal(err)
		return ""
	}
	_, err := c.send(to, "hello", rand.Int64())
	send = name(err)
	_, err = c.MessagesSetTyping(c.ctx, &tg.MessagesSetTypingRequest{Peer: to, Action: &tg.SendMessageTypingAction{}})
	return send, name(err)
}

// Each row is one of telegram-rules.md. Carol is known by name, Dave by his id only.
func TestWhoMayBeWrittenTo(t *testing.T) {
	invite := fakedc.Step{Do: "promote", Who: "bob", Chat: "friends", Other: "bot", Rights: []string{"invite"}}
	ask := fakedc.Step{Do: "ask", Who: "carol", Chat: "friends"}
	allow := func(reason string) fakedc.Step {
		return fakedc.Step{Do: "allow", Who: "carol", Reason: reason, Text: "example"}
	}
	for rule, row := range map[string]struct {
		steps []fakedc.Step
		want  string
	}{
		"4.4 never started": {nil, "PEER_ID_INVALID"},
		"4.1 G1 START":      {[]fakedc.Step{{Do: "start", Who: "carol"}}, ""},
		"4.1 G1 a link":     {[]fakedc.Step{{Do: "start", Who: "carol", Payload: "promo"}}, ""},
		"4.1 G1 any text":   {[]fakedc.Step{{Do: "write", Who: "carol", Text: "hi"}}, ""},
		"4.1 G1 a contact":  {[]fakedc.Step{{Do: "contact", Who: "carol", Other: "ann"}}, ""},
		"4.1 G1 a forward": {[]fakedc.Step{
			{Do: "join", Who: "carol", Chat: "friends"},
			{Do: "write", Who: "bob", Chat: "friends", Text: "hi"},
			{Do: "forward", Who: "carol", From: "friends", Message: 2},
		}, ""},
		"4.1 G2 a join request":                 {[]fakedc.Step{invite, ask}, ""},
		"4.1 G2 without the right to invite":    {[]fakedc.Step{ask}, "PEER_ID_INVALID"},
		"4.1 G2 at 299 seconds":                 {[]fakedc.Step{invite, ask, {Do: "wait", For: "299s"}}, ""},
		"4.1 G2 at 300 seconds":                 {[]fakedc.Step{invite, ask, {Do: "wait", For: "300s"}}, "PEER_ID_INVALID"},
		"4.1 G2 declined":                       {[]fakedc.Step{invite, ask, {Do: "decline", Who: "bob", Chat: "friends", Other: "carol"}}, "PEER_ID_INVALID"},
		"4.1 G2 approved":                       {[]fakedc.Step{invite, ask, {Do: "approve", Who: "bob", Chat: "friends", Other: "carol"}}, "PEER_ID_INVALID"},
		"4.1 G2 the bot is no admin any longer": {[]fakedc.Step{invite, ask, {Do: "promote", Who: "bob", Chat: "friends", Other: "bot"}}, "PEER_ID_INVALID"},
		"4.1 G3 login":                          {[]fakedc.Step{allow("domain")}, ""},
		"4.1 G4 request":                        {[]fakedc.Step{allow("from_request")}, ""},
		"4.1 G5 app":                            {[]fakedc.Step{allow("app")}, ""},
		"4.1 G6 menu":                           {[]fakedc.Step{allow("attach_menu")}, ""},
		"4.1 G7 unblocked": {[]fakedc.Step{
			{Do: "start", Who: "carol"}, {Do: "block", Who: "carol"}, {Do: "unblock", Who: "carol"},
		}, ""},
		"4.1 no grant: a group in common": {[]fakedc.Step{{Do: "join", Who: "carol", Chat: "friends"}}, "PEER_ID_INVALID"},
		"4.1 no grant: inline":            {[]fakedc.Step{{Do: "inline", Who: "carol", Text: "cats"}}, "PEER_ID_INVALID"},
		"4.1 no grant: guest mode": {[]fakedc.Step{
			{Do: "chat", Chat: "away", Kind: "supergroup", Members: []string{"carol"}},
			{Do: "guest", Who: "carol", Chat: "away", Text: "hi"},
		}, "PEER_ID_INVALID"},
		"4.1 no grant: a message that only the bot sees": {[]fakedc.Step{
			{Do: "join", Who: "carol", Chat: "friends"},
			{Do: "whisper", Who: "carol", Chat: "friends", Text: "psst"},
		}, "PEER_ID_INVALID"},
		"4.1 no grant: a boost": {[]fakedc.Step{
			{Do: "join", Who: "carol", Chat: "friends"},
			{Do: "boost", Who: "carol", Chat: "friends"},
		}, "PEER_ID_INVALID"},
		"4.1 no grant: a business that the bot speaks for": {[]fakedc.Step{
			{Do: "business", Who: "ann", Rights: []string{"reply"}},
			{Do: "business_write", Who: "carol", Other: "ann", Text: "hi"},
		}, "PEER_ID_INVALID"},
		"4.1 no grant: somebody's contact": {[]fakedc.Step{
			{Do: "contact", Who: "ann", Other: "carol"},
		}, "PEER_ID_INVALID"},
		"4.1 no grant: requested": {[]fakedc.Step{
			{Do: "share_peer", Who: "ann", Other: "carol", Button: 1, Named: true},
		}, "PEER_ID_INVALID"},
		"4.1 no grant: a reaction": {[]fakedc.Step{
			{Do: "join", Who: "carol", Chat: "friends"},
			{Do: "react", Who: "carol", Chat: "friends", Message: 1, Reaction: "\U0001F44D"},
		}, "PEER_ID_INVALID"},
		"4.2 blocked": {[]fakedc.Step{{Do: "start", Who: "carol"}, {Do: "block", Who: "carol"}}, "USER_IS_BLOCKED"},
		"4.2 blocked after asking to join": {[]fakedc.Step{
			invite, {Do: "start", Who: "carol"}, {Do: "block", Who: "carol"}, ask,
		}, "USER_IS_BLOCKED"},
		"4.3 writing again unblocks": {[]fakedc.Step{
			{Do: "start", Who: "carol"}, {Do: "block", Who: "carol"}, {Do: "write", Who: "carol", Text: "hi"},
		}, ""},
		"4.3 allowing again unblocks": {[]fakedc.Step{
			{Do: "start", Who: "carol"}, {Do: "block", Who: "carol"}, allow("from_request"),
		}, ""},
		"4.2 retracting what was said does not end it": {[]fakedc.Step{
			{Do: "start", Who: "carol"}, {Do: "retract", Who: "carol", Message: 1},
		}, ""},
		"4.2 deleted": {[]fakedc.Step{{Do: "start", Who: "carol"}, {Do: "delete", Who: "carol"}}, "INPUT_USER_DEACTIVATED"},
	} {
		t.Run(rule, func(t *testing.T) {
			s := serve(t, nil)
			c := connect(t, s, clientOptions{})
			carol := c.resolve("carol").AsInputPeer()
			do(t, s, row.steps...)
			if send, typing := c.may(carol); send != row.want || typing != row.want {
				t.Errorf("sendMessage: %q, setTyping: %q, want %q", send, typing, row.want)
			}
		})
	}
}

// 4.4, 4.5: what a bot may write to bots is up to both.
func TestBotsAndBots(t *testing.T) {
	on := func(who string) fakedc.Step { return fakedc.Step{Do: "bot_to_bot", Who: who} }
	for rule, row := range map[string]struct {
		options      fakedc.WorldOptions
		steps        []fakedc.Step
		send, typing string
	}{
		"4.4 off":                  {send: "USER_BOT_TO_BOT_DISABLED", typing: "USER_IS_BOT"},
		"4.5 one side is on":       {steps: []fakedc.Step{on("bot")}, send: "USER_BOT_TO_BOT_DISABLED", typing: "USER_IS_BOT"},
		"4.5 the other side is on": {steps: []fakedc.Step{on("other")}, send: "USER_BOT_TO_BOT_DISABLED", typing: "USER_IS_BOT"},
		"4.5 both are on":          {steps: []fakedc.Step{on("bot"), on("other")}, typing: "USER_IS_BOT"},
		"4.4 an old server": {
			options: fakedc.WorldOptions{OldBots: true},
			steps:   []fakedc.Step{on("bot"), on("other")}, send: "USER_IS_BOT", typing: "USER_IS_BOT",
		},
	} {
		t.Run(rule, func(t *testing.T) {
			s := serve(t, fakedc.NewDemo(row.options))
			c := connect(t, s, clientOptions{})
			do(t, s, fakedc.Step{Do: "person", Who: "other", Username: "other_bot", Token: "7000000002:demo"})
			do(t, s, row.steps...)
			if send, typing := c.may(c.resolve("other_bot").AsInputPeer()); send != row.send || typing != row.typing {
				t.Errorf("sendMessage: %q, setTyping: %q, want %q, %q", send, typing, row.send, row.typing)
			}
			if send, typing := c.may(&tg.InputPeerSelf{}); send != "USER_IS_BOT" || typing != "USER_IS_BOT" {
				t.Errorf("to itself: %q, %q", send, typing)
			}
		})
	}
}

// 4.5: a message between bots is in the boxes of both, with the other as its peer.
func TestABotHearsAnotherBot(t *testing.T) {
	t.Parallel() // agrees on a key
	s := serve(t, nil)
	do(t, s,
		fakedc.Step{Do: "person", Who: "other", Username: "other_bot", Token: "7000000002:demo"},
		fakedc.Step{Do: "bot_to_bot", Who: "bot"}, fakedc.Step{Do: "bot_to_bot", Who: "other"})
	a, b := connect(t, s, clientOptions{}), connect(t, s, clientOptions{noSignIn: true, storage: &session.StorageMemory{}})
	if _, err := b.AuthImportBotAuthorization(b.ctx, &tg.AuthImportBotAuthorizationRequest{
		APIID: 1, APIHash: "hash", BotAuthToken: "7000000002:demo",
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := a.send(a.resolve("other_bot").AsInputPeer(), "hello", 1); err != nil {
		t.Fatal(err)
	}
	m := b.received(1)[0].Updates[0].(*tg.UpdateNewMessage).Message.(*tg.Message)
	if p, ok := m.PeerID.(*tg.PeerUser); !ok || p.UserID != fakedc.DemoBotID || m.Out {
		t.Errorf("the other bot got %v", m)
	}
	if _, err := b.send(b.resolve(fakedc.DemoUsername).AsInputPeer(), "hello yourself", 1); err != nil {
		t.Fatal(err)
	}
	m = a.received(1)[0].Updates[0].(*tg.UpdateNewMessage).Message.(*tg.Message)
	if p, ok := m.PeerID.(*tg.PeerUser); !ok || p.UserID == fakedc.DemoBotID || m.ID != 2 {
		t.Errorf("the first bot got %v", m)
	}
}

// 4.4: groups.
func TestWritingInGroups(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	do(t, s,
		fakedc.Step{Do: "chat", Chat: "news", Kind: "channel", Username: "news", Members: []string{"ann"}},
		fakedc.Step{Do: "chat", Chat: "open", Username: "open_group", Members: []string{"ann"}})
	for _, name := range []string{"news", "open_group"} {
		r, err := c.ContactsResolveUsername(c.ctx, &tg.ContactsResolveUsernameRequest{Username: name})
		if err != nil {
			t.Fatal(err)
		}
		if send, _ := c.may(r.Chats[0].(*tg.Channel).AsInputPeer()); send != "CHAT_WRITE_FORBIDDEN" {
			t.Errorf("%s: %q", name, send)
		}
	}
	do(t, s, fakedc.Step{Do: "add", Who: "ann", Chat: "news", Other: "bot"})
	r, err := c.ContactsResolveUsername(c.ctx, &tg.ContactsResolveUsernameRequest{Username: "news"})
	if err != nil {
		t.Fatal(err)
	}
	if send, _ := c.may(r.Chats[0].(*tg.Channel).AsInputPeer()); send != "" {
		t.Errorf("as an admin of the channel: %q", send)
	}
	hash := c.channelHash(friends.ChannelID)
	do(t, s, fakedc.Step{Do: "remove", Who: "bob", Chat: "friends", Other: "bot"})
	if send, _ := c.may(&tg.InputPeerChannel{ChannelID: friends.ChannelID, AccessHash: hash}); send != "CHANNEL_PRIVATE" {
		t.Errorf("thrown out: %q", send)
	}
	if send, _ := c.may(friends); send != "CHANNEL_INVALID" {
		t.Errorf("thrown out, with hash 0: %q", send)
	}
}

// channelHash asks for a channel by hash 0.
func (c *client) channelHash(id int64) int64 {
	c.t.Helper()
	r, err := c.ChannelsGetChannels(c.ctx, []tg.InputChannelClass{&tg.InputChannel{ChannelID: id}})
	if err != nil {
		c.t.Fatal(err)
	}
	return r.GetChats()[0].(*tg.Channel).AccessHash
}
