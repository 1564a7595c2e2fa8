package fakedc

import (
	"errors"
	"fmt"
	"strings"
)

// actOf is what people do by themselves; nil for what nobody can do. Acts run
// with the world locked.
func actOf(do string) func(*World, *person, Step) (Result, error) {
	switch do {
	case "start":
		return (*World).start
	case "write":
		return (*World).write
	case "join", "leave":
		return (*World).move
	case "block", "unblock":
		return (*World).block
	case "rename":
		return (*World).rename
	case "username":
		return (*World).takeName
	case "delete":
		return (*World).delete
	}
	return nil
}

// first is the bot that private steps are about.
func (w *World) first() (*account, error) {
	if len(w.bots) == 0 {
		return nil, errors.New("there is no bot")
	}
	return w.bots[0], nil
}

func (w *World) start(p *person, s Step) (Result, error) {
	return w.write(p, Step{Text: strings.TrimSpace("/start " + s.Payload)})
}

func (w *World) write(p *person, s Step) (Result, error) {
	m := message{from: p, min: s.Min}
	m.text, m.entities = trim(s.Text, w.mention(s))
	m.entities = withFound(m.text, m.entities)
	if m.text == "" {
		return Result{}, errors.New("nothing to say")
	}
	var a *account
	if s.Chat == "" || s.Chat == "bot" {
		var err error
		if a, err = w.first(); err != nil {
			return Result{}, err
		}
		if err := w.open(a, p); err != nil {
			return Result{}, err
		}
		m.with = p
	} else if m.chat = w.chat(s.Chat); m.chat == nil || !m.chat.has(p) {
		return Result{}, fmt.Errorf("%s is not in a chat called %q", s.Who, s.Chat)
	}
	m.replyTo = s.Reply
	own, _, err := w.post(a, m, nil)
	if err != nil {
		return Result{}, err
	}
	return Result{MessageID: own.id}, nil
}

// open makes p somebody the bot may write to. Whoever writes to a bot that they
// have blocked unblocks it first: apps offer nothing else.
func (w *World) open(a *account, p *person) error {
	if p.bot != nil {
		return errors.New("bots do not write to bots")
	}
	d := a.dialog(p)
	d.started = true
	if d.blocked {
		return w.stop(a, p, false)
	}
	return nil
}

func (w *World) mention(s Step) []StoredEntity {
	whom := w.keyed[s.Mention]
	if whom == nil {
		return nil
	}
	i := strings.Index(s.Text, whom.firstName)
	if i < 0 {
		return nil
	}
	return []StoredEntity{{
		Type: "text_mention", Offset: units(s.Text[:i]), Length: units(whom.firstName), UserID: whom.id,
	}}
}

func (w *World) move(p *person, s Step) (Result, error) {
	c := w.chat(s.Chat)
	join := s.Do == "join"
	if c == nil || c.has(p) == join {
		return Result{}, fmt.Errorf("%s cannot %s %q", s.Who, s.Do, s.Chat)
	}
	m := message{from: p, chat: c, subject: p, action: actionLeave, min: s.Min}
	if join {
		c.add(p, w.date())
		m.action = actionJoin
	} else {
		c.remove(p)
	}
	own, _, err := w.post(nil, m, nil)
	if err != nil {
		return Result{}, err
	}
	return Result{MessageID: own.id}, nil
}

// block needs a dialog: whether one can block a bot that one never started, and
// what it is told then, is not documented.
func (w *World) block(p *person, s Step) (Result, error) {
	a, err := w.first()
	if err != nil {
		return Result{}, err
	}
	d := a.dialogs[p.id]
	if d == nil || !d.started {
		return Result{}, fmt.Errorf("%s never started the bot", s.Who)
	}
	stopped := s.Do == "block"
	if d.blocked == stopped {
		return Result{}, nil
	}
	return Result{}, w.stop(a, p, stopped)
}

// rename is not told to anybody: bots find out when they next see the user.
func (w *World) rename(p *person, s Step) (Result, error) {
	if s.FirstName == "" {
		return Result{}, errors.New("a person needs a first name")
	}
	p.firstName, p.lastName = s.FirstName, s.LastName
	return Result{}, nil
}

func (w *World) takeName(p *person, s Step) (Result, error) {
	if err := w.checkName(s.Username, p); err != nil {
		return Result{}, err
	}
	w.setName(p, s.Username)
	return Result{}, nil
}

// delete leaves an account with an id, a hash and nothing else.
func (w *World) delete(p *person, _ Step) (Result, error) {
	w.setName(p, "")
	p.firstName, p.lastName, p.lang = "", "", ""
	p.deleted = true
	return Result{}, nil
}
