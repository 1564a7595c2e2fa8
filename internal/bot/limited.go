package bot

import (
	"github.com/gotd/td/bin"
	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/session"
)

// call is what the limits have to know of a request.
type call struct {
	method string
	// chat is where it does something; the zero ID if that is no one chat.
	chat session.ID
	// messages is how many messages it sends there.
	messages int
	// lookup says that it looks up a username.
	lookup bool
}

// lookingUp is the call that few a day are allowed of.
const lookingUp = "contacts.resolveUsername"

// callOf reads a request, whatever it is wrapped into.
func callOf(input bin.Encoder) call {
	for {
		wrapped, ok := input.(interface{ GetQuery() bin.Object })
		if !ok {
			break
		}
		input = wrapped.GetQuery()
	}
	var c call
	if t, ok := input.(interface{ TypeName() string }); ok {
		c.method = t.TypeName()
	}
	switch r := input.(type) {
	case *tg.ContactsResolveUsernameRequest:
		c.lookup = true
	case *tg.UsersGetUsersRequest:
		if len(r.ID) == 1 && isSelf(r.ID[0]) {
			// Who the bot is has to be asked to connect at all: a wait for asking
			// about others must not keep it out.
			c.method += " (self)"
		}
	case *tg.MessagesSendMessageRequest:
		c.chat, c.messages = session.InputPeerID(r.Peer), 1
	case *tg.MessagesSendMediaRequest:
		c.chat, c.messages = session.InputPeerID(r.Peer), 1
	case *tg.MessagesSendMultiMediaRequest:
		c.chat, c.messages = session.InputPeerID(r.Peer), len(r.MultiMedia)
	case *tg.MessagesForwardMessagesRequest:
		c.chat, c.messages = session.InputPeerID(r.ToPeer), len(r.ID)
	case *tg.MessagesSendInlineBotResultRequest:
		c.chat, c.messages = session.InputPeerID(r.Peer), 1
	case *tg.MessagesSendQuickReplyMessagesRequest:
		c.chat, c.messages = session.InputPeerID(r.Peer), len(r.ID)
	case *tg.EphemeralSendMessageRequest:
		c.chat, c.messages = session.InputPeerID(r.Peer), 1
	}
	return c
}

func isSelf(in tg.InputUserClass) bool {
	_, ok := in.(*tg.InputUserSelf)
	return ok
}
