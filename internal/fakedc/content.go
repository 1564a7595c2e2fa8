package fakedc

import (
	"slices"
	"strings"

	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"
)

// content checks a text and decides which of its entities stay.
//
// See https://core.telegram.org/api/entities#entity-length.
func (w *World) content(a *account, p *person, c *chat, text string, in []tg.MessageEntityClass) (string, []StoredEntity, error) {
	if len(in) > maxEntities {
		return "", nil, tgerr.New(400, "ENTITIES_TOO_LONG")
	}
	at := boundaries(text)
	kept := make([]StoredEntity, 0, len(in))
	for _, e := range in {
		if e.GetLength() <= 0 || !at[e.GetOffset()] || !at[e.GetOffset()+e.GetLength()] {
			return "", nil, tgerr.New(400, "ENTITY_BOUNDS_INVALID")
		}
		mention, ok := e.(*tg.InputMessageEntityMentionName)
		if !ok {
			if s, ok := stored(e); ok {
				kept = append(kept, s)
			}
			continue
		}
		whom, err := w.somebody(a, mention.UserID, "ENTITY_MENTION_USER_INVALID")
		if err != nil {
			return "", nil, err
		}
		if w.mentionable(a, whom, p, c) && !namesItself(text, mention) {
			kept = append(kept, StoredEntity{
				Type: "text_mention", Offset: mention.Offset, Length: mention.Length, UserID: whom.id,
			})
		}
	}
	text, kept = trim(text, outermost(kept))
	if units(text) > maxMessageLength {
		return "", nil, tgerr.New(400, "MESSAGE_TOO_LONG")
	}
	return text, withFound(text, kept), nil
}

// mentionable says whether a mention by id stays: of a member of the chat, or of
// somebody who has written to the bot in private or pressed one of its buttons,
// and who does not hide from forwarded messages.
//
// See https://core.telegram.org/bots/api#formatting-options.
func (w *World) mentionable(a *account, whom, p *person, c *chat) bool {
	if whom == p || whom == a.user || c != nil && c.has(whom) {
		return true
	}
	d := a.dialogs[whom.id]
	return d != nil && (d.started || d.pressed) && !whom.hideForwards
}

// namesItself says that the mentioned text is a username already: it becomes an
// ordinary mention. See https://github.com/tdlib/telegram-bot-api/issues/687.
func namesItself(text string, e *tg.InputMessageEntityMentionName) bool {
	rest := text[byteOffset(text, e.Offset):]
	if !strings.HasPrefix(rest, "@") {
		return false
	}
	_, ok := found(rest, '@')
	return ok
}

// outermost drops mentions that lie across another entity with a meaning of its
// own, the later one of two: they cannot be nested.
//
// See https://core.telegram.org/bots/api#formatting-options.
func outermost(list []StoredEntity) []StoredEntity {
	kept := list[:0]
	for _, e := range list {
		if e.Type == "text_mention" && slices.ContainsFunc(kept, e.overlaps) {
			continue
		}
		kept = append(kept, e)
	}
	return kept
}
