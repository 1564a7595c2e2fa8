package fakedc

import "github.com/gotd/td/tg"

// refs collects whom a container refers to, so that it can bring them along. A
// full object replaces a min one, never the other way round.
type refs struct {
	order []*person
	looks map[*person]look
	chats []*chat
}

func newRefs() *refs { return &refs{looks: map[*person]look{}} }

func (r *refs) person(p *person, l look) {
	if p == nil {
		return
	}
	was, ok := r.looks[p]
	if !ok {
		r.order = append(r.order, p)
		was = l
	}
	r.looks[p] = min(l, was)
}

func (r *refs) chat(c *chat) {
	for _, x := range r.chats {
		if x == c {
			return
		}
	}
	if c != nil {
		r.chats = append(r.chats, c)
	}
}

// message adds everybody in m. pushed says that min senders stay min. Whom a
// shared contact, a requested peer or a hidden forward means is not among them:
// those are ids, not people.
func (r *refs) message(w *World, m *message, pushed bool) {
	l := lookFull
	if pushed {
		l = m.look
		if w.opts.MinSenders && l == lookFull && m.chat != nil && m.chat.super {
			l = lookMin
		}
	}
	if !m.post() {
		r.person(m.from, l)
	}
	r.person(m.with, lookFull)
	r.person(m.via, lookFull)
	if m.action != nil {
		r.person(w.people[m.action.Subject], l)
		r.person(w.people[m.action.Inviter], lookFull)
	}
	if m.reply != nil && m.business != "" {
		r.person(m.reply.from, lookFull)
	}
	if f := m.forward; f != nil {
		r.person(w.people[f.From], l)
		r.chat(w.chat(f.Chat))
	}
	for _, e := range m.entities {
		r.person(w.people[e.UserID], l)
	}
	r.chat(m.chat)
}

func (r *refs) users(w *World, viewer *account) []tg.UserClass {
	list := make([]tg.UserClass, 0, len(r.order))
	for _, p := range r.order {
		l := r.looks[p]
		if p == viewer.user {
			l = lookFull
		}
		list = append(list, w.user(viewer, p, l))
	}
	return list
}

func (r *refs) groups(w *World, viewer *account) []tg.ChatClass {
	list := make([]tg.ChatClass, 0, len(r.chats))
	for _, c := range r.chats {
		list = append(list, w.group(viewer, c))
	}
	return list
}
