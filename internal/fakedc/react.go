package fakedc

import (
	"github.com/gotd/td/tg"
)

// react puts one emoji below a message, or takes it away. Bots hear of it where
// they are admins, and in their private chats.
//
// See https://core.telegram.org/constructor/updateBotMessageReaction.
func (w *World) react(p *person, s Step) (Result, error) {
	m, err := w.find(p, s.Chat, s.Message)
	if err != nil {
		return Result{}, err
	}
	old := m.reactions[p.id]
	if old == s.Reaction {
		return Result{}, nil
	}
	if m.reactions == nil {
		m.reactions = map[int64]string{}
	}
	m.reactions[p.id] = s.Reaction
	if s.Reaction == "" {
		delete(m.reactions, p.id)
	}
	for _, a := range w.bots {
		if m.idFor(a) == 0 || m.chat != nil && !m.chat.admin(a.user) || m.chat != nil && m.chat.broadcast {
			continue
		}
		more := &detail{user: p, chat: m.chat, old: old, new: s.Reaction}
		if err := w.note(a, event{what: whatReaction, message: m, more: more}); err != nil {
			return Result{}, err
		}
	}
	return Result{}, nil
}

func reactions(emoji string) []tg.ReactionClass {
	if emoji == "" {
		return []tg.ReactionClass{}
	}
	return []tg.ReactionClass{&tg.ReactionEmoji{Emoticon: emoji}}
}
