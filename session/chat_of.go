package session

import "github.com/gotd/td/tg"

// chatOf returns the chat that an update is about: the one whose updates must be
// handled in order. It is the zero ID for updates that belong to no chat.
func chatOf(u tg.UpdateClass) ID {
	switch u := u.(type) {
	case interface{ GetMessage() tg.MessageClass }:
		if m, ok := u.GetMessage().(interface{ GetPeerID() tg.PeerClass }); ok {
			return PeerID(m.GetPeerID())
		}
		return ID{}
	case interface{ GetPeer() tg.PeerClass }:
		return PeerID(u.GetPeer())
	case interface{ GetChannelID() int64 }:
		return ChannelID(u.GetChannelID())
	case interface{ GetChatID() int64 }:
		return ChatID(u.GetChatID())
	case interface{ GetUserID() int64 }:
		return UserID(u.GetUserID())
	default:
		return ID{}
	}
}

// sequenceOf returns the sequence that counts an update, and false for one that
// nothing counts: it cannot be fetched again.
func sequenceOf(u tg.UpdateClass) (sequence, bool) {
	if _, _, ok := tg.IsPtsUpdate(u); ok {
		return sequence{kind: sequencePts}, true
	}
	if channel, _, _, ok, err := tg.IsChannelPtsUpdate(u); ok && err == nil {
		return sequence{sequenceChannel, channel}, true
	}
	if _, ok := tg.IsQtsUpdate(u); ok {
		return sequence{kind: sequenceQts}, true
	}
	return sequence{}, false
}
