package fakedc

import (
	"fmt"
	"slices"

	"github.com/gotd/td/tg"
)

// business is the connection of a bot to the account of somebody who lets it speak
// for them. It makes no dialog between the bot and whoever writes to that account.
//
// See https://core.telegram.org/api/business#connected-bots.
type business struct {
	ID    string `json:"id"`
	Owner int64  `json:"owner"`
	Date  int    `json:"date"`
	// Reply lets the bot answer.
	Reply bool `json:"reply,omitempty"`
	Off   bool `json:"off,omitempty"`
	// LastID is of the last message, and Heard when each customer has written last.
	LastID int           `json:"last_id,omitempty"`
	Heard  map[int64]int `json:"heard,omitempty"`

	messages []*message
}

func (b *business) tg(w *World) tg.BotBusinessConnection {
	x := tg.BotBusinessConnection{Disabled: b.Off, ConnectionID: b.ID, UserID: b.Owner, DCID: w.dc, Date: b.Date}
	x.SetRights(tg.BusinessBotRights{Reply: b.Reply})
	return x
}

// connectBusiness lets a bot speak for somebody, with the right "reply" or without
// any, or ends that.
//
// See https://core.telegram.org/constructor/updateBotBusinessConnect.
func (w *World) connectBusiness(p *person, s Step) (Result, error) {
	a, err := w.botOf(s)
	if err != nil {
		return Result{}, err
	}
	for _, name := range s.Rights {
		if name != "reply" {
			return Result{}, fmt.Errorf("no right of a business is called %q: [reply]", name)
		}
	}
	id := fmt.Sprintf("biz%016x", uint64(w.hash(a.user.id, kindBusiness, p.id)))
	b := a.business[id]
	if b == nil {
		if s.Off {
			return Result{}, fmt.Errorf("%s is not connected", s.Who)
		}
		b = &business{ID: id, Owner: p.id, Date: w.date(), Heard: map[int64]int{}}
		a.business[id] = b
	}
	b.Off, b.Reply = s.Off, len(s.Rights) > 0
	return Result{}, w.note(a, event{what: whatBusiness, more: &detail{
		user: p, business: id, stopped: b.Off, reply: b.Reply,
	}})
}

// between is the connection of one of two people, and who is the customer there.
func (w *World) between(s Step) (a *account, b *business, customer *person, err error) {
	who, other := w.keyed[s.Who], w.keyed[s.Other]
	if other == nil || other == who {
		return nil, nil, nil, fmt.Errorf("nobody else is called %q", s.Other)
	}
	if a, err = w.botOf(s); err != nil {
		return nil, nil, nil, err
	}
	for _, pair := range [][2]*person{{other, who}, {who, other}} {
		for _, b := range a.business {
			if b.Owner == pair[0].id && !b.Off {
				return a, b, pair[1], nil
			}
		}
	}
	return nil, nil, nil, fmt.Errorf("neither %s nor %s has connected the bot", s.Who, s.Other)
}

// writeBusiness is a customer who writes to a business, or the business to a
// customer. Edits and deletions are told as well.
//
// See https://core.telegram.org/constructor/updateBotNewBusinessMessage.
func (w *World) writeBusiness(p *person, s Step) (Result, error) {
	a, b, customer, err := w.between(s)
	if err != nil {
		return Result{}, err
	}
	if s.Do == "business_write" {
		m := &message{from: p, with: customer, business: b.ID}
		m.text, m.entities = trim(s.Text, w.mention(s))
		m.entities = withFound(m.text, m.entities)
		if m.text == "" {
			return Result{}, fmt.Errorf("nothing to say")
		}
		if m.reply = b.message(customer, s.Reply); m.reply == nil && s.Reply != 0 {
			return Result{}, fmt.Errorf("there is no message %d", s.Reply)
		}
		w.keepBusiness(b, m)
		return Result{MessageID: m.id}, w.note(a, event{what: whatBusinessMessage, message: m})
	}
	m := b.message(customer, s.Message)
	if m == nil || m.from != p {
		return Result{}, fmt.Errorf("message %d is not %s's", s.Message, s.Who)
	}
	if s.Do == "business_retract" {
		m.gone = true
		return Result{}, w.note(a, event{what: whatBusinessRemoval, more: &detail{
			user: customer, business: b.ID, ids: []int{m.id},
		}})
	}
	text, entities := trim(s.Text, w.mention(s))
	if text == "" {
		return Result{}, fmt.Errorf("nothing to say")
	}
	m.text, m.entities, m.edited = text, withFound(text, entities), w.date()
	return Result{MessageID: m.id}, w.note(a, event{what: whatBusinessEdit, message: m})
}

// keepBusiness gives a message of a business its number.
func (w *World) keepBusiness(b *business, m *message) {
	b.LastID++
	m.id, m.date = b.LastID, w.date()
	b.messages = append(b.messages, m)
	if m.from == m.with {
		b.Heard[m.with.id] = m.date
	}
}

// message is one of those between a business and a customer.
func (b *business) message(customer *person, id int) *message {
	i := slices.IndexFunc(b.messages, func(m *message) bool { return m.id == id && m.with == customer && !m.gone })
	if i < 0 {
		return nil
	}
	return b.messages[i]
}

// knows says whether a bot has been told of p by a business: as its owner, or as a
// customer.
func (b *business) knows(p *person) bool {
	_, heard := b.Heard[p.id]
	return heard || b.Owner == p.id
}

// businessTG is a message as the owner of the business sees it: that is whose
// account the bot looks at.
func (m *message) businessTG(a *account) *tg.Message {
	x := &tg.Message{
		ID: m.id, PeerID: &tg.PeerUser{UserID: m.with.id}, Date: m.date, Out: m.from != m.with, Message: m.text,
	}
	x.SetFromID(&tg.PeerUser{UserID: m.from.id})
	if m.via != nil {
		x.SetViaBusinessBotID(a.user.id)
	}
	if m.edited != 0 {
		x.SetEditDate(m.edited)
	}
	if m.reply != nil && !m.reply.gone {
		h := &tg.MessageReplyHeader{}
		h.SetReplyToMsgID(m.reply.id)
		x.SetReplyTo(h)
	}
	if len(m.entities) > 0 {
		list := make([]tg.MessageEntityClass, len(m.entities))
		for i, e := range m.entities {
			list[i] = e.tg()
		}
		x.SetEntities(list)
	}
	return x
}
