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
	case "edit":
		return (*World).edit
	case "retract":
		return (*World).retract
	case "forward":
		return (*World).forwardStep
	case "contact":
		return (*World).shareContact
	case "share_peer":
		return (*World).sharePeer
	case "allow":
		return (*World).allow
	case "block", "unblock":
		return (*World).block
	case "join", "leave":
		return (*World).move
	case "add", "remove":
		return (*World).moveOther
	case "promote":
		return (*World).promote
	case "ban", "restrict":
		return (*World).banStep
	case "business":
		return (*World).connectBusiness
	case "business_write", "business_edit", "business_retract":
		return (*World).writeBusiness
	case "boost":
		return (*World).boost
	case "guest":
		return (*World).askGuest
	case "whisper":
		return (*World).whisper
	case "slowmode":
		return (*World).slowMode
	case "topic":
		return (*World).editTopic
	case "ask":
		return (*World).ask
	case "approve", "decline":
		return (*World).answerRequest
	case "press":
		return (*World).press
	case "inline":
		return (*World).askInline
	case "choose":
		return (*World).choose
	case "react":
		return (*World).react
	case "vote":
		return (*World).vote
	case "rename":
		return (*World).rename
	case "username":
		return (*World).takeName
	case "buy":
		return (*World).buyName
	case "give_up":
		return (*World).giveUpName
	case "language", "premium", "privacy", "photo", "bot_to_bot", "group_privacy":
		return (*World).changeProfile
	case "token":
		return (*World).revoke
	case "delete":
		return (*World).delete
	}
	return nil
}

// botOf is the bot that a private step is about: the one it names, or the first.
func (w *World) botOf(s Step) (*account, error) {
	if s.Bot != "" {
		p := w.keyed[s.Bot]
		if p == nil || p.bot == nil {
			return nil, fmt.Errorf("no bot is called %q", s.Bot)
		}
		return p.bot, nil
	}
	if len(w.bots) == 0 {
		return nil, errors.New("there is no bot")
	}
	return w.bots[0], nil
}

func (w *World) start(p *person, s Step) (Result, error) {
	return w.write(p, Step{Bot: s.Bot, Text: strings.TrimSpace("/start " + s.Payload)})
}

func (w *World) write(p *person, s Step) (Result, error) {
	var m message
	m.text, m.entities = trim(s.Text, w.mention(s))
	m.entities = withFound(m.text, m.entities)
	if m.text == "" {
		return Result{}, errors.New("nothing to say")
	}
	return w.say(p, s, m)
}

// say sends m to where the step says.
func (w *World) say(p *person, s Step, m message) (Result, error) { return w.sayAs(p, s, &m) }

func (w *World) sayAs(p *person, s Step, m *message) (Result, error) {
	m.from, m.look = p, s.look()
	var a *account
	if s.Chat == "" || s.Chat == "bot" {
		var err error
		if a, err = w.botOf(s); err != nil {
			return Result{}, err
		}
		if err := w.open(a, p); err != nil {
			return Result{}, err
		}
		m.with = p
	} else if m.chat = w.chat(s.Chat); m.chat == nil || !m.chat.has(p) {
		return Result{}, fmt.Errorf("%s is not in a chat called %q", s.Who, s.Chat)
	} else if m.chat.broadcast && !m.chat.may(p, rightPost) {
		return Result{}, fmt.Errorf("%s may not write in %q", s.Who, s.Chat)
	} else if w.muted(m.chat, p) {
		return Result{}, fmt.Errorf("%s is banned from writing in %q", s.Who, s.Chat)
	}
	if s.Reply != 0 {
		var err error
		if m.reply, err = w.find(p, s.Chat, s.Reply); err != nil {
			return Result{}, err
		}
	}
	if m.chat != nil {
		if n := w.early(m.chat, p); n > 0 {
			return Result{}, fmt.Errorf("%s has to wait %d seconds in %q", s.Who, n, s.Chat)
		}
		m.topic = m.chat.topicOf(s.Topic, m.reply)
		if err := m.chat.enter(p, m.topic); err != nil {
			return Result{}, err
		}
	}
	if _, err := w.post(a, m, nil); err != nil {
		return Result{}, err
	}
	w.spoken(m.chat, p)
	return Result{MessageID: m.storyID()}, nil
}

func (s Step) look() look {
	switch {
	case s.FullHash:
		return lookVirtual
	case s.Min:
		return lookMin
	}
	return lookFull
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
