package bot

import (
	"slices"

	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/internal/rawtl"
	"github.com/f48b34c0/seen/session"
)

// about is whom an update is about. Nobody is the zero ID.
type about struct {
	chat   session.ID   // where it happened
	from   session.ID   // who did it
	others []session.ID // whom else it names, each once
}

// aboutOf tells it from the fields of the schema.
func aboutOf(u tg.UpdateClass, named []rawtl.Named, self int64) (a about) {
	first := func(paths ...string) session.ID {
		for _, path := range paths {
			for _, n := range named {
				if n.Path == path {
					return session.PeerID(n.Peer)
				}
			}
		}
		return session.ID{}
	}
	a.chat = first("message.peer_id", "peer", "peer.peer", "peer_id", "channel_id", "chat_id", "participants.chat_id")
	a.from = first("message.from_id", "from_id", "actor", "actor_id", "inviter_id", "user_id", "connection.user_id")
	switch u := u.(type) {
	case interface{ GetMessage() tg.MessageClass }:
		if a.from == (session.ID{}) {
			a.from = a.chat // who writes in private is not said, and a channel's posts are its own
		}
		if sent(u.GetMessage()) {
			a.from = session.UserID(self)
		}
	case *tg.UpdateMessagePollVote: // its peer is who voted
		a.chat, a.from = session.ID{}, a.chat
	case *tg.UpdateBotStopped, *tg.UpdateUserTyping:
		a.chat = a.from
	case *tg.UpdateReadHistoryOutbox:
		a.from = a.chat
	}
	for _, n := range named {
		if id := session.PeerID(n.Peer); id != a.chat && id != a.from && !slices.Contains(a.others, id) {
			a.others = append(a.others, id)
		}
	}
	return a
}

// sent reports whether the bot has sent a message itself.
func sent(m tg.MessageClass) bool {
	switch m := m.(type) {
	case *tg.Message:
		return m.Out
	case *tg.MessageService:
		return m.Out
	default:
		return false
	}
}
