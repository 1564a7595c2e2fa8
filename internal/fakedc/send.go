package fakedc

import (
	"context"

	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"
)

// sendMessage answers with the message as it was stored: a mention that was
// dropped is missing there, and there is no other sign of it.
//
// See https://core.telegram.org/method/messages.sendMessage.
func (w *World) sendMessage(ctx context.Context, r *tg.MessagesSendMessageRequest) (tg.UpdatesClass, error) {
	who := callerOf(ctx)
	a := who.bot
	w.mu.Lock()
	defer w.mu.Unlock()
	p, c, err := w.target(a, r.Peer)
	if err != nil {
		return nil, err
	}
	if _, twice := a.sent[r.RandomID]; twice {
		return nil, tgerr.New(500, "RANDOM_ID_DUPLICATE")
	}
	if r.ScheduleDate != 0 {
		return nil, tgerr.New(400, "SCHEDULE_BOT_NOT_ALLOWED")
	}
	m := message{from: a.user, chat: c, with: p}
	if m.text, m.entities, err = w.content(a, p, c, r.Message, r.Entities); err != nil {
		return nil, err
	}
	if reply, ok := r.ReplyTo.(*tg.InputReplyToMessage); ok {
		m.replyTo = w.repliedTo(a, p, c, reply.ReplyToMsgID)
	}
	own, pts, err := w.post(a, m, who.ses)
	if err != nil {
		return nil, err
	}
	a.sent[r.RandomID] = struct{}{}
	ev := event{seq: pts, date: own.date, message: own}
	if c != nil && c.super {
		who.ses.key.tell(c.id, pts)
	}
	refs := newRefs()
	refs.event(w, ev, false)
	return &tg.Updates{
		Updates: []tg.UpdateClass{&tg.UpdateMessageID{ID: own.id, RandomID: r.RandomID}, ev.update(a)},
		Users:   refs.users(w, a),
		Chats:   refs.groups(w, a),
		Date:    own.date,
	}, nil
}

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
		if mention, ok := e.(*tg.InputMessageEntityMentionName); ok {
			whom, got := w.inputUser(a, mention.UserID)
			if got == fromMessage {
				return "", nil, errFromMessage
			}
			if got != granted {
				return "", nil, tgerr.New(400, "ENTITY_MENTION_USER_INVALID")
			}
			if w.mentionable(a, whom, p, c) {
				kept = append(kept, StoredEntity{
					Type: "text_mention", Offset: mention.Offset, Length: mention.Length, UserID: whom.id,
				})
			}
			continue
		}
		if s, ok := stored(e); ok {
			kept = append(kept, s)
		}
	}
	text, kept = trim(text, kept)
	switch n := units(text); {
	case n == 0:
		return "", nil, tgerr.New(400, "MESSAGE_EMPTY")
	case n > maxMessageLength:
		return "", nil, tgerr.New(400, "MESSAGE_TOO_LONG")
	}
	return text, withFound(text, kept), nil
}

// mentionable says whether a mention by id stays: of a member of the chat, or of
// somebody who has contacted the bot in private.
//
// See https://core.telegram.org/bots/api#formatting-options.
func (w *World) mentionable(a *account, whom, p *person, c *chat) bool {
	if whom == p || c != nil && c.has(whom) {
		return true
	}
	d := a.dialogs[whom.id]
	return d != nil && d.started
}

// repliedTo is id when there is such a message in the same chat. A reply to one
// that is gone is sent as if it were none.
func (w *World) repliedTo(a *account, p *person, c *chat, id int) int {
	if c != nil && c.super {
		if id >= 1 && id <= len(c.messages) {
			return id
		}
		return 0
	}
	if m := a.box[id]; m != nil && m.chat == c && m.with == p {
		return id
	}
	return 0
}

// setTyping does nothing that could be seen, but fails as a message would.
//
// See https://core.telegram.org/method/messages.setTyping.
func (w *World) setTyping(ctx context.Context, r *tg.MessagesSetTypingRequest) (bool, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, _, err := w.target(callerOf(ctx).bot, r.Peer); err != nil {
		return false, err
	}
	return true, nil
}
