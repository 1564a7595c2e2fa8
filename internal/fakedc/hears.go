package fakedc

import (
	"slices"
	"strings"
)

// hears says whether a bot gets a message of a group that it is in. Without privacy
// mode, or as an admin, it gets what people write; what bots write it gets when both
// that and its own bot-to-bot mode are on, and when it is addressed even if only one
// of the two has it on.
//
// See https://core.telegram.org/bots/features#privacy-mode and
// https://core.telegram.org/api/bots/bot-to-bot.
func (w *World) hears(a *account, m *message) bool {
	c := m.chat
	if c == nil || c.broadcast || m.action != nil || m.from == a.user {
		return true
	}
	open := !a.privacy || c.admin(a.user)
	sender := m.from.bot
	switch {
	case sender == nil:
		return open || m.via == a.user || m.addresses(a) || c.lastBot(m) == a && m.commands()
	case m.addresses(a):
		return a.botToBot || sender.botToBot
	}
	return a.botToBot && open
}

// addresses says whether a message answers one of a's, or begins with a command that
// names it.
func (m *message) addresses(a *account) bool {
	if m.reply != nil && m.reply.from == a.user {
		return true
	}
	for _, e := range m.entities {
		if e.Type != "bot_command" {
			continue
		}
		command := m.text[byteOffset(m.text, e.Offset):byteOffset(m.text, e.Offset+e.Length)]
		if _, name, named := strings.Cut(command, "@"); named && a.user.isCalled(name) {
			return true
		}
	}
	return false
}

// commands says whether a message begins with a command that names no bot.
func (m *message) commands() bool {
	for _, e := range m.entities {
		if e.Type == "bot_command" && e.Offset == 0 {
			return !strings.Contains(m.text[:byteOffset(m.text, e.Length)], "@")
		}
	}
	return false
}

func (p *person) isCalled(name string) bool {
	for _, own := range p.allNames() {
		if strings.EqualFold(own.Username, name) {
			return true
		}
	}
	return false
}

// lastBot is the bot that has written last in c, before m.
func (c *chat) lastBot(m *message) *account {
	before := len(c.messages)
	if i := slices.Index(c.messages, m); i >= 0 {
		before = i
	}
	for i := before - 1; i >= 0; i-- {
		if x := c.messages[i]; x.from.bot != nil && !x.gone {
			return x.from.bot
		}
	}
	return nil
}
