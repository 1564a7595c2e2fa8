package fakedc

import (
	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"
)

// access is what came of looking for a peer that a bot has named.
type access byte

const (
	granted access = iota
	// unknown: hash 0 for somebody whom the bot has not met, or nobody at all.
	unknown
	// wrong: a hash that is not the bot's for this peer. Min hashes are among it.
	wrong
	// fromMessage: a constructor that bots may not use.
	fromMessage
)

var errFromMessage = tgerr.New(400, "FROM_MESSAGE_BOT_DISABLED")

// met says whether hash 0 is enough: the user has written to the bot, or both
// are in a chat. Having been given the user by name is not meeting.
//
// See https://core.telegram.org/api/peers#access-hash.
func (w *World) met(a *account, p *person) bool {
	if d := a.dialogs[p.id]; d != nil && d.started {
		return true
	}
	for _, c := range w.chats {
		if c.has(a.user) && c.has(p) {
			return true
		}
	}
	return false
}

func (w *World) userByID(a *account, id, hash int64) (*person, access) {
	p := w.people[id]
	switch {
	case p == nil:
		return nil, unknown
	case hash == w.hash(a.user.id, kindUser, id), p == a.user && hash == 0:
		return p, granted
	case hash != 0:
		return nil, wrong
	case w.met(a, p):
		return p, granted
	}
	return nil, unknown
}

func (w *World) inputUser(a *account, in tg.InputUserClass) (*person, access) {
	switch in := in.(type) {
	case *tg.InputUserSelf:
		return a.user, granted
	case *tg.InputUser:
		return w.userByID(a, in.UserID, in.AccessHash)
	case *tg.InputUserFromMessage:
		return nil, fromMessage
	}
	return nil, unknown
}

// channel finds a supergroup that the bot is in. A good hash for one that it is
// not in gives CHANNEL_PRIVATE: all groups here are private.
func (w *World) channel(a *account, id, hash int64) (*chat, error) {
	for _, c := range w.chats {
		if !c.super || c.id != id {
			continue
		}
		in, good := c.has(a.user), hash == w.hash(a.user.id, kindChannel, id)
		switch {
		case in && (good || hash == 0):
			return c, nil
		case good:
			return nil, tgerr.New(406, "CHANNEL_PRIVATE")
		}
	}
	return nil, tgerr.New(400, "CHANNEL_INVALID")
}

func (w *World) inputChannel(a *account, in tg.InputChannelClass) (*chat, error) {
	switch in := in.(type) {
	case *tg.InputChannel:
		return w.channel(a, in.ChannelID, in.AccessHash)
	case *tg.InputChannelFromMessage:
		return nil, errFromMessage
	}
	return nil, tgerr.New(400, "CHANNEL_INVALID")
}

// basic finds a basic group that the bot is in. Those have no hashes.
func (w *World) basic(a *account, id int64) *chat {
	for _, c := range w.chats {
		if !c.super && c.id == id && c.has(a.user) {
			return c
		}
	}
	return nil
}

// target is where a bot may write: a user who lets it, or a group that it is in.
// The errors are those of messages.sendMessage and messages.setTyping; the codes
// that Telegram documents for PEER_ID_INVALID differ (400, 404, 406), so clients
// must go by the name.
func (w *World) target(a *account, in tg.InputPeerClass) (*person, *chat, error) {
	invalid := tgerr.New(400, "PEER_ID_INVALID")
	switch in := in.(type) {
	case *tg.InputPeerSelf:
		return nil, nil, tgerr.New(400, "USER_IS_BOT")
	case *tg.InputPeerChat:
		if c := w.basic(a, in.ChatID); c != nil {
			return nil, c, nil
		}
		return nil, nil, invalid
	case *tg.InputPeerChannel:
		c, err := w.channel(a, in.ChannelID, in.AccessHash)
		return nil, c, err
	case *tg.InputPeerUserFromMessage, *tg.InputPeerChannelFromMessage:
		return nil, nil, errFromMessage
	case *tg.InputPeerUser:
		p, got := w.userByID(a, in.UserID, in.AccessHash)
		if got != granted {
			return nil, nil, invalid
		}
		d := a.dialogs[p.id]
		switch {
		case p.bot != nil:
			return nil, nil, tgerr.New(400, "USER_IS_BOT")
		case p.deleted:
			return nil, nil, tgerr.New(400, "INPUT_USER_DEACTIVATED")
		case d != nil && d.blocked:
			return nil, nil, tgerr.New(403, "USER_IS_BLOCKED")
		case d == nil || !d.started:
			return nil, nil, invalid
		}
		return p, nil, nil
	}
	return nil, nil, invalid
}
