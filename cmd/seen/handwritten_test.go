package main

import (
	"context"

	"github.com/gotd/td/tg"
)

// handMade is one call, written twice.
type handMade struct {
	method string
	args   []string
	gotd   func(context.Context, *tg.Client, people) error
}

// handWritten are calls as bots make them: with names in one hand and with gotd's
// types in the other.
func handWritten() []handMade {
	channel := func(at people) *tg.InputChannel {
		return &tg.InputChannel{ChannelID: at.friends.ChannelID, AccessHash: at.friends.AccessHash}
	}
	user := func(p *tg.InputPeerUser) *tg.InputUser {
		return &tg.InputUser{UserID: p.UserID, AccessHash: p.AccessHash}
	}
	return []handMade{
		{"users.getUsers", []string{`{"id":["@ann",1002,"me"]}`}, func(ctx context.Context, c *tg.Client, at people) error {
			_, err := c.UsersGetUsers(ctx, []tg.InputUserClass{user(at.ann), user(at.bob), &tg.InputUserSelf{}})
			return err
		}},
		{"users.getFullUser", []string{"--set", "id=t.me/ann"}, func(ctx context.Context, c *tg.Client, at people) error {
			_, err := c.UsersGetFullUser(ctx, user(at.ann))
			return err
		}},
		{
			"messages.sendMessage",
			[]string{"--set", "peer=@ann", "--set", "message=Hello", "--set", "random_id=1"},
			func(ctx context.Context, c *tg.Client, at people) error {
				_, err := c.MessagesSendMessage(ctx, &tg.MessagesSendMessageRequest{Peer: at.ann, Message: "Hello", RandomID: 1})
				return err
			},
		},
		{
			"messages.sendMessage",
			[]string{`{
			"peer": "@ann", "message": "Hello, Bob", "random_id": "-9223372036854775808", "silent": true, "no_webpage": false,
			"reply_to": {"_": "inputReplyToMessage", "reply_to_msg_id": 2},
			"entities": [{"_": "messageEntityBold", "offset": 0, "length": 5},
				{"_": "inputMessageEntityMentionName", "offset": 7, "length": 3, "user_id": 1002}]}`},
			func(ctx context.Context, c *tg.Client, at people) error {
				req := &tg.MessagesSendMessageRequest{Peer: at.ann, Message: "Hello, Bob", RandomID: -1 << 63, Silent: true}
				req.SetReplyTo(&tg.InputReplyToMessage{ReplyToMsgID: 2})
				req.SetEntities([]tg.MessageEntityClass{
					&tg.MessageEntityBold{Offset: 0, Length: 5},
					&tg.InputMessageEntityMentionName{Offset: 7, Length: 3, UserID: user(at.bob)},
				})
				_, err := c.MessagesSendMessage(ctx, req)
				return err
			},
		},
		{
			"messages.sendMessage",
			[]string{`{
			"peer": -1001900000001, "message": "Choose", "random_id": 3, "schedule_date": 0,
			"reply_markup": {"_": "replyInlineMarkup", "rows": {"buttons": [
				{"text": "Yes", "type": {"_": "inlineButtonTypeCallback", "data": "eWVz"}},
				{"text": "No", "type": {"_": "inlineButtonTypeUrl", "url": "https://example.com"}}]}}}`},
			func(ctx context.Context, c *tg.Client, at people) error {
				req := &tg.MessagesSendMessageRequest{Peer: at.friends, Message: "Choose", RandomID: 3}
				req.SetScheduleDate(0)
				req.SetReplyMarkup(&tg.ReplyInlineMarkup{Rows: []tg.KeyboardInlineButtonRow{{Buttons: []tg.KeyboardInlineButton{
					{Text: "Yes", Type: &tg.InlineButtonTypeCallback{Data: []byte("yes")}},
					{Text: "No", Type: &tg.InlineButtonTypeURL{URL: "https://example.com"}},
				}}}})
				_, err := c.MessagesSendMessage(ctx, req)
				return err
			},
		},
		{"messages.editMessage", []string{`{"peer":"@ann","id":2,"message":"Hello again"}`}, func(ctx context.Context, c *tg.Client, at people) error {
			req := &tg.MessagesEditMessageRequest{Peer: at.ann, ID: 2}
			req.SetMessage("Hello again")
			_, err := c.MessagesEditMessage(ctx, req)
			return err
		}},
		{"messages.deleteMessages", []string{`{"revoke":true,"id":[7,8]}`}, func(ctx context.Context, c *tg.Client, _ people) error {
			_, err := c.MessagesDeleteMessages(ctx, &tg.MessagesDeleteMessagesRequest{Revoke: true, ID: []int{7, 8}})
			return err
		}},
		{
			"messages.forwardMessages",
			[]string{`{"from_peer":"@ann","to_peer":"-1001900000001","id":2,"random_id":[4],"drop_author":true}`},
			func(ctx context.Context, c *tg.Client, at people) error {
				_, err := c.MessagesForwardMessages(ctx, &tg.MessagesForwardMessagesRequest{
					FromPeer: at.ann, ToPeer: at.friends, ID: []int{2}, RandomID: []int64{4}, DropAuthor: true,
				})
				return err
			},
		},
		{
			"messages.setTyping",
			[]string{"--set", "peer=1001", "--set", "action=sendMessageTypingAction"},
			func(ctx context.Context, c *tg.Client, at people) error {
				_, err := c.MessagesSetTyping(ctx, &tg.MessagesSetTypingRequest{Peer: at.ann, Action: &tg.SendMessageTypingAction{}})
				return err
			},
		},
		{"messages.getMessages", []string{`{"id":{"_":"inputMessageID","id":2}}`}, func(ctx context.Context, c *tg.Client, _ people) error {
			_, err := c.MessagesGetMessages(ctx, []tg.InputMessageClass{&tg.InputMessageID{ID: 2}})
			return err
		}},
		{
			"channels.getParticipants",
			[]string{`{"channel":-1001900000001,"filter":{"@type":"channelParticipantsSearch","q":"b"},"limit":5}`},
			func(ctx context.Context, c *tg.Client, at people) error {
				_, err := c.ChannelsGetParticipants(ctx, &tg.ChannelsGetParticipantsRequest{
					Channel: channel(at), Filter: &tg.ChannelParticipantsSearch{Q: "b"}, Limit: 5,
				})
				return err
			},
		},
		{"channels.getParticipant", []string{`{"channel":-1001900000001,"participant":1002}`}, func(ctx context.Context, c *tg.Client, at people) error {
			_, err := c.ChannelsGetParticipant(ctx, &tg.ChannelsGetParticipantRequest{Channel: channel(at), Participant: at.bob})
			return err
		}},
		{"channels.getChannels", []string{"--set", "id.0=-1001900000001"}, func(ctx context.Context, c *tg.Client, at people) error {
			_, err := c.ChannelsGetChannels(ctx, []tg.InputChannelClass{channel(at)})
			return err
		}},
		{"channels.getFullChannel", []string{"--set", "channel=-1001900000001"}, func(ctx context.Context, c *tg.Client, at people) error {
			_, err := c.ChannelsGetFullChannel(ctx, channel(at))
			return err
		}},
		{
			"channels.editAdmin",
			[]string{`{"channel":-1001900000001,"user_id":1002,"admin_rights":{"pin_messages":true,"other":true},"rank":""}`},
			func(ctx context.Context, c *tg.Client, at people) error {
				req := &tg.ChannelsEditAdminRequest{
					Channel: channel(at), UserID: user(at.bob), AdminRights: tg.ChatAdminRights{PinMessages: true, Other: true},
				}
				req.SetRank("")
				_, err := c.ChannelsEditAdmin(ctx, req)
				return err
			},
		},
		{"messages.getFullChat", []string{"--set", "chat_id=400001"}, func(ctx context.Context, c *tg.Client, _ people) error {
			_, err := c.MessagesGetFullChat(ctx, 400001)
			return err
		}},
		{
			"bots.setBotCommands",
			[]string{`{
			"scope": {"_": "botCommandScopePeerUser", "peer": -1001900000001, "user_id": 1002}, "lang_code": "en",
			"commands": [{"command": "help", "description": "Say what to do"}, {"_": "botCommand", "command": "stop", "description": "Be quiet"}]}`},
			func(ctx context.Context, c *tg.Client, at people) error {
				_, err := c.BotsSetBotCommands(ctx, &tg.BotsSetBotCommandsRequest{
					Scope: &tg.BotCommandScopePeerUser{Peer: at.friends, UserID: user(at.bob)}, LangCode: "en",
					Commands: []tg.BotCommand{{Command: "help", Description: "Say what to do"}, {Command: "stop", Description: "Be quiet"}},
				})
				return err
			},
		},
		{"contacts.resolveUsername", []string{"--set", "username=carol"}, func(ctx context.Context, c *tg.Client, _ people) error {
			_, err := c.ContactsResolveUsername(ctx, &tg.ContactsResolveUsernameRequest{Username: "carol"})
			return err
		}},
		{
			"messages.sendMedia",
			[]string{`{
			"peer": "@ann", "message": "", "random_id": 5,
			"media": {"_": "inputMediaGeoPoint", "geo_point": {"_": "inputGeoPoint", "lat": 52.520008, "long": -0.1}}}`},
			func(ctx context.Context, c *tg.Client, at people) error {
				_, err := c.MessagesSendMedia(ctx, &tg.MessagesSendMediaRequest{
					Peer: at.ann, RandomID: 5,
					Media: &tg.InputMediaGeoPoint{GeoPoint: &tg.InputGeoPoint{Lat: 52.520008, Long: -0.1}},
				})
				return err
			},
		},
		{
			"messages.setBotCallbackAnswer",
			[]string{`{"query_id":"9223372036854775807","cache_time":0,"message":"Well"}`},
			func(ctx context.Context, c *tg.Client, _ people) error {
				req := &tg.MessagesSetBotCallbackAnswerRequest{QueryID: 1<<63 - 1}
				req.SetMessage("Well")
				_, err := c.MessagesSetBotCallbackAnswer(ctx, req)
				return err
			},
		},
		{"upload.saveFilePart", []string{`{"file_id":6,"file_part":0,"bytes":"AP//"}`}, func(ctx context.Context, c *tg.Client, _ people) error {
			_, err := c.UploadSaveFilePart(ctx, &tg.UploadSaveFilePartRequest{FileID: 6, Bytes: []byte{0, 255, 255}})
			return err
		}},
		{"updates.getDifference", []string{`{"pts":1,"date":1,"qts":0,"pts_total_limit":5}`}, func(ctx context.Context, c *tg.Client, _ people) error {
			req := &tg.UpdatesGetDifferenceRequest{Pts: 1, Date: 1}
			req.SetPtsTotalLimit(5)
			_, err := c.UpdatesGetDifference(ctx, req)
			return err
		}},
	}
}
