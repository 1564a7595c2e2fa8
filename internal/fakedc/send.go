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
	w.mu.Lock()
	defer w.mu.Unlock()
	if who.business != "" {
		return w.sendForBusiness(who, r)
	}
	return w.send(who, r.Peer, r.RandomID, r.ScheduleDate, func(m *message) error {
		var err error
		if m.text, m.entities, err = w.content(who.bot, m.with, m.chat, r.Message, r.Entities); err != nil {
			return err
		}
		if m.text == "" {
			return tgerr.New(400, "MESSAGE_EMPTY")
		}
		m.silent, m.noPreview = r.Silent, r.NoWebpage
		if err := w.replyTo(who.bot, m, r.ReplyTo); err != nil {
			return err
		}
		m.markup, err = w.markup(who.bot, r.ReplyMarkup)
		return err
	})
}

// send checks what all methods that send have in common. fill makes the message
// when it is known where it goes.
func (w *World) send(who caller, to tg.InputPeerClass, random int64, schedule int, fill func(*message) error) (tg.UpdatesClass, error) {
	p, c, err := w.target(who.bot, to)
	if err != nil {
		return nil, err
	}
	if err := w.fresh(who.bot, random); err != nil {
		return nil, err
	}
	if schedule != 0 {
		return nil, tgerr.New(400, "SCHEDULE_BOT_NOT_ALLOWED")
	}
	if err := w.slowed(who.bot, c); err != nil {
		return nil, err
	}
	m := message{chat: c, with: p}
	if err := fill(&m); err != nil {
		return nil, err
	}
	x := newAnswer()
	if err := w.put(who, m, random, x); err != nil {
		return nil, err
	}
	return x.tg(w, who.bot), nil
}

// put stores what a bot sends, remembers its random_id and adds it to the answer.
func (w *World) put(who caller, m message, random int64, x *answer) error {
	a := who.bot
	m.from = a.user
	ev, err := w.post(a, &m, who.ses)
	if err != nil {
		return err
	}
	a.sent[random] = m.date
	w.spoken(m.chat, a.user)
	if m.chat != nil && m.chat.super {
		who.ses.key.tell(m.chat.id, ev.seq)
	}
	x.updates = append(x.updates, &tg.UpdateMessageID{ID: m.idFor(a), RandomID: random})
	x.add(w, a, ev)
	return nil
}

// fresh refuses random_ids that are remembered, and forgets those that are too old.
//
// See https://core.telegram.org/method/messages.sendMessage.
func (w *World) fresh(a *account, ids ...int64) error {
	now, life := w.date(), int(w.opts.RandomIDs.Seconds())
	for _, id := range ids {
		if at, ok := a.sent[id]; ok && now-at < life {
			return tgerr.New(500, "RANDOM_ID_DUPLICATE")
		}
	}
	const many = 4096
	if len(a.sent) > many && now-a.swept >= life/2 {
		a.swept = now
		for id, at := range a.sent {
			if now-at >= life {
				delete(a.sent, id)
			}
		}
	}
	return nil
}

// answer is the container that a method which sends answers with.
type answer struct {
	updates []tg.UpdateClass
	refs    *refs
}

func newAnswer() *answer { return &answer{refs: newRefs()} }

func (x *answer) add(w *World, a *account, ev event) {
	x.updates = append(x.updates, ev.update(w, a))
	x.refs.event(w, ev, false)
}

func (x *answer) tg(w *World, a *account) *tg.Updates {
	return &tg.Updates{
		Updates: x.updates, Users: x.refs.users(w, a), Chats: x.refs.groups(w, a), Date: w.date(),
	}
}

// replyTo sets what m answers, and the topic of a forum that it goes to. A reply to
// a message that is gone is sent as if it were none, and so is one to no message,
// which gogram sends always; one to a message that there never was is refused.
//
// See https://core.telegram.org/constructor/inputReplyToMessage.
func (w *World) replyTo(a *account, m *message, in tg.InputReplyToClass) error {
	reply, ok := in.(*tg.InputReplyToMessage)
	if !ok {
		return nil
	}
	top, _ := reply.GetTopMsgID()
	if id := reply.ReplyToMsgID; id != 0 {
		m.reply = w.inPlace(a, m.with, m.chat, id)
		if m.reply == nil && !w.was(a, m, id) {
			return tgerr.New(400, "REPLY_MESSAGE_ID_INVALID")
		}
		if m.chat != nil && m.chat.topics[id] != nil {
			// To answer the message that began a topic is to write in the topic.
			top, m.reply = id, nil
		}
	}
	if m.chat == nil || !m.chat.forum {
		return nil
	}
	m.topic = m.chat.topicOf(top, m.reply)
	return m.chat.enter(a.user, m.topic)
}

// was says whether there has been a message with this id where m goes.
func (w *World) was(a *account, m *message, id int) bool {
	last := a.lastID
	if m.chat != nil && m.chat.super {
		last = len(m.chat.messages)
	}
	return id >= 1 && id <= last
}

// inPlace is a's message with this id, if it is in that chat.
func (w *World) inPlace(a *account, p *person, c *chat, id int) *message {
	if c != nil && c.super {
		return c.message(id)
	}
	m := a.box[id]
	if m == nil || m.gone || m.chat != c || c == nil && m.with != p && m.from != p {
		return nil
	}
	return m
}

// message is a supergroup's message with this id.
func (c *chat) message(id int) *message {
	if id < 1 || id > len(c.messages) || c.messages[id-1].gone {
		return nil
	}
	return c.messages[id-1]
}

// setTyping does nothing that could be seen, but fails as a message would. Towards
// a bot the documentation has only USER_IS_BOT.
//
// See https://core.telegram.org/method/messages.setTyping.
func (w *World) setTyping(ctx context.Context, r *tg.MessagesSetTypingRequest) (bool, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	who := callerOf(ctx)
	if who.business != "" {
		_, _, err := w.forBusiness(who, r.Peer)
		return err == nil, err
	}
	p, _, err := w.target(who.bot, r.Peer)
	switch {
	case tgerr.Is(err, botToBotDisabled), err == nil && p != nil && p.bot != nil:
		return false, tgerr.New(400, "USER_IS_BOT")
	case err != nil:
		return false, err
	}
	return true, nil
}
