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

// met says whether hash 0 is enough: the user has written to the bot, or to a
// business that it speaks for, asked it something inline, pressed a button of it,
// waits to be let into a chat of it, or both are in a chat. Having been given the user
// by name is not meeting.
//
// See https://core.telegram.org/api/peers#access-hash.
func (w *World) met(a *account, p *person) bool {
	if d := a.dialogs[p.id]; d != nil && (d.started || d.asked || d.pressed) {
		return true
	}
	for _, b := range a.business {
		if b.knows(p) {
			return true
		}
	}
	for _, c := range w.chats {
		if !c.has(a.user) {
			continue
		}
		if _, asks := c.requests[p.id]; c.has(p) || asks && c.may(a.user, rightInvite) {
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
	case hash == w.hashFor(a, kindUser, id), p == a.user && hash == 0:
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

// somebody is inputUser for who must be somebody: problem is the error if they are not.
func (w *World) somebody(a *account, in tg.InputUserClass, problem string) (*person, error) {
	switch p, got := w.inputUser(a, in); got {
	case granted:
		return p, nil
	case fromMessage:
		return nil, errFromMessage
	default:
		return nil, tgerr.New(400, problem)
	}
}

// channel finds a supergroup or channel that the bot is in, or that is public. A
// good hash for a private one that it is not in gives CHANNEL_PRIVATE, and so does
// one for any that it is banned from. Hash 0 works for those that it is in.
func (w *World) channel(a *account, id, hash int64) (*chat, error) {
	for _, c := range w.chats {
		if !c.super || c.id != id {
			continue
		}
		in, good := c.has(a.user), hash == w.hashFor(a, kindChannel, id)
		switch {
		case good && (in || c.username != "" && !w.kicked(c, a.user)), in && hash == 0:
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

// place is the chat that a peer stands for: a user's private one, or a group.
func (w *World) place(a *account, in tg.InputPeerClass) (*person, *chat, error) {
	invalid := tgerr.New(400, "PEER_ID_INVALID")
	switch in := in.(type) {
	case *tg.InputPeerSelf:
		return a.user, nil, nil
	case *tg.InputPeerChat:
		if c := w.basic(a, in.ChatID); c != nil {
			return nil, c, nil
		}
	case *tg.InputPeerChannel:
		c, err := w.channel(a, in.ChannelID, in.AccessHash)
		return nil, c, err
	case *tg.InputPeerUserFromMessage, *tg.InputPeerChannelFromMessage:
		return nil, nil, errFromMessage
	case *tg.InputPeerUser:
		if p, got := w.userByID(a, in.UserID, in.AccessHash); got == granted {
			return p, nil, nil
		}
	}
	return nil, nil, invalid
}
