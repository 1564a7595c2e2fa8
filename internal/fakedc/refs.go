package fakedc

import "github.com/gotd/td/tg"

// refs collects whom a container refers to, so that it can bring them along. A
// full object replaces a min one, never the other way round.
type refs struct {
	order []*person
	min   map[*person]bool
	chats []*chat
}

func newRefs() *refs { return &refs{min: map[*person]bool{}} }

func (r *refs) person(p *person, min bool) {
	if p == nil {
		return
	}
	was, ok := r.min[p]
	if !ok {
		r.order = append(r.order, p)
	}
	r.min[p] = min && (was || !ok)
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

// message adds everybody in m. pushed says that min senders stay min.
func (r *refs) message(w *World, m *message, pushed bool) {
	min := m.min && pushed
	r.person(m.from, min)
	r.person(m.with, false)
	r.person(m.subject, min)
	for _, e := range m.entities {
		r.person(w.people[e.UserID], min)
	}
	r.chat(m.chat)
}

func (r *refs) users(w *World, viewer *account) []tg.UserClass {
	list := make([]tg.UserClass, 0, len(r.order))
	for _, p := range r.order {
		list = append(list, w.user(viewer, p, r.min[p] && p != viewer.user))
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
