package fakedc_test

import (
	"testing"

	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/internal/fakedc"
)

// Section 1.3 of telegram-rules.md: every method has its own error for a hash that
// is not the bot's.
func TestAWrongHashIsRefusedEverywhere(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	do(t, s, fakedc.Step{Do: "start", Who: "ann"})
	const bad = 17
	var (
		user    = &tg.InputUser{UserID: 1001, AccessHash: bad}
		peer    = &tg.InputPeerUser{UserID: 1001, AccessHash: bad}
		channel = &tg.InputChannel{ChannelID: friends.ChannelID, AccessHash: bad}
		place   = &tg.InputPeerChannel{ChannelID: friends.ChannelID, AccessHash: bad}
	)
	for method, row := range map[string]struct {
		call func() error
		want string
	}{
		"users.getUsers": {func() error {
			_, err := c.UsersGetUsers(c.ctx, []tg.InputUserClass{user})
			return err
		}, "PEER_ID_INVALID"},
		"users.getFullUser": {func() error {
			_, err := c.UsersGetFullUser(c.ctx, user)
			return err
		}, "USER_ID_INVALID"},
		"messages.sendMessage": {func() error {
			_, err := c.send(peer, "hello", 1)
			return err
		}, "PEER_ID_INVALID"},
		"messages.sendMessage to a channel": {func() error {
			_, err := c.send(place, "hello", 1)
			return err
		}, "CHANNEL_INVALID"},
		"messages.sendMessage with a mention": {func() error {
			_, err := c.send(friends, "Ann", 1, &tg.InputMessageEntityMentionName{Length: 3, UserID: user})
			return err
		}, "ENTITY_MENTION_USER_INVALID"},
		"messages.sendMedia": {func() error {
			_, err := c.MessagesSendMedia(c.ctx, &tg.MessagesSendMediaRequest{Peer: peer, Media: &tg.InputMediaContact{}})
			return err
		}, "PEER_ID_INVALID"},
		"messages.setTyping": {func() error {
			_, err := c.MessagesSetTyping(c.ctx, &tg.MessagesSetTypingRequest{Peer: peer, Action: &tg.SendMessageTypingAction{}})
			return err
		}, "PEER_ID_INVALID"},
		"messages.editMessage": {func() error {
			_, err := c.MessagesEditMessage(c.ctx, &tg.MessagesEditMessageRequest{Peer: peer, ID: 1, Message: "x"})
			return err
		}, "PEER_ID_INVALID"},
		"messages.forwardMessages": {func() error {
			_, err := c.MessagesForwardMessages(c.ctx, &tg.MessagesForwardMessagesRequest{
				FromPeer: friends, ToPeer: peer, ID: []int{1}, RandomID: []int64{1},
			})
			return err
		}, "PEER_ID_INVALID"},
		"messages.hideChatJoinRequest": {func() error {
			_, err := c.MessagesHideChatJoinRequest(c.ctx, &tg.MessagesHideChatJoinRequestRequest{Peer: friends, UserID: user})
			return err
		}, "USER_ID_INVALID"},
		"channels.getChannels": {func() error {
			_, err := c.ChannelsGetChannels(c.ctx, []tg.InputChannelClass{channel})
			return err
		}, "CHANNEL_INVALID"},
		"channels.getFullChannel": {func() error {
			_, err := c.ChannelsGetFullChannel(c.ctx, channel)
			return err
		}, "CHANNEL_INVALID"},
		"channels.getMessages": {func() error {
			_, err := c.ChannelsGetMessages(c.ctx, &tg.ChannelsGetMessagesRequest{Channel: channel})
			return err
		}, "CHANNEL_INVALID"},
		"channels.deleteMessages": {func() error {
			_, err := c.ChannelsDeleteMessages(c.ctx, &tg.ChannelsDeleteMessagesRequest{Channel: channel})
			return err
		}, "CHANNEL_INVALID"},
		"channels.getParticipant": {func() error {
			_, err := c.ChannelsGetParticipant(c.ctx, &tg.ChannelsGetParticipantRequest{
				Channel: &tg.InputChannel{ChannelID: friends.ChannelID}, Participant: peer,
			})
			return err
		}, "USER_ID_INVALID"},
		"channels.getParticipants": {func() error {
			_, err := c.ChannelsGetParticipants(c.ctx, &tg.ChannelsGetParticipantsRequest{
				Channel: channel, Filter: &tg.ChannelParticipantsRecent{},
			})
			return err
		}, "CHANNEL_INVALID"},
		"updates.getChannelDifference": {func() error {
			_, err := c.UpdatesGetChannelDifference(c.ctx, &tg.UpdatesGetChannelDifferenceRequest{
				Channel: channel, Filter: &tg.ChannelMessagesFilterEmpty{}, Pts: 1,
			})
			return err
		}, "CHANNEL_INVALID"},
		"channels.editBanned": {func() error {
			_, err := c.ChannelsEditBanned(c.ctx, &tg.ChannelsEditBannedRequest{
				Channel: &tg.InputChannel{ChannelID: friends.ChannelID}, Participant: peer,
			})
			return err
		}, "USER_ID_INVALID"},
		"channels.leaveChannel": {func() error {
			_, err := c.ChannelsLeaveChannel(c.ctx, channel)
			return err
		}, "CHANNEL_INVALID"},
		"messages.deleteChatUser": {func() error {
			_, err := c.MessagesDeleteChatUser(c.ctx, &tg.MessagesDeleteChatUserRequest{ChatID: 400001, UserID: user})
			return err
		}, "USER_ID_INVALID"},
		"bots.setBotCommands": {func() error {
			_, err := c.BotsSetBotCommands(c.ctx, &tg.BotsSetBotCommandsRequest{Scope: &tg.BotCommandScopePeer{Peer: peer}})
			return err
		}, "PEER_ID_INVALID"},
	} {
		t.Run(method, func(t *testing.T) { wantError(t, row.call(), 400, row.want) })
	}
}

// 1.1: bots build no inputs from messages, wherever one may stand.
func TestInputsFromMessagesAreRefused(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	do(t, s, fakedc.Step{Do: "write", Who: "bob", Chat: "friends", Text: "hi"})
	var (
		user    = &tg.InputUserFromMessage{Peer: friends, MsgID: 1, UserID: 1002}
		peer    = &tg.InputPeerUserFromMessage{Peer: friends, MsgID: 1, UserID: 1002}
		channel = &tg.InputChannelFromMessage{Peer: friends, MsgID: 1, ChannelID: friends.ChannelID}
	)
	for method, call := range map[string]func() error{
		"users.getUsers":       func() error { _, err := c.UsersGetUsers(c.ctx, []tg.InputUserClass{user}); return err },
		"users.getFullUser":    func() error { _, err := c.UsersGetFullUser(c.ctx, user); return err },
		"messages.sendMessage": func() error { _, err := c.send(peer, "hello", 1); return err },
		"messages.sendMessage with a mention": func() error {
			_, err := c.send(friends, "Bob", 1, &tg.InputMessageEntityMentionName{Length: 3, UserID: user})
			return err
		},
		"messages.setTyping": func() error {
			_, err := c.MessagesSetTyping(c.ctx, &tg.MessagesSetTypingRequest{Peer: peer, Action: &tg.SendMessageTypingAction{}})
			return err
		},
		"channels.getChannels": func() error { _, err := c.ChannelsGetChannels(c.ctx, []tg.InputChannelClass{channel}); return err },
		"channels.getParticipant": func() error {
			_, err := c.ChannelsGetParticipant(c.ctx, &tg.ChannelsGetParticipantRequest{
				Channel: &tg.InputChannel{ChannelID: friends.ChannelID}, Participant: peer,
			})
			return err
		},
		"channels.editBanned": func() error {
			_, err := c.ChannelsEditBanned(c.ctx, &tg.ChannelsEditBannedRequest{
				Channel: &tg.InputChannel{ChannelID: friends.ChannelID}, Participant: peer,
			})
			return err
		},
	} {
		t.Run(method, func(t *testing.T) { wantError(t, call(), 400, "FROM_MESSAGE_BOT_DISABLED") })
	}
}

// 1.6, 1.8, 9: a user, a basic group and a channel may have the same id; hashes of
// theirs differ, and about half of all are negative.
func TestIDSpacesOverlap(t *testing.T) {
	s := serve(t, nil)
	const id = 5555
	w := s.World()
	if _, err := w.AddPerson(fakedc.Person{Key: "eve", ID: id, FirstName: "Eve"}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []fakedc.Chat{
		{Key: "group", ID: id, Members: []string{"eve", "bot"}}, {Key: "super", ID: id, Super: true, Members: []string{"eve", "bot"}},
	} {
		if err := w.AddChat(c); err != nil {
			t.Fatal(err)
		}
	}
	c := connect(t, s, clientOptions{})
	u, err := c.get(id, 0)
	if err != nil {
		t.Fatal(err)
	}
	user, channel := u.(*tg.User).AccessHash, c.channelHash(id)
	if user == channel {
		t.Error("two peers have one hash")
	}
	for i, to := range []tg.InputPeerClass{&tg.InputPeerChat{ChatID: id}, &tg.InputPeerChannel{ChannelID: id, AccessHash: channel}} {
		if _, err := c.send(to, "hello", int64(i+1)); err != nil {
			t.Error(err)
		}
	}
	if a, b := w.Messages("group"), w.Messages("super"); len(a) != 1 || len(b) != 1 {
		t.Errorf("%d and %d messages", len(a), len(b))
	}
	do(t, s, fakedc.Step{Do: "crowd", Chat: "super", Count: 100})
	r, err := c.ChannelsGetParticipants(c.ctx, &tg.ChannelsGetParticipantsRequest{
		Channel: &tg.InputChannel{ChannelID: id}, Filter: &tg.ChannelParticipantsRecent{}, Limit: 200,
	})
	if err != nil {
		t.Fatal(err)
	}
	negative := 0
	for _, u := range r.(*tg.ChannelsChannelParticipants).Users {
		if u.(*tg.User).AccessHash < 0 {
			negative++
		}
	}
	if negative < 25 || negative > 75 {
		t.Errorf("%d of 102 hashes are negative", negative)
	}
}

// 1.4: somebody who is not there, or not for the bot, is userEmpty; somebody who has
// deleted the account is a user.
func TestWhoIsEmptyAndWhoIsDeleted(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	do(t, s, fakedc.Step{Do: "start", Who: "ann"}, fakedc.Step{Do: "delete", Who: "ann"})
	list, err := c.UsersGetUsers(c.ctx, []tg.InputUserClass{
		&tg.InputUser{UserID: 999999}, &tg.InputUser{UserID: 1004}, &tg.InputUser{UserID: 1001}, &tg.InputUser{UserID: 1002},
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []int64{999999, 1004} {
		if u, ok := list[i].(*tg.UserEmpty); !ok || u.ID != want {
			t.Errorf("%d is %v", want, list[i])
		}
	}
	if u, ok := list[2].(*tg.User); !ok || !u.Deleted || u.FirstName != "" || u.Username != "" || u.AccessHash == 0 {
		t.Errorf("ann is %v", list[2])
	}
	if u, ok := list[3].(*tg.User); !ok || u.Deleted {
		t.Errorf("bob is %v", list[3])
	}
}

// 1.1, 1.2, 1.7: hash 0 is enough for whom the bot has met, and for nobody else.
func TestWhomHashZeroOpens(t *testing.T) {
	invite := fakedc.Step{Do: "promote", Who: "bob", Chat: "friends", Other: "bot", Rights: []string{"invite"}}
	join := fakedc.Step{Do: "join", Who: "dave", Chat: "friends"}
	ask := fakedc.Step{Do: "ask", Who: "dave", Chat: "friends"}
	for rule, row := range map[string]struct {
		steps []fakedc.Step
		want  bool
	}{
		"nobody heard of":       {nil, false},
		"wrote in private":      {[]fakedc.Step{{Do: "write", Who: "dave", Text: "hi"}}, true},
		"blocked it":            {[]fakedc.Step{{Do: "start", Who: "dave"}, {Do: "block", Who: "dave"}}, true},
		"is in a group with it": {[]fakedc.Step{join}, true},
		"left again":            {[]fakedc.Step{join, {Do: "leave", Who: "dave", Chat: "friends"}}, false},
		"asked it inline":       {[]fakedc.Step{{Do: "inline", Who: "dave", Text: "x"}}, true},
		"asks to join":          {[]fakedc.Step{invite, ask}, true},
		"asks, but not the bot": {[]fakedc.Step{ask}, false},
		"wrote to a business":   {[]fakedc.Step{annsBusiness, {Do: "business_write", Who: "dave", Other: "ann", Text: "hi"}}, true},
		"called it as a guest": {[]fakedc.Step{
			{Do: "chat", Chat: "away", Kind: "supergroup", Members: []string{"dave"}},
			{Do: "guest", Who: "dave", Chat: "away", Text: "hi"},
		}, true},
		"was thrown out":        {[]fakedc.Step{join, {Do: "ban", Who: "bob", Chat: "friends", Other: "dave"}}, false},
		"was shared as contact": {[]fakedc.Step{{Do: "contact", Who: "ann", Other: "dave"}}, false},
		"was requested":         {[]fakedc.Step{{Do: "share_peer", Who: "ann", Other: "dave"}}, false},
		"writes where it is not": {[]fakedc.Step{
			{Do: "chat", Chat: "den", Kind: "group", Members: []string{"ann", "dave"}},
			{Do: "write", Who: "dave", Chat: "den", Text: "psst"},
		}, false},
	} {
		t.Run(rule, func(t *testing.T) {
			s := serve(t, nil)
			c := connect(t, s, clientOptions{})
			do(t, s, row.steps...)
			u, err := c.get(1004, 0)
			if err != nil {
				t.Fatal(err)
			}
			if _, got := u.(*tg.User); got != row.want {
				t.Errorf("dave is %v", u)
			}
		})
	}
}

// 1.3: documentation binds hashes to a session, practice to an account; both can
// be had.
func TestHashesMayChangeWithASignIn(t *testing.T) {
	for change, option := range map[bool]fakedc.WorldOptions{false: {}, true: {SignInHashes: true}} {
		s := serve(t, fakedc.NewDemo(option))
		c := connect(t, s, clientOptions{})
		user, channel := c.resolve("ann").AccessHash, c.channelHash(friends.ChannelID)
		if _, err := c.AuthLogOut(c.ctx); err != nil {
			t.Fatal(err)
		}
		c = connect(t, s, clientOptions{})
		if now := c.resolve("ann").AccessHash; (now != user) != change {
			t.Errorf("with %+v, ann has %d and then %d", option, user, now)
		}
		if now := c.channelHash(friends.ChannelID); (now != channel) != change {
			t.Errorf("with %+v, friends has %d and then %d", option, channel, now)
		}
		_, err := c.get(1001, user)
		if change {
			wantError(t, err, 400, "PEER_ID_INVALID")
		} else if err != nil {
			t.Error(err)
		}
	}
}
