package session

import "github.com/gotd/td/tg"

// PeerID returns the ID of whom an object of Telegram's names; the zero ID for nil.
// The number may be out of range: see [ID.Valid].
func PeerID(p tg.PeerClass) ID {
	switch p := p.(type) {
	case *tg.PeerUser:
		return UserID(p.UserID)
	case *tg.PeerChat:
		return ChatID(p.ChatID)
	case *tg.PeerChannel:
		return ChannelID(p.ChannelID)
	default:
		return ID{}
	}
}

// InputPeerID returns the ID of whom a request names, as [PeerID] does; the zero ID
// for the account itself, which is named without its number.
func InputPeerID(p tg.InputPeerClass) ID {
	switch p := p.(type) {
	case *tg.InputPeerUser:
		return UserID(p.UserID)
	case *tg.InputPeerUserFromMessage:
		return UserID(p.UserID)
	case *tg.InputPeerChat:
		return ChatID(p.ChatID)
	case *tg.InputPeerChannel:
		return ChannelID(p.ChannelID)
	case *tg.InputPeerChannelFromMessage:
		return ChannelID(p.ChannelID)
	default:
		return ID{}
	}
}
