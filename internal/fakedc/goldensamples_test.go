package fakedc

import (
	"math"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/tg"
)

// goldenSamples are what the server says, with every field that it ever sets, and none
// that is zero: some encoders leave out zeros.
func goldenSamples() map[string]bin.Encoder {
	all := map[string]bin.Encoder{}
	for name, u := range goldenUpdates() {
		all["update "+name] = &tg.Updates{
			Updates: []tg.UpdateClass{u}, Users: []tg.UserClass{goldenUser()}, Chats: []tg.ChatClass{goldenChannel()}, Date: 7, Seq: 8,
		}
	}
	for name, e := range goldenEntities() {
		m := goldenMessage()
		m.SetEntities([]tg.MessageEntityClass{e})
		all["entity "+name] = &tg.UpdatesDifference{NewMessages: []tg.MessageClass{m}, State: goldenState()}
	}
	for name, media := range goldenMedia() {
		m := goldenMessage()
		m.SetMedia(media)
		all["media "+name] = &tg.MessagesMessages{Messages: []tg.MessageClass{m}}
	}
	for name, markup := range goldenMarkup() {
		m := goldenMessage()
		m.SetReplyMarkup(markup)
		all["markup "+name] = &tg.MessagesChannelMessages{Pts: 2, Count: 1, Messages: []tg.MessageClass{m}}
	}
	for name, action := range goldenActions() {
		m := &tg.MessageService{ID: 3, PeerID: &tg.PeerUser{UserID: 1001}, Date: 7, Action: action}
		m.SetFromID(&tg.PeerUser{UserID: 1001})
		all["action "+name] = &tg.MessagesMessages{Messages: []tg.MessageClass{m}, Users: []tg.UserClass{goldenUser()}}
	}
	for name, p := range goldenParticipants() {
		all["participant "+name] = &tg.ChannelsChannelParticipant{Participant: p, Users: []tg.UserClass{goldenUser()}}
	}
	for name, v := range goldenAnswers() {
		all["answer "+name] = v
	}
	return all
}

func goldenUser() *tg.User {
	u := &tg.User{ID: 1001, Bot: true, BotChatHistory: true, Min: true, ApplyMinPhoto: true, Premium: true, Deleted: true, Self: true}
	u.SetAccessHash(math.MinInt64 + 1)
	u.SetFirstName("Ann")
	u.SetLastName("Example")
	u.SetUsername("ann")
	u.SetPhone("888")
	u.SetPhoto(&tg.UserProfilePhoto{PhotoID: 5, DCID: 2})
	u.SetBotInfoVersion(1)
	u.SetLangCode("en")
	u.SetUsernames([]tg.Username{{Editable: true, Active: true, Username: "ann"}, {Active: true, Username: "gold"}})
	return u
}

func goldenRights() tg.ChatAdminRights {
	return tg.ChatAdminRights{
		PostMessages: true, EditMessages: true, DeleteMessages: true, BanUsers: true, InviteUsers: true,
		AddAdmins: true, Other: true, ManageTopics: true,
	}
}

func goldenBan() tg.ChatBannedRights {
	return tg.ChatBannedRights{ViewMessages: true, SendMessages: true, SendPlain: true, SendMedia: true, UntilDate: 9}
}

func goldenChannel() *tg.Channel {
	c := &tg.Channel{
		ID: 1900000001, Title: "Friends", Photo: &tg.ChatPhotoEmpty{}, Date: 7,
		Megagroup: true, Broadcast: true, Creator: true, Left: true, Min: true, Forum: true, SlowmodeEnabled: true,
	}
	c.SetAccessHash(-5)
	c.SetUsername("friends")
	c.SetAdminRights(goldenRights())
	c.SetBannedRights(goldenBan())
	c.SetDefaultBannedRights(goldenBan())
	c.SetParticipantsCount(2)
	return c
}

func goldenChat() *tg.Chat {
	c := &tg.Chat{ID: 400001, Title: "Kitchen", Photo: &tg.ChatPhotoEmpty{}, ParticipantsCount: 3, Date: 7, Version: 1, Creator: true, Left: true}
	c.SetAdminRights(goldenRights())
	c.SetDefaultBannedRights(goldenBan())
	return c
}

func goldenMessage() *tg.Message {
	m := &tg.Message{
		ID: 3, PeerID: &tg.PeerChannel{ChannelID: 1900000001}, Date: 7, Message: "hello Ann",
		Out: true, Mentioned: true, Silent: true, Post: true,
	}
	m.SetFromID(&tg.PeerUser{UserID: 1001})
	fwd := tg.MessageFwdHeader{Date: 6}
	fwd.SetFromID(&tg.PeerChannel{ChannelID: 1900000001})
	fwd.SetFromName("Ann")
	fwd.SetChannelPost(1)
	m.SetFwdFrom(fwd)
	m.SetViaBotID(DemoBotID)
	reply := &tg.MessageReplyHeader{ForumTopic: true}
	reply.SetReplyToMsgID(2)
	reply.SetReplyToTopID(1)
	m.SetReplyTo(reply)
	m.SetViews(1)
	m.SetEditDate(8)
	m.SetViaBusinessBotID(DemoBotID)
	return m
}

func goldenState() tg.UpdatesState { return tg.UpdatesState{Pts: 2, Qts: 3, Date: 7, Seq: 1} }

func goldenEntities() map[string]tg.MessageEntityClass {
	return map[string]tg.MessageEntityClass{
		"bold":      &tg.MessageEntityBold{Offset: 1, Length: 2},
		"italic":    &tg.MessageEntityItalic{Offset: 1, Length: 2},
		"underline": &tg.MessageEntityUnderline{Offset: 1, Length: 2},
		"strike":    &tg.MessageEntityStrike{Offset: 1, Length: 2},
		"spoiler":   &tg.MessageEntitySpoiler{Offset: 1, Length: 2},
		"code":      &tg.MessageEntityCode{Offset: 1, Length: 2},
		"pre":       &tg.MessageEntityPre{Offset: 1, Length: 2, Language: "go"},
		"link":      &tg.MessageEntityTextURL{Offset: 1, Length: 2, URL: "https://example.org"},
		"quote":     &tg.MessageEntityBlockquote{Offset: 1, Length: 2, Collapsed: true},
		"emoji":     &tg.MessageEntityCustomEmoji{Offset: 1, Length: 2, DocumentID: 5},
		"mention":   &tg.MessageEntityMention{Offset: 1, Length: 2},
		"command":   &tg.MessageEntityBotCommand{Offset: 1, Length: 2},
		"person":    &tg.MessageEntityMentionName{Offset: 1, Length: 2, UserID: 1001},
		"unknown":   &tg.MessageEntityUnknown{Offset: 1, Length: 2},
		"date":      &tg.MessageEntityFormattedDate{Offset: 1, Length: 2, Date: 7},
	}
}

func goldenMedia() map[string]tg.MessageMediaClass {
	document := &tg.MessageMediaDocument{}
	document.SetDocument(&tg.Document{
		ID: 5, AccessHash: -6, FileReference: []byte("ref"), Date: 7, MimeType: "text/plain", Size: 8, DCID: 2,
		Attributes: []tg.DocumentAttributeClass{
			&tg.DocumentAttributeFilename{FileName: "a.txt"}, &tg.DocumentAttributeImageSize{W: 4, H: 3},
			&tg.DocumentAttributeAnimated{}, &tg.DocumentAttributeHasStickers{},
		},
	})
	audio, video := &tg.DocumentAttributeAudio{Voice: true, Duration: 2}, &tg.DocumentAttributeVideo{SupportsStreaming: true, Duration: 2, W: 4, H: 3}
	audio.SetTitle("title")
	audio.SetPerformer("Ann")
	audio.SetWaveform([]byte("wave"))
	film := &tg.MessageMediaDocument{}
	film.SetDocument(&tg.Document{
		ID: 5, AccessHash: -6, FileReference: []byte("ref"), Date: 7, MimeType: "video/mp4", Size: 8, DCID: 2,
		Attributes: []tg.DocumentAttributeClass{audio, video},
	})
	emoji := &tg.MessageMediaDocument{}
	emoji.SetDocument(&tg.Document{
		ID: 5, AccessHash: -6, FileReference: []byte("ref"), Date: 7, MimeType: "image/webp", Size: 8, DCID: 2,
		Attributes: []tg.DocumentAttributeClass{
			&tg.DocumentAttributeSticker{Alt: "!", Stickerset: &tg.InputStickerSetEmpty{}},
			&tg.DocumentAttributeCustomEmoji{Free: true, Alt: "!", Stickerset: &tg.InputStickerSetEmpty{}},
		},
	})
	photo := &tg.MessageMediaPhoto{}
	photo.SetPhoto(&tg.Photo{
		ID: 5, AccessHash: -6, FileReference: []byte("ref"), Date: 7, DCID: 2,
		Sizes: []tg.PhotoSizeClass{&tg.PhotoSize{Type: "x", W: 4, H: 3, Size: 8}},
	})
	poll := &poll{ID: 5, Question: "?", Answers: []string{"yes"}, Public: true, Multiple: true, Quiz: true, Votes: map[int64][]int{1: {0}}}
	return map[string]tg.MessageMediaClass{
		"contact":  &tg.MessageMediaContact{PhoneNumber: "888", FirstName: "Ann", LastName: "Example", Vcard: "x", UserID: 1001},
		"document": document, "film": film, "emoji": emoji, "photo": photo, "poll": poll.tg(true),
	}
}

func goldenMarkup() map[string]tg.ReplyMarkupClass {
	inline := func(kind tg.InlineButtonTypeClass) *tg.ReplyInlineMarkup {
		return &tg.ReplyInlineMarkup{Rows: []tg.KeyboardInlineButtonRow{{Buttons: []tg.KeyboardInlineButton{{Text: "more", Type: kind}}}}}
	}
	keyboard := func(kind tg.ButtonTypeClass) *tg.ReplyKeyboardMarkup {
		k := &tg.ReplyKeyboardMarkup{Resize: true, SingleUse: true, Selective: true, Persistent: true}
		k.Rows = []tg.KeyboardButtonRow{{Buttons: []tg.KeyboardButton{{Text: "more", Type: kind}}}}
		k.SetPlaceholder("say")
		return k
	}
	login := &tg.InlineButtonTypeURLAuth{URL: "https://example.org", ButtonID: 1}
	login.SetFwdText("more")
	inlineSwitch := &tg.InlineButtonTypeSwitchInline{SamePeer: true, Query: "cats"}
	inlineSwitch.SetPeerTypes([]tg.InlineQueryPeerTypeClass{&tg.InlineQueryPeerTypePM{}})
	quiz := &tg.ButtonTypeRequestPoll{}
	quiz.SetQuiz(true)
	peer := &tg.RequestPeerTypeUser{}
	peer.SetBot(true)
	return map[string]tg.ReplyMarkupClass{
		"callback":        inline(&tg.InlineButtonTypeCallback{RequiresPassword: true, Data: []byte("data")}),
		"url":             inline(&tg.InlineButtonTypeURL{URL: "https://example.org"}),
		"login":           inline(login),
		"switch":          inline(inlineSwitch),
		"game":            inline(&tg.InlineButtonTypeGame{}),
		"buy":             inline(&tg.InlineButtonTypeBuy{}),
		"copy":            inline(&tg.InlineButtonTypeCopy{CopyText: "text"}),
		"profile":         inline(&tg.InlineButtonTypeUserProfile{UserID: 1001}),
		"web view":        inline(&tg.InlineButtonTypeWebView{URL: "https://example.org"}),
		"text":            keyboard(&tg.ButtonTypeDefault{}),
		"phone":           keyboard(&tg.ButtonTypeRequestPhone{}),
		"place":           keyboard(&tg.ButtonTypeRequestGeoLocation{}),
		"poll":            keyboard(quiz),
		"peer":            keyboard(&tg.ButtonTypeRequestPeer{ButtonID: 1, PeerType: peer, MaxQuantity: 1}),
		"simple web view": keyboard(&tg.ButtonTypeSimpleWebView{URL: "https://example.org"}),
		"hide":            &tg.ReplyKeyboardHide{Selective: true},
		"force":           &tg.ReplyKeyboardForceReply{SingleUse: true, Selective: true},
	}
}

func goldenActions() map[string]tg.MessageActionClass {
	domain, app := &tg.MessageActionBotAllowed{}, &tg.MessageActionBotAllowed{}
	domain.SetDomain("example.org")
	app.SetApp(&tg.BotApp{ID: 5, AccessHash: 6, ShortName: "app", Title: "App", Description: "an app", Photo: &tg.PhotoEmpty{ID: 7}, Hash: 8})
	asked := &tg.RequestedPeerUser{UserID: 1001}
	asked.SetFirstName("Ann")
	asked.SetLastName("Example")
	asked.SetUsername("ann")
	edit := &tg.MessageActionTopicEdit{}
	edit.SetClosed(true)
	return map[string]tg.MessageActionClass{
		"add":         &tg.MessageActionChatAddUser{Users: []int64{1001}},
		"leave":       &tg.MessageActionChatDeleteUser{UserID: 1001},
		"approve":     &tg.MessageActionChatJoinedByRequest{},
		"create":      &tg.MessageActionChannelCreate{Title: "Forum"},
		"topic":       &tg.MessageActionTopicCreate{Title: "Cats", IconColor: 0x6FB9F0},
		"edit topic":  edit,
		"by request":  &tg.MessageActionBotAllowed{FromRequest: true},
		"by menu":     &tg.MessageActionBotAllowed{AttachMenu: true},
		"by domain":   domain,
		"by app":      app,
		"shared peer": &tg.MessageActionRequestedPeerSentMe{ButtonID: 1, Peers: []tg.RequestedPeerClass{asked}},
	}
}

func goldenParticipants() map[string]tg.ChannelParticipantClass {
	admin := &tg.ChannelParticipantAdmin{UserID: 1001, PromotedBy: 1002, Date: 7, AdminRights: goldenRights(), Self: true}
	admin.SetInviterID(1002)
	return map[string]tg.ChannelParticipantClass{
		"plain":   &tg.ChannelParticipant{UserID: 1001, Date: 7},
		"self":    &tg.ChannelParticipantSelf{UserID: 1001, InviterID: 1002, Date: 7},
		"creator": &tg.ChannelParticipantCreator{UserID: 1001, AdminRights: goldenRights()},
		"admin":   admin,
		"banned": &tg.ChannelParticipantBanned{
			Left: true, Peer: &tg.PeerUser{UserID: 1001}, KickedBy: 1002, Date: 7, BannedRights: goldenBan(),
		},
	}
}
