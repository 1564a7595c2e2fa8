package fakedc

import "github.com/gotd/td/tg"

// userOnly names methods that Telegram does not let bots call. There is no reason
// to implement them, and BOT_METHOD_INVALID is a different answer than that they
// are missing here.
//
// See https://core.telegram.org/api/bots and the lists of Telethon and TDLib, which
// have found out.
func userOnly(id uint32) bool {
	switch id {
	case tg.BotsAllowSendMessageRequestTypeID,
		tg.BotsCanSendMessageRequestTypeID,
		tg.ChannelsJoinChannelRequestTypeID,
		tg.ChannelsReadHistoryRequestTypeID,
		tg.ContactsGetContactsRequestTypeID,
		tg.ContactsImportContactTokenRequestTypeID,
		tg.ContactsImportContactsRequestTypeID,
		tg.ContactsResolvePhoneRequestTypeID,
		tg.ContactsSearchRequestTypeID,
		tg.MessagesCheckChatInviteRequestTypeID,
		tg.MessagesGetChatInviteImportersRequestTypeID,
		tg.MessagesGetCommonChatsRequestTypeID,
		tg.MessagesGetDialogsRequestTypeID,
		tg.MessagesGetHistoryRequestTypeID,
		tg.MessagesGetMessageReactionsListRequestTypeID,
		tg.MessagesGetPollVotesRequestTypeID,
		tg.MessagesImportChatInviteRequestTypeID,
		tg.MessagesReadHistoryRequestTypeID,
		tg.MessagesSearchGlobalRequestTypeID,
		tg.MessagesSearchRequestTypeID,
		tg.MessagesStartBotRequestTypeID,
		tg.UsersGetRequirementsToContactRequestTypeID:
		return true
	}
	return false
}
