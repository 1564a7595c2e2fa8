package fakedc

import (
	"context"
	"fmt"

	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"
)

// forward is where a message comes from.
type forward struct {
	// From is the id of the author, or 0 when they hide it; Name is there then.
	From int64  `json:"from,omitempty"`
	Name string `json:"name,omitempty"`
	// Chat is the key of a channel whose post it was.
	Chat string `json:"chat,omitempty"`
	Post int    `json:"post,omitempty"`
	Date int    `json:"date"`
}

// forwarded is the header of a copy of m. A copy of a copy keeps the first author.
// The privacy setting of the author decides whether their id is in it.
func forwarded(m *message) *forward {
	switch {
	case m.forward != nil:
		f := *m.forward
		return &f
	case m.post():
		return &forward{Chat: m.chat.key, Post: m.id, Date: m.date}
	case m.from.hideForwards:
		return &forward{Name: fullName(m.from), Date: m.date}
	}
	return &forward{From: m.from.id, Date: m.date}
}

func fullName(p *person) string {
	if p.lastName == "" {
		return p.firstName
	}
	return p.firstName + " " + p.lastName
}

// tg builds the header.
//
// See https://core.telegram.org/constructor/messageFwdHeader.
func (f *forward) tg(w *World) tg.MessageFwdHeader {
	x := tg.MessageFwdHeader{Date: f.Date}
	switch c := w.chat(f.Chat); {
	case c != nil:
		x.SetFromID(c.peer())
		x.SetChannelPost(f.Post)
	case f.From != 0:
		x.SetFromID(&tg.PeerUser{UserID: f.From})
	default:
		x.SetFromName(f.Name)
	}
	return x
}

// copyOf is what forwarding sends: everything but buttons and whom it replied to.
func copyOf(m *message) message {
	return message{
		text: m.text, entities: append([]StoredEntity(nil), m.entities...), media: m.media.copy(),
		forward: forwarded(m),
	}
}

// forwardStep lets somebody forward a message of another chat.
func (w *World) forwardStep(p *person, s Step) (Result, error) {
	from, err := w.find(p, s.From, s.Message)
	if err != nil {
		return Result{}, err
	}
	if from.action != nil {
		return Result{}, fmt.Errorf("message %d is a service message", s.Message)
	}
	return w.say(p, s, copyOf(from))
}

// forwardMessages answers as if each message had been sent.
//
// See https://core.telegram.org/method/messages.forwardMessages.
func (w *World) forwardMessages(ctx context.Context, r *tg.MessagesForwardMessagesRequest) (tg.UpdatesClass, error) {
	who := callerOf(ctx)
	a := who.bot
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case len(r.ID) == 0:
		return nil, tgerr.New(400, "MESSAGE_IDS_EMPTY")
	case len(r.ID) != len(r.RandomID):
		return nil, tgerr.New(400, "RANDOM_ID_INVALID")
	case r.ScheduleDate != 0:
		return nil, tgerr.New(400, "SCHEDULE_BOT_NOT_ALLOWED")
	}
	p, c, err := w.target(a, r.ToPeer)
	if err != nil {
		return nil, err
	}
	with, source, err := w.place(a, r.FromPeer)
	if err != nil {
		return nil, err
	}
	var list []*message
	for _, id := range r.ID {
		// What is not there is left out, unless nothing is left.
		if m := w.inPlace(a, with, source, id); m != nil && m.action == nil {
			list = append(list, m)
		}
	}
	if len(list) == 0 {
		return nil, tgerr.New(400, "MESSAGE_ID_INVALID")
	}
	if err := w.fresh(a, r.RandomID...); err != nil {
		return nil, err
	}
	if err := w.slowed(a, c); err != nil {
		return nil, err
	}
	topic, err := c.forwardedInto(a, r.TopMsgID)
	if err != nil {
		return nil, err
	}
	x := newAnswer()
	for i, m := range list {
		m := copyOf(m)
		if r.DropAuthor {
			m.forward = nil
		}
		if r.DropMediaCaptions && m.media != nil {
			m.text, m.entities = "", nil
		}
		m.with, m.chat, m.topic, m.silent = p, c, topic, r.Silent
		if err := w.put(who, m, r.RandomID[i], x); err != nil {
			return nil, err
		}
	}
	return x.tg(w, a), nil
}
