package fakedc

import (
	"context"
	"fmt"

	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"
)

// askGuest calls a bot into a supergroup that it is not in: it gets the message, the
// one that this answers, and an id to answer with. It may not write to who has asked.
//
// See https://core.telegram.org/constructor/updateBotGuestChatQuery.
func (w *World) askGuest(p *person, s Step) (Result, error) {
	a, err := w.botOf(s)
	if err != nil {
		return Result{}, err
	}
	c := w.chat(s.Chat)
	if c == nil || !c.super || c.broadcast || c.has(a.user) {
		return Result{}, fmt.Errorf("%q is no supergroup without the bot", s.Chat)
	}
	m := &message{}
	m.text, m.entities = trim(s.Text, w.mention(s))
	m.entities = withFound(m.text, m.entities)
	r, err := w.sayAs(p, Step{Who: s.Who, Chat: s.Chat, Reply: s.Reply}, m)
	if err != nil {
		return Result{}, err
	}
	a.dialog(p).asked = true
	r.QueryID = w.nextMade()
	a.queries[r.QueryID] = &query{Guest: m.id, From: p.id, Text: m.text, Chat: c.key}
	return r, w.note(a, event{what: whatGuest, message: m, more: &detail{user: p, query: r.QueryID}})
}

// guest is what a bot is called with.
func (ev event) guest(w *World, a *account) tg.UpdateClass {
	u := &tg.UpdateBotGuestChatQuery{QueryID: ev.more.query, Message: ev.message.tg(w, a), Qts: ev.seq}
	if r := ev.message.reply; r != nil && !r.gone {
		u.SetReferenceMessages([]tg.MessageClass{r.tg(w, a)})
	}
	return u
}

// setGuestResult answers once, below the message that called.
//
// See https://core.telegram.org/method/messages.setBotGuestChatResult.
func (w *World) setGuestResult(ctx context.Context, r *tg.MessagesSetBotGuestChatResultRequest) (tg.InputBotInlineMessageIDClass, error) {
	a := callerOf(ctx).bot
	w.mu.Lock()
	defer w.mu.Unlock()
	q := a.queries[r.QueryID]
	if q == nil || q.Guest == 0 || q.Done {
		return nil, tgerr.New(400, "QUERY_ID_INVALID")
	}
	o, err := w.offered(a, q, r.Result)
	if err != nil {
		return nil, err
	}
	c := w.chat(q.Chat)
	m := &message{
		from: a.user, chat: c, text: o.Text, entities: o.Entities, media: o.Media, markup: o.Markup, reply: c.message(q.Guest),
	}
	if _, err := w.post(a, m, nil); err != nil {
		return nil, err
	}
	q.Done, q.Answer = true, o.Text
	return w.inlineID(a, m), nil
}

// whisper is a message of a group that only the bot sees. No sequence has it, and
// nobody keeps it.
//
// See https://core.telegram.org/constructor/ephemeralMessage.
func (w *World) whisper(p *person, s Step) (Result, error) {
	a, err := w.botOf(s)
	if err != nil {
		return Result{}, err
	}
	c := w.chat(s.Chat)
	text, entities := trim(s.Text, w.mention(s))
	entities = withFound(text, entities)
	switch {
	case c == nil, c.broadcast, !c.has(p), !c.has(a.user):
		return Result{}, fmt.Errorf("%s and the bot are not in a group called %q", s.Who, s.Chat)
	case text == "":
		return Result{}, fmt.Errorf("nothing to say")
	}
	a.whispers++
	id, date := a.whispers, w.date()
	return Result{MessageID: id}, w.announce(a, func() tg.UpdateClass {
		m := tg.EphemeralMessage{
			ID: id, FromID: &tg.PeerUser{UserID: p.id}, ReceiverID: a.user.id, Date: date, Message: text,
		}
		m.SetPeerID(c.peer())
		if len(entities) > 0 {
			list := make([]tg.MessageEntityClass, len(entities))
			for i, e := range entities {
				list[i] = e.tg()
			}
			m.SetEntities(list)
		}
		return &tg.UpdateNewEphemeralMessage{Message: m}
	}, &detail{user: p, chat: c})
}
