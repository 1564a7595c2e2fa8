package fakedc

import (
	"context"
	"fmt"
	"strings"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"
	"go.uber.org/zap"
)

// newMethods is the table of contents of what the server can do.
func (s *Server) newMethods() *tg.ServerDispatcher {
	w := s.world
	w.keepFilesAt(s.opts.Home)
	d := tg.NewServerDispatcher(func(context.Context, *bin.Buffer) (bin.Encoder, error) {
		return nil, tgerr.New(400, "METHOD_NOT_IMPLEMENTED")
	})
	d.OnHelpGetConfig(s.getConfig)
	d.OnHelpGetNearestDC(s.getNearestDC)

	d.OnAuthImportBotAuthorization(s.importBotAuthorization)
	d.OnAuthBindTempAuthKey(s.bindTempAuthKey)
	d.OnAuthExportAuthorization(s.exportAuthorization)
	d.OnAuthImportAuthorization(s.importAuthorization)
	d.OnAuthLogOut(w.logOut)

	d.OnUsersGetUsers(w.getUsers)
	d.OnUsersGetFullUser(w.getFullUser)
	d.OnContactsResolveUsername(w.resolveUsername)

	d.OnMessagesSendMessage(w.sendMessage)
	d.OnMessagesSendMedia(w.sendMedia)
	d.OnMessagesForwardMessages(w.forwardMessages)
	d.OnMessagesEditMessage(w.editMessage)
	d.OnMessagesDeleteMessages(w.deleteMessages)
	d.OnMessagesSetTyping(w.setTyping)
	d.OnMessagesGetMessages(w.getMessages)
	d.OnMessagesGetChats(w.getChats)
	d.OnMessagesGetFullChat(w.getFullChat)
	d.OnMessagesHideChatJoinRequest(w.hideJoinRequest)
	d.OnMessagesDeleteChatUser(w.deleteChatUser)
	d.OnMessagesSetBotCallbackAnswer(w.setCallbackAnswer)
	d.OnMessagesSetInlineBotResults(w.setInlineResults)
	d.OnMessagesSetBotGuestChatResult(w.setGuestResult)

	d.OnChannelsGetMessages(w.getChannelMessages)
	d.OnChannelsDeleteMessages(w.deleteChannelMessages)
	d.OnChannelsGetChannels(w.getChannels)
	d.OnChannelsGetFullChannel(w.getFullChannel)
	d.OnChannelsGetParticipant(w.getParticipant)
	d.OnChannelsGetParticipants(w.getParticipants)
	d.OnChannelsEditBanned(w.editBanned)
	d.OnChannelsLeaveChannel(w.leaveChannel)

	d.OnAccountGetBotBusinessConnection(w.getBusinessConnection)

	d.OnBotsSetBotCommands(w.setCommands)
	d.OnBotsGetBotCommands(w.getCommands)
	d.OnBotsResetBotCommands(w.resetCommands)

	d.OnUploadSaveFilePart(w.saveFilePart)
	d.OnUploadSaveBigFilePart(w.saveBigFilePart)
	d.OnUploadGetFile(w.getFile)

	d.OnUpdatesGetState(w.getState)
	d.OnUpdatesGetDifference(w.getDifference)
	d.OnUpdatesGetChannelDifference(w.getChannelDifference)
	return d
}

// implemented must name what newMethods registers: the dispatcher does not tell.
// A call that nobody implements is refused as such, signed in or not.
func (s *Server) implemented(id uint32) bool {
	switch id {
	case tg.HelpGetConfigRequestTypeID,
		tg.HelpGetNearestDCRequestTypeID,
		tg.AuthImportBotAuthorizationRequestTypeID,
		tg.AuthBindTempAuthKeyRequestTypeID,
		tg.AuthExportAuthorizationRequestTypeID,
		tg.AuthImportAuthorizationRequestTypeID,
		tg.AuthLogOutRequestTypeID,
		tg.UsersGetUsersRequestTypeID,
		tg.UsersGetFullUserRequestTypeID,
		tg.ContactsResolveUsernameRequestTypeID,
		tg.MessagesSendMessageRequestTypeID,
		tg.MessagesSendMediaRequestTypeID,
		tg.MessagesForwardMessagesRequestTypeID,
		tg.MessagesEditMessageRequestTypeID,
		tg.MessagesDeleteMessagesRequestTypeID,
		tg.MessagesSetTypingRequestTypeID,
		tg.MessagesGetMessagesRequestTypeID,
		tg.MessagesGetChatsRequestTypeID,
		tg.MessagesGetFullChatRequestTypeID,
		tg.MessagesHideChatJoinRequestRequestTypeID,
		tg.MessagesSetBotCallbackAnswerRequestTypeID,
		tg.MessagesSetInlineBotResultsRequestTypeID,
		tg.MessagesSetBotGuestChatResultRequestTypeID,
		tg.ChannelsGetMessagesRequestTypeID,
		tg.ChannelsDeleteMessagesRequestTypeID,
		tg.ChannelsGetChannelsRequestTypeID,
		tg.ChannelsGetFullChannelRequestTypeID,
		tg.ChannelsGetParticipantRequestTypeID,
		tg.ChannelsGetParticipantsRequestTypeID,
		tg.ChannelsEditBannedRequestTypeID,
		tg.ChannelsLeaveChannelRequestTypeID,
		tg.MessagesDeleteChatUserRequestTypeID,
		tg.AccountGetBotBusinessConnectionRequestTypeID,
		tg.BotsSetBotCommandsRequestTypeID,
		tg.BotsGetBotCommandsRequestTypeID,
		tg.BotsResetBotCommandsRequestTypeID,
		tg.UploadSaveFilePartRequestTypeID,
		tg.UploadSaveBigFilePartRequestTypeID,
		tg.UploadGetFileRequestTypeID,
		tg.UpdatesGetStateRequestTypeID,
		tg.UpdatesGetDifferenceRequestTypeID,
		tg.UpdatesGetChannelDifferenceRequestTypeID:
		return true
	}
	return false
}

func (s *Server) notImplemented(name string) error {
	s.log.Warn("method not implemented", zap.String("method", name))
	return tgerr.New(400, "METHOD_NOT_IMPLEMENTED")
}

// methodNames maps ids of methods to names such as users.getUsers.
func methodNames() map[uint32]string {
	names := tg.TypesMap()
	for id, full := range names {
		names[id], _, _ = strings.Cut(full, "#")
	}
	return names
}

// nameOf is what a method is called: by its id where nobody knows it.
func (s *Server) nameOf(id uint32) string {
	if name, ok := s.names[id]; ok {
		return name
	}
	return fmt.Sprintf("%#x", id)
}
