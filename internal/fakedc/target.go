package fakedc

import (
	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"
)

const botToBotDisabled = "USER_BOT_TO_BOT_DISABLED"

// target is where a bot may write: a user who lets it, or a group that it is in.
// The errors are those of messages.sendMessage and messages.setTyping; the codes
// that Telegram documents for PEER_ID_INVALID differ (400, 404, 406), so clients
// must go by the name.
func (w *World) target(a *account, in tg.InputPeerClass) (*person, *chat, error) {
	p, c, err := w.place(a, in)
	if err != nil {
		return nil, nil, err
	}
	if c != nil {
		return nil, c, w.mayPost(a, c)
	}
	return p, nil, w.mayWrite(a, p)
}

// mayPost is about groups. A bot may read a public one without being in it.
func (w *World) mayPost(a *account, c *chat) error {
	switch {
	case !c.has(a.user), c.broadcast && !c.may(a.user, rightPost):
		return tgerr.New(403, "CHAT_WRITE_FORBIDDEN")
	case w.muted(c, a.user):
		return tgerr.New(400, "USER_BANNED_IN_CHANNEL")
	}
	return nil
}

// mayWrite is about private chats. What does not let a bot write is not here:
// groups in common, queries, names, contacts and reactions.
func (w *World) mayWrite(a *account, p *person) error {
	d := a.dialogs[p.id]
	switch {
	case p == a.user:
		return tgerr.New(400, "USER_IS_BOT")
	case p.bot != nil && w.opts.OldBots:
		return tgerr.New(400, "USER_IS_BOT")
	case p.bot != nil && (!a.botToBot || !p.bot.botToBot):
		return tgerr.New(400, botToBotDisabled)
	case p.bot != nil:
		return nil
	case p.deleted:
		return tgerr.New(400, "INPUT_USER_DEACTIVATED")
	case d != nil && d.blocked:
		return tgerr.New(403, "USER_IS_BLOCKED")
	case d != nil && d.started, w.window(a, p):
		return nil
	}
	return tgerr.New(400, "PEER_ID_INVALID")
}
