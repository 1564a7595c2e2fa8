package fakedc

import (
	"github.com/gotd/td/bin"
	"github.com/gotd/td/tg"
)

func goldenUpdates() map[string]tg.UpdateClass {
	var (
		m      = goldenMessage
		person = &tg.PeerUser{UserID: 1001}
		photo  = &tg.PeerChannel{ChannelID: 1900000001}
	)
	channelMember := &tg.UpdateChannelParticipant{ChannelID: 5, Date: 7, ActorID: 1002, UserID: 1001, Qts: 3}
	channelMember.SetPrevParticipant(&tg.ChannelParticipant{UserID: 1001, Date: 6})
	channelMember.SetNewParticipant(&tg.ChannelParticipantBanned{Peer: person, KickedBy: 1002, Date: 7, BannedRights: goldenBan()})
	chatMember := &tg.UpdateChatParticipant{ChatID: 5, Date: 7, ActorID: 1002, UserID: 1001, Qts: 3}
	chatMember.SetPrevParticipant(&tg.ChatParticipant{UserID: 1001, InviterID: 1002, Date: 6})
	chatMember.SetNewParticipant(&tg.ChatParticipantAdmin{UserID: 1001, InviterID: 1002, Date: 7})
	pressed := &tg.UpdateBotCallbackQuery{QueryID: 5, UserID: 1001, Peer: person, MsgID: 3, ChatInstance: -6}
	pressed.SetData([]byte("data"))
	pressedInline := &tg.UpdateInlineBotCallbackQuery{
		QueryID: 5, UserID: 1001, MsgID: &tg.InputBotInlineMessageID{DCID: 2, ID: 5, AccessHash: 6}, ChatInstance: -6,
	}
	pressedInline.SetData([]byte("data"))
	asked := &tg.UpdateBotInlineQuery{QueryID: 5, UserID: 1001, Query: "cats", Offset: "1"}
	asked.SetPeerType(&tg.InlineQueryPeerTypeMegagroup{})
	chosen := &tg.UpdateBotInlineSend{UserID: 1001, Query: "cats", ID: "one"}
	chosen.SetMsgID(&tg.InputBotInlineMessageID{DCID: 2, ID: 5, AccessHash: 6})
	tooLong := &tg.UpdateChannelTooLong{ChannelID: 5}
	tooLong.SetPts(2)
	invite := &tg.ChatInviteExported{Link: "https://t.me/+x", AdminID: 1002, Date: 7, RequestNeeded: true, Permanent: true}
	business := tg.BotBusinessConnection{ConnectionID: "biz", UserID: 1001, DCID: 2, Date: 7}
	business.SetRights(tg.BusinessBotRights{Reply: true})
	boost := tg.Boost{ID: "boost", Date: 7, Expires: 8}
	boost.SetUserID(1001)
	wrote := &tg.UpdateBotNewBusinessMessage{ConnectionID: "biz", Message: m(), Qts: 3}
	wrote.SetReplyToMessage(m())
	edited := &tg.UpdateBotEditBusinessMessage{ConnectionID: "biz", Message: m(), Qts: 3}
	edited.SetReplyToMessage(m())
	called := &tg.UpdateBotGuestChatQuery{QueryID: 5, Message: m(), Qts: 3}
	called.SetReferenceMessages([]tg.MessageClass{m()})
	whispered := tg.EphemeralMessage{ID: 3, FromID: person, ReceiverID: DemoBotID, Date: 7, Message: "psst"}
	whispered.SetPeerID(photo)
	return map[string]tg.UpdateClass{
		"new":             &tg.UpdateNewMessage{Message: m(), Pts: 2, PtsCount: 1},
		"edit":            &tg.UpdateEditMessage{Message: m(), Pts: 2, PtsCount: 1},
		"delete":          &tg.UpdateDeleteMessages{Messages: []int{3}, Pts: 2, PtsCount: 1},
		"channel new":     &tg.UpdateNewChannelMessage{Message: m(), Pts: 2, PtsCount: 1},
		"channel edit":    &tg.UpdateEditChannelMessage{Message: m(), Pts: 2, PtsCount: 1},
		"channel delete":  &tg.UpdateDeleteChannelMessages{ChannelID: 5, Messages: []int{3}, Pts: 2, PtsCount: 1},
		"channel behind":  tooLong,
		"sent":            &tg.UpdateMessageID{ID: 3, RandomID: -9},
		"stopped":         &tg.UpdateBotStopped{UserID: 1001, Date: 7, Stopped: true, Qts: 3},
		"member":          chatMember,
		"channel member":  channelMember,
		"request":         &tg.UpdateBotChatInviteRequester{Peer: photo, Date: 7, UserID: 1001, About: "please", Invite: invite, Qts: 3},
		"public request":  &tg.UpdateBotChatInviteRequester{Peer: photo, Date: 7, UserID: 1001, About: "please", Invite: &tg.ChatInvitePublicJoinRequests{}, Qts: 3},
		"reaction":        &tg.UpdateBotMessageReaction{Peer: person, MsgID: 3, Date: 7, Actor: person, NewReactions: []tg.ReactionClass{&tg.ReactionEmoji{Emoticon: "!"}}, Qts: 3},
		"vote":            &tg.UpdateMessagePollVote{PollID: 5, Peer: person, Options: [][]byte{{1}}, Positions: []int{1}, Qts: 3},
		"name":            &tg.UpdateUserName{UserID: 1001, FirstName: "Ann", LastName: "Example", Usernames: []tg.Username{{Editable: true, Active: true, Username: "ann"}}},
		"press":           pressed,
		"press inline":    pressedInline,
		"inline":          asked,
		"choice":          chosen,
		"business":        &tg.UpdateBotBusinessConnect{Connection: business, Qts: 3},
		"business new":    wrote,
		"business edit":   edited,
		"business delete": &tg.UpdateBotDeleteBusinessMessage{ConnectionID: "biz", Peer: person, Messages: []int{3}, Qts: 3},
		"boost":           &tg.UpdateBotChatBoost{Peer: photo, Boost: boost, Qts: 3},
		"guest":           called,
		"ephemeral":       &tg.UpdateNewEphemeralMessage{Message: whispered},
	}
}

func goldenAnswers() map[string]bin.Encoder {
	state := goldenState()
	users, chats := []tg.UserClass{goldenUser(), &tg.UserEmpty{ID: 5}}, []tg.ChatClass{
		goldenChannel(), goldenChat(), &tg.ChatEmpty{ID: 5}, &tg.ChatForbidden{ID: 5, Title: "Kitchen"},
	}
	forbidden := &tg.ChannelForbidden{ID: 5, AccessHash: -6, Title: "Friends", Megagroup: true, Broadcast: true}
	forbidden.SetUntilDate(9)
	bot := tg.BotInfo{}
	bot.SetUserID(DemoBotID)
	bot.SetCommands([]tg.BotCommand{{Command: "start", Description: "Begin"}})
	user := tg.UserFull{ID: 1001, CommonChatsCount: 2}
	user.SetPrivateForwardName("Ann Example")
	user.SetBotInfo(bot)
	chat := &tg.ChatFull{ID: 5, About: "soup", NotifySettings: tg.PeerNotifySettings{}, Participants: &tg.ChatParticipants{
		ChatID: 5, Version: 1, Participants: []tg.ChatParticipantClass{
			&tg.ChatParticipantCreator{UserID: 1001}, &tg.ChatParticipantAdmin{UserID: 1002, InviterID: 1001, Date: 7},
			&tg.ChatParticipant{UserID: 1003, InviterID: 1001, Date: 7},
		},
	}}
	chat.SetBotInfo([]tg.BotInfo{bot})
	channel := &tg.ChannelFull{
		ID: 5, About: "friends", Pts: 2, ChatPhoto: &tg.PhotoEmpty{ID: 7}, BotInfo: []tg.BotInfo{bot}, CanViewParticipants: true,
	}
	channel.SetParticipantsCount(2)
	channel.SetAdminsCount(1)
	channel.SetKickedCount(1)
	channel.SetBannedCount(1)
	channel.SetSlowmodeSeconds(30)
	channel.SetSlowmodeNextSendDate(9)
	dialog := &tg.Dialog{Peer: &tg.PeerChannel{ChannelID: 5}, TopMessage: 3}
	dialog.SetPts(2)
	message := []tg.MessageClass{goldenMessage(), &tg.MessageEmpty{ID: 4}}
	edit := []tg.UpdateClass{&tg.UpdateEditMessage{Message: goldenMessage(), Pts: 2, PtsCount: 1}}
	return map[string]bin.Encoder{
		"state":              &state,
		"difference":         &tg.UpdatesDifference{NewMessages: message, OtherUpdates: edit, Users: users, Chats: chats, State: state},
		"slice":              &tg.UpdatesDifferenceSlice{NewMessages: message, OtherUpdates: edit, Users: users, Chats: chats, IntermediateState: state},
		"no difference":      &tg.UpdatesDifferenceEmpty{Date: 7, Seq: 1},
		"too long":           &tg.UpdatesDifferenceTooLong{Pts: 2},
		"channel difference": &tg.UpdatesChannelDifference{Final: true, Pts: 2, NewMessages: message, OtherUpdates: edit, Users: users, Chats: chats},
		"no more of channel": &tg.UpdatesChannelDifferenceEmpty{Final: true, Pts: 2},
		"channel too long":   &tg.UpdatesChannelDifferenceTooLong{Final: true, Dialog: dialog, Messages: message, Users: users, Chats: chats},
		"user":               &tg.UsersUserFull{FullUser: user, Users: users, Chats: chats},
		"chat":               &tg.MessagesChatFull{FullChat: chat, Users: users, Chats: chats},
		"channel":            &tg.MessagesChatFull{FullChat: channel, Users: users, Chats: chats},
		"chats":              &tg.MessagesChats{Chats: append(chats, forbidden)},
		"participants":       &tg.ChannelsChannelParticipants{Count: 1, Participants: []tg.ChannelParticipantClass{&tg.ChannelParticipant{UserID: 1001, Date: 7}}, Users: users},
		"resolved":           &tg.ContactsResolvedPeer{Peer: &tg.PeerUser{UserID: 1001}, Users: users, Chats: chats},
		"signed in":          &tg.AuthAuthorization{User: goldenUser()},
		"signed out":         &tg.AuthLoggedOut{},
		"exported":           &tg.AuthExportedAuthorization{ID: 1001, Bytes: []byte("ticket")},
		"nearest":            &tg.NearestDC{Country: "US", ThisDC: 2, NearestDC: 2},
		"affected":           &tg.MessagesAffectedMessages{Pts: 2, PtsCount: 1},
		"file":               &tg.UploadFile{Type: &tg.StorageFileJpeg{}, Mtime: 7, Bytes: []byte("data")},
		"config": &tg.Config{
			Date: 7, Expires: 8, TestMode: true, ThisDC: 2, DCTxtDomainName: "x", ChatSizeMax: 200, MegagroupSizeMax: 200000,
			DCOptions:   []tg.DCOption{{ID: 2, IPAddress: "127.0.0.1", Port: 443, Static: true, Ipv6: true}},
			MeURLPrefix: "https://t.me/", CaptionLengthMax: 1024, MessageLengthMax: 4096, WebfileDCID: 2,
		},
	}
}
