package fakedc

import (
	"fmt"

	"github.com/gotd/td/tg"
)

// post stores m where it belongs, gives it its ids and pts, and pushes it to the
// bots that get to see it. a is the bot whose private chat it is or who sends it;
// the event returned is the one that a has. except has the message by other means.
//
// Private chats and basic groups use the sequence of each account, supergroups
// their own. See https://core.telegram.org/api/updates#message-related-event-sequences.
func (w *World) post(a *account, m *message, except *session) (event, error) {
	m.date = w.date()
	if m.chat != nil {
		m.chat.messages = append(m.chat.messages, m)
		if m.chat.super {
			m.id = len(m.chat.messages)
		}
	} else {
		d := a.dialog(m.with)
		d.messages = append(d.messages, m)
		if other := m.with.bot; other != nil {
			d := other.dialog(a.user)
			d.messages = append(d.messages, m)
		}
	}
	return w.spread(a, m, event{what: whatMessage, date: m.date, message: m}, except)
}

// spread logs an event about m for everybody who has m, and pushes it.
func (w *World) spread(a *account, m *message, ev event, except *session) (event, error) {
	if m.chat != nil && m.chat.super {
		return w.log(m.chat, ev, except)
	}
	var view event
	for _, bot := range w.havers(a, m, ev.what != whatMessage) {
		own := bot.append(ev)
		if view.seq == 0 || bot == a {
			view = own
		}
		if err := w.push(bot, own, nil, except); err != nil {
			return event{}, err
		}
	}
	return view, nil
}

// log puts ev into the sequence of a supergroup.
func (w *World) log(c *chat, ev event, except *session) (event, error) {
	ev.count = max(ev.count, 1)
	c.pts += ev.count
	ev.seq = c.pts
	c.log = append(c.log, ev)
	for _, bot := range w.bots {
		if !c.has(bot.user) || ev.message != nil && !w.hears(bot, ev.message) {
			continue
		}
		if err := w.push(bot, ev, c, except); err != nil {
			return event{}, err
		}
	}
	return ev, nil
}

// havers are the accounts with a view of m, which is not in a supergroup. a is the
// one whose private chat it is in. Who came later does not have an old message.
func (w *World) havers(a *account, m *message, old bool) []*account {
	var list []*account
	switch {
	case m.chat != nil:
		for _, bot := range w.bots {
			if m.chat.has(bot.user) && (m.idFor(bot) != 0 || !old && w.hears(bot, m)) {
				list = append(list, bot)
			}
		}
	case m.with.bot != nil:
		list = []*account{a, m.with.bot}
	default:
		list = []*account{a}
	}
	return list
}

// append gives ev the account's next pts, and its message an id.
func (a *account) append(ev event) event {
	if ev.what == whatMessage {
		a.lastID++
		ev.message.boxed = append(ev.message.boxed, boxed{account: a, id: a.lastID})
		a.box[a.lastID] = ev.message
	}
	ev.count = max(ev.count, 1)
	a.pts += ev.count
	ev.seq = a.pts
	a.common = append(a.common, ev)
	return ev
}

// note gives ev the account's next qts: what only bots hear of.
func (w *World) note(a *account, ev event) error {
	a.qts++
	ev.seq, ev.count, ev.date = a.qts, 1, w.date()
	a.bots = append(a.bots, ev)
	return w.push(a, ev, nil, nil)
}

// push sends one container for ev to the sessions of a. c is the supergroup that
// ev's pts belongs to.
func (w *World) push(a *account, ev event, c *chat, except *session) error {
	return w.pushAll(a, []event{ev}, c, except)
}

// pushAll sends one container for all events, which follow one another.
func (w *World) pushAll(a *account, events []event, c *chat, except *session) error {
	body := func() ([]byte, error) {
		r := newRefs()
		updates := make([]tg.UpdateClass, len(events))
		for i, ev := range events {
			r.event(w, ev, true)
			updates[i] = ev.update(w, a)
		}
		r.chat(c)
		return encode(&tg.Updates{
			Updates: updates,
			Users:   r.users(w, a),
			Chats:   r.groups(w, a),
			Date:    w.date(),
		})
	}
	told := func(key *authKey) {
		if c != nil {
			key.tell(c.id, events[len(events)-1].seq)
		}
	}
	if err := w.board.push(a, except, body, told); err != nil {
		return fmt.Errorf("push: %w", err)
	}
	return nil
}

// announce pushes an update without pts and qts. Whoever is away never hears of it.
// The container has seq 0, which means unordered: counted ones are lost in a client
// that asks for a difference at the same moment, as its answer has their seq.
//
// See https://core.telegram.org/api/updates#updates-sequence.
func (w *World) announce(a *account, update func() tg.UpdateClass, d *detail) error {
	body := func() ([]byte, error) {
		r := newRefs()
		r.detail(d)
		return encode(&tg.Updates{
			Updates: []tg.UpdateClass{update()},
			Users:   r.users(w, a),
			Chats:   r.groups(w, a),
			Date:    w.date(),
		})
	}
	if err := w.board.push(a, nil, body, func(*authKey) {}); err != nil {
		return fmt.Errorf("push: %w", err)
	}
	return nil
}
