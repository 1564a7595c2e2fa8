package fakedc

import (
	"errors"
	"fmt"

	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"
)

// topic is a thread of a forum. Its id is that of the message that began it; the
// thread that is there from the beginning is called General and has the id 1, which
// no message in it bears.
//
// See https://core.telegram.org/api/forum.
type topic struct {
	Title  string `json:"title"`
	By     int64  `json:"by"`
	Closed bool   `json:"closed,omitempty"`
	Gone   bool   `json:"gone,omitempty"`
}

const generalTopic = 1

// editTopic lets a member begin a topic; with Message, an admin or who has begun it
// closes it, opens it again, or takes it away with all that was said.
func (w *World) editTopic(p *person, s Step) (Result, error) {
	c := w.chat(s.Chat)
	if c == nil || !c.forum || !c.has(p) {
		return Result{}, fmt.Errorf("%s is not in a forum called %q", s.Who, s.Chat)
	}
	if s.Message == 0 {
		return w.beginTopic(p, c, s.Text)
	}
	t := c.topics[s.Message]
	if t == nil || t.Gone || t.By != p.id && !c.may(p, rightTopics) {
		return Result{}, fmt.Errorf("%s cannot change topic %d of %q", s.Who, s.Message, s.Chat)
	}
	if s.Drop {
		t.Gone = true
		var ids []int
		for _, m := range c.messages {
			if !m.gone && (m.topic == s.Message || m.id == s.Message) {
				ids = append(ids, m.id)
			}
		}
		_, err := w.removeFrom(c, ids, nil)
		return Result{}, err
	}
	t.Closed = s.Off
	closed := s.Off
	m := &message{from: p, chat: c, topic: s.Message, action: &action{Name: "edit_topic", Closed: &closed}}
	_, err := w.post(nil, m, nil)
	return Result{MessageID: m.id}, err
}

func (w *World) beginTopic(p *person, c *chat, title string) (Result, error) {
	if title == "" {
		return Result{}, errors.New("a topic needs a text")
	}
	m := &message{from: p, chat: c, action: &action{Name: "topic", Title: title}}
	if _, err := w.post(nil, m, nil); err != nil {
		return Result{}, err
	}
	if c.topics == nil {
		c.topics = map[int]*topic{}
	}
	c.topics[m.id] = &topic{Title: title, By: p.id}
	return Result{MessageID: m.id}, nil
}

// topicOf is the thread that a message belongs to when it answers reply, or is
// written straight into top.
func (c *chat) topicOf(top int, reply *message) int {
	switch {
	case !c.forum:
		return 0
	case top == generalTopic, top == 0 && reply == nil:
		return 0
	case top != 0:
		return top
	case c.topics[reply.id] != nil:
		return reply.id
	}
	return reply.topic
}

// enter says why p may not write in a topic. 0 is General.
func (c *chat) enter(p *person, id int) error {
	if id == 0 {
		return nil
	}
	switch t := c.topics[id]; {
	case t == nil:
		return tgerr.New(400, "REPLY_MESSAGE_ID_INVALID")
	case t.Gone:
		return tgerr.New(406, "TOPIC_DELETED")
	case t.Closed && t.By != p.id && !c.may(p, rightTopics):
		return tgerr.New(406, "TOPIC_CLOSED")
	}
	return nil
}

// thread is what a message says of the one that it answers, and of its topic.
//
// See https://core.telegram.org/constructor/messageReplyHeader.
func (m *message) thread(viewer *account) *tg.MessageReplyHeader {
	replies := m.reply != nil && !m.reply.gone
	if !replies && m.topic == 0 {
		return nil
	}
	h := &tg.MessageReplyHeader{ForumTopic: m.topic != 0}
	switch {
	case replies && m.reply.id != m.topic:
		h.SetReplyToMsgID(m.reply.idFor(viewer))
		if m.topic != 0 {
			h.SetReplyToTopID(m.topic)
		}
	case m.topic != 0:
		h.SetReplyToMsgID(m.topic)
	default:
		h.SetReplyToMsgID(m.reply.idFor(viewer))
	}
	return h
}

// forwardedInto is the topic that forwarded messages go to.
func (c *chat) forwardedInto(a *account, top int) (int, error) {
	if c == nil || !c.forum {
		return 0, nil
	}
	top = c.topicOf(top, nil)
	return top, c.enter(a.user, top)
}
