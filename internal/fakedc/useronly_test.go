package fakedc_test

import (
	"testing"

	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/internal/fakedc"
)

// 3.4: what only users may call answers so, before and after whatever it is about is
// checked. Somebody who has not signed in hears that first.
func TestWhatOnlyUsersMayCall(t *testing.T) {
	s := serve(t, nil)
	c, out := connect(t, s, clientOptions{}), connect(t, serve(t, nil), clientOptions{noSignIn: true})
	for method, call := range map[string]func(*client) error{
		"messages.getHistory": func(c *client) error {
			_, err := c.MessagesGetHistory(c.ctx, &tg.MessagesGetHistoryRequest{Peer: friends})
			return err
		},
		"messages.getDialogs": func(c *client) error {
			_, err := c.MessagesGetDialogs(c.ctx, &tg.MessagesGetDialogsRequest{OffsetPeer: &tg.InputPeerEmpty{}})
			return err
		},
		"messages.search": func(c *client) error {
			_, err := c.MessagesSearch(c.ctx, &tg.MessagesSearchRequest{Peer: friends, Filter: &tg.InputMessagesFilterEmpty{}})
			return err
		},
		"messages.readHistory": func(c *client) error {
			_, err := c.MessagesReadHistory(c.ctx, &tg.MessagesReadHistoryRequest{Peer: friends})
			return err
		},
		"channels.readHistory": func(c *client) error {
			_, err := c.ChannelsReadHistory(c.ctx, &tg.ChannelsReadHistoryRequest{Channel: &tg.InputChannel{}})
			return err
		},
		"messages.getCommonChats": func(c *client) error {
			_, err := c.MessagesGetCommonChats(c.ctx, &tg.MessagesGetCommonChatsRequest{UserID: &tg.InputUserSelf{}})
			return err
		},
		"messages.checkChatInvite": func(c *client) error { _, err := c.MessagesCheckChatInvite(c.ctx, "x"); return err },
		"messages.startBot": func(c *client) error {
			_, err := c.MessagesStartBot(c.ctx, &tg.MessagesStartBotRequest{Bot: &tg.InputUserSelf{}, Peer: friends})
			return err
		},
		"contacts.resolvePhone": func(c *client) error { _, err := c.ContactsResolvePhone(c.ctx, "888"); return err },
		"contacts.search": func(c *client) error {
			_, err := c.ContactsSearch(c.ctx, &tg.ContactsSearchRequest{Q: "ann"})
			return err
		},
		"bots.canSendMessage": func(c *client) error { _, err := c.BotsCanSendMessage(c.ctx, &tg.InputUserSelf{}); return err },
		"users.getRequirementsToContact": func(c *client) error {
			_, err := c.UsersGetRequirementsToContact(c.ctx, []tg.InputUserClass{&tg.InputUserSelf{}})
			return err
		},
	} {
		t.Run(method, func(t *testing.T) {
			wantError(t, call(c), 400, "BOT_METHOD_INVALID")
			wantError(t, call(out), 401, "AUTH_KEY_UNREGISTERED")
			if n := s.World().Calls()[method]; n != 1 {
				t.Errorf("%d calls were counted", n)
			}
		})
	}
}

// 1.3: the codes differ between methods as they are documented, the name does not.
func TestCodesAsTheyAreDocumented(t *testing.T) {
	c := connect(t, serve(t, fakedc.NewDemo(fakedc.WorldOptions{DocumentedCodes: true})), clientOptions{})
	dave := &tg.InputPeerUser{UserID: 1004}
	_, err := c.send(dave, "hello", 1)
	wantError(t, err, 404, "PEER_ID_INVALID")
	_, err = c.MessagesSendMedia(c.ctx, &tg.MessagesSendMediaRequest{Peer: dave, Media: &tg.InputMediaEmpty{}, RandomID: 2})
	wantError(t, err, 406, "PEER_ID_INVALID")
	_, err = c.MessagesSetTyping(c.ctx, &tg.MessagesSetTypingRequest{Peer: dave, Action: &tg.SendMessageTypingAction{}})
	wantError(t, err, 406, "PEER_ID_INVALID")
	_, err = c.MessagesEditMessage(c.ctx, &tg.MessagesEditMessageRequest{Peer: dave, ID: 1})
	wantError(t, err, 400, "PEER_ID_INVALID")
}
