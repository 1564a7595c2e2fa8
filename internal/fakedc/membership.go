package fakedc

import "fmt"

// move lets somebody join or leave by themselves.
func (w *World) move(p *person, s Step) (Result, error) {
	c := w.chat(s.Chat)
	join := s.Do == "join"
	if c == nil || c.has(p) == join || join && w.kicked(c, p) {
		return Result{}, fmt.Errorf("%s cannot %s %q", s.Who, s.Do, s.Chat)
	}
	return w.change(c, p, p, join, s)
}

// moveOther lets a member bring somebody in, or an admin throw somebody out.
func (w *World) moveOther(p *person, s Step) (Result, error) {
	c, whom := w.chat(s.Chat), w.keyed[s.Other]
	join, needs := s.Do == "add", rightBan
	if join {
		needs = rightInvite
	}
	switch {
	case whom == nil:
		return Result{}, fmt.Errorf("nobody is called %q", s.Other)
	case c == nil, c.has(whom) == join, !c.has(p), (!join || c.broadcast) && !c.may(p, needs),
		join && w.kicked(c, whom) && !c.may(p, rightBan):
		return Result{}, fmt.Errorf("%s cannot %s %s in %q", s.Who, s.Do, s.Other, s.Chat)
	}
	return w.change(c, whom, p, join, s)
}

// change makes a service message in groups; channels have none. A bot that is
// thrown out hears of it by its own sequence only.
func (w *World) change(c *chat, whom, by *person, join bool, s Step) (Result, error) {
	was := c.snapshot(whom)
	m := &message{from: by, chat: c, look: s.look(), action: &action{Name: "leave", Subject: whom.id}}
	if join {
		added := c.add(whom, w.date())
		m.action.Name = "join"
		if by != whom {
			added.Inviter = by.id
			m.action.Name = "add"
		}
	} else {
		c.remove(whom)
	}
	if err := w.tellMember(c, whom, by, was); err != nil || c.broadcast {
		return Result{}, err
	}
	if _, err := w.post(nil, m, nil); err != nil {
		return Result{}, err
	}
	return Result{MessageID: m.storyID()}, nil
}

// promote gives somebody exactly the rights that are named; none make them a
// plain member again.
func (w *World) promote(p *person, s Step) (Result, error) {
	c, whom := w.chat(s.Chat), w.keyed[s.Other]
	if whom == nil {
		return Result{}, fmt.Errorf("nobody is called %q", s.Other)
	}
	if c == nil || !c.may(p, rightPromote) || !c.has(whom) || c.member(whom).Creator {
		return Result{}, fmt.Errorf("%s cannot promote %s in %q", s.Who, s.Other, s.Chat)
	}
	r, err := rightsOf(s.Rights)
	if err != nil {
		return Result{}, err
	}
	was := c.snapshot(whom)
	m := c.member(whom)
	m.Rights, m.Promoter = r, p.id
	return Result{}, w.tellMember(c, whom, p, was)
}

// snapshot is a member as they are now, or somebody who is banned, or nil.
func (c *chat) snapshot(p *person) *member {
	m, b := c.member(p), c.bans[p.id]
	if m == nil && b == nil {
		return nil
	}
	was := member{Ban: b}
	if m != nil {
		was = *m
		was.Ban = b
	}
	return &was
}

// tellMember tells of a changed membership the bots that are admins there, and
// whichever bot it is about.
func (w *World) tellMember(c *chat, whom, by *person, was *member) error {
	for _, a := range w.bots {
		if a.user != whom && !c.admin(a.user) {
			continue
		}
		more := &detail{user: whom, actor: by, chat: c, was: was, is: c.snapshot(whom)}
		if err := w.note(a, event{what: whatMember, more: more}); err != nil {
			return err
		}
	}
	return nil
}
