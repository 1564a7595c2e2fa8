package fakedc

import (
	"fmt"

	"github.com/gotd/td/tg"
)

// post stores m where it belongs, gives it its id and pts, and pushes it to the
// bots that get to see it. a is the bot whose private chat it is or who sends it;
// what is returned is a's view. except has the message by other means.
//
// Private chats and basic groups use the sequence of each account, supergroups
// their own. See https://core.telegram.org/api/updates#message-related-event-sequences.
func (w *World) post(a *account, m message, except *session) (*message, int, error) {
	m.date = w.date()
	switch {
	case m.chat == nil:
		own, ev := a.append(m)
		d := a.dialog(m.with)
		d.messages = append(d.messages, own)
		return own, ev.seq, w.push(a, ev, nil, except)
	case m.chat.super:
		c := m.chat
		c.pts++
		own := &m
		own.id = len(c.messages) + 1
		ev := event{seq: c.pts, date: m.date, message: own}
		c.messages = append(c.messages, own)
		c.log = append(c.log, ev)
		for _, bot := range w.bots {
			if c.has(bot.user) {
				if err := w.push(bot, ev, c, except); err != nil {
					return nil, 0, err
				}
			}
		}
		return own, ev.seq, nil
	default:
		var (
			view  *message
			seq   int
			first = true
		)
		for _, bot := range w.bots {
			if !m.chat.has(bot.user) {
				continue
			}
			own, ev := bot.append(m)
			if first {
				m.chat.messages = append(m.chat.messages, own)
				first = false
			}
			if view == nil || bot == a {
				view, seq = own, ev.seq
			}
			if err := w.push(bot, ev, nil, except); err != nil {
				return nil, 0, err
			}
		}
		if view == nil {
			// No bot there, so nobody has ids for it. It was said all the same.
			view = &m
			m.chat.messages = append(m.chat.messages, view)
		}
		return view, seq, nil
	}
}

// append gives m the account's next id and pts.
func (a *account) append(m message) (*message, event) {
	a.lastID++
	a.pts++
	m.id = a.lastID
	own := &m
	ev := event{seq: a.pts, date: m.date, message: own}
	a.box[own.id] = own
	a.common = append(a.common, ev)
	return own, ev
}

// stop tells a bot that a user has blocked it, or does no longer.
//
// See https://core.telegram.org/constructor/updateBotStopped.
func (w *World) stop(a *account, p *person, stopped bool) error {
	a.dialog(p).blocked = stopped
	a.qts++
	ev := event{seq: a.qts, date: w.date(), user: p, stopped: stopped}
	a.bots = append(a.bots, ev)
	return w.push(a, ev, nil, nil)
}

// push sends one container for ev to the sessions of a. c is the supergroup that
// ev's pts belongs to.
func (w *World) push(a *account, ev event, c *chat, except *session) error {
	body := func() ([]byte, error) {
		r := newRefs()
		r.event(w, ev, true)
		return encode(&tg.Updates{
			Updates: []tg.UpdateClass{ev.update(a)},
			Users:   r.users(w, a),
			Chats:   r.groups(w, a),
			Date:    w.date(),
		})
	}
	told := func(key *authKey) {
		if c != nil {
			key.tell(c.id, ev.seq)
		}
	}
	if err := w.board.push(a, except, body, told); err != nil {
		return fmt.Errorf("push: %w", err)
	}
	return nil
}

// update builds the update for ev as a gets to see it.
func (ev event) update(a *account) tg.UpdateClass {
	switch {
	case ev.message == nil:
		return &tg.UpdateBotStopped{UserID: ev.user.id, Date: ev.date, Stopped: ev.stopped, Qts: ev.seq}
	case ev.message.chat != nil && ev.message.chat.super:
		return &tg.UpdateNewChannelMessage{Message: ev.message.tg(a), Pts: ev.seq, PtsCount: 1}
	default:
		return &tg.UpdateNewMessage{Message: ev.message.tg(a), Pts: ev.seq, PtsCount: 1}
	}
}

func (r *refs) event(w *World, ev event, pushed bool) {
	r.person(ev.user, false)
	if ev.message != nil {
		r.message(w, ev.message, pushed)
	}
}
