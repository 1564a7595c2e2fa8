package fakedc

import (
	"context"
	"strings"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"
	"go.uber.org/zap"
)

// newMethods is the table of contents of what the server can do.
func (s *Server) newMethods() *tg.ServerDispatcher {
	w := s.world
	d := tg.NewServerDispatcher(s.notImplemented)
	d.OnHelpGetConfig(s.getConfig)

	d.OnAuthImportBotAuthorization(w.importBotAuthorization)
	d.OnAuthLogOut(w.logOut)

	d.OnUsersGetUsers(w.getUsers)
	d.OnUsersGetFullUser(w.getFullUser)
	d.OnContactsResolveUsername(w.resolveUsername)

	d.OnMessagesSendMessage(w.sendMessage)
	d.OnMessagesSetTyping(w.setTyping)
	d.OnMessagesGetMessages(w.getMessages)
	d.OnMessagesGetChats(w.getChats)

	d.OnChannelsGetMessages(w.getChannelMessages)
	d.OnChannelsGetChannels(w.getChannels)
	d.OnChannelsGetParticipant(w.getParticipant)

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
		tg.AuthImportBotAuthorizationRequestTypeID,
		tg.AuthLogOutRequestTypeID,
		tg.UsersGetUsersRequestTypeID,
		tg.UsersGetFullUserRequestTypeID,
		tg.ContactsResolveUsernameRequestTypeID,
		tg.MessagesSendMessageRequestTypeID,
		tg.MessagesSetTypingRequestTypeID,
		tg.MessagesGetMessagesRequestTypeID,
		tg.MessagesGetChatsRequestTypeID,
		tg.ChannelsGetMessagesRequestTypeID,
		tg.ChannelsGetChannelsRequestTypeID,
		tg.ChannelsGetParticipantRequestTypeID,
		tg.UpdatesGetStateRequestTypeID,
		tg.UpdatesGetDifferenceRequestTypeID,
		tg.UpdatesGetChannelDifferenceRequestTypeID:
		return true
	}
	return false
}

func (s *Server) notImplemented(_ context.Context, b *bin.Buffer) (bin.Encoder, error) {
	id, err := b.PeekID()
	if err != nil {
		return nil, err
	}
	s.log.Warn("method not implemented", zap.String("method", s.names[id]), zap.Uint32("id", id))
	return nil, tgerr.New(400, "METHOD_NOT_IMPLEMENTED")
}

// methodNames maps ids of methods to names such as users.getUsers.
func methodNames() map[uint32]string {
	names := tg.TypesMap()
	for id, full := range names {
		names[id], _, _ = strings.Cut(full, "#")
	}
	return names
}
