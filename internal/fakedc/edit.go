package fakedc

import (
	"context"
	"fmt"
	"reflect"
	"slices"

	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"
)

// edit lets somebody change what they wrote.
func (w *World) edit(p *person, s Step) (Result, error) {
	m, err := w.own(p, s)
	if err != nil {
		return Result{}, err
	}
	text, entities := trim(s.Text, w.mention(s))
	if text == "" && m.media == nil {
		return Result{}, fmt.Errorf("nothing to say")
	}
	m.text, m.entities = text, withFound(text, entities)
	if _, err := w.edited(nil, m, nil); err != nil {
		return Result{}, err
	}
	return Result{MessageID: s.Message}, nil
}

func (w *World) edited(a *account, m *message, except *session) (event, error) {
	m.edited = w.date()
	ev := event{what: whatEdit, date: m.edited, message: m}
	if a == nil && len(m.boxed) > 0 {
		a = m.boxed[0].account
	}
	return w.spread(a, m, ev, except)
}

// retract lets somebody delete what they wrote, for everybody.
func (w *World) retract(p *person, s Step) (Result, error) {
	m, err := w.own(p, s)
	if err != nil {
		return Result{}, err
	}
	if m.chat != nil && m.chat.super {
		_, err := w.removeFrom(m.chat, []int{m.id}, nil)
		return Result{}, err
	}
	for _, b := range slices.Clone(m.boxed) {
		if _, err := w.removeOwn(b.account, []*message{m}, nil); err != nil {
			return Result{}, err
		}
	}
	return Result{}, nil
}

// own is a message that p may change: their own, or any post of a channel that they
// may edit.
func (w *World) own(p *person, s Step) (*message, error) {
	m, err := w.find(p, s.Chat, s.Message)
	if err != nil {
		return nil, err
	}
	if m.from != p && (!m.post() || !m.chat.may(p, rightEdit)) {
		return nil, fmt.Errorf("message %d is not %s's", s.Message, s.Who)
	}
	return m, nil
}

// find is a message by the number that a story has for it: the supergroup's, or
// the first bot's.
func (w *World) find(p *person, key string, id int) (*message, error) {
	c := w.chat(key)
	for _, m := range w.kept(keyOr(key, p.key)) {
		if m.storyID() == id && (c == nil || c.has(p)) {
			return m, nil
		}
	}
	return nil, fmt.Errorf("%s sees no message %d there", p.key, id)
}

func keyOr(key, private string) string {
	if key == "" || key == "bot" {
		return private
	}
	return key
}

// editMessage changes what the bot has sent, or a post of a channel that it may
// edit.
//
// See https://core.telegram.org/method/messages.editMessage.
func (w *World) editMessage(ctx context.Context, r *tg.MessagesEditMessageRequest) (tg.UpdatesClass, error) {
	who := callerOf(ctx)
	a := who.bot
	w.mu.Lock()
	defer w.mu.Unlock()
	p, c, err := w.target(a, r.Peer)
	if err != nil {
		return nil, err
	}
	m := w.inPlace(a, p, c, r.ID)
	switch {
	case m == nil, m.action != nil:
		return nil, tgerr.New(400, "MESSAGE_ID_INVALID")
	case m.from != a.user && (!m.post() || !c.may(a.user, rightEdit)), m.forward != nil:
		return nil, tgerr.New(403, "MESSAGE_AUTHOR_REQUIRED")
	case r.Media != nil && m.media != nil && m.media.Poll != nil:
		return nil, tgerr.New(400, "MEDIA_PREV_INVALID")
	}
	text, entities, media := m.text, m.entities, m.media
	if r.Media != nil {
		// What is not media, and polls, cannot take the place of anything.
		if media, err = w.input(a, r.Media); err != nil || media.Poll != nil || media.Contact != nil {
			return nil, tgerr.New(400, "MEDIA_NEW_INVALID")
		}
	}
	if _, ok := r.GetMessage(); ok {
		if text, entities, err = w.content(a, p, c, r.Message, r.Entities); err != nil {
			return nil, err
		}
		if text == "" && media == nil {
			return nil, tgerr.New(400, "MESSAGE_EMPTY")
		}
		if media != nil && units(text) > longestCaption {
			return nil, tgerr.New(400, "MEDIA_CAPTION_TOO_LONG")
		}
	}
	// Buttons that are not named are taken away.
	markup, err := w.markup(a, r.ReplyMarkup)
	if err != nil {
		return nil, err
	}
	if media == m.media && text == m.text && slices.Equal(markup, m.markup) &&
		(len(entities)+len(m.entities) == 0 || reflect.DeepEqual(entities, m.entities)) {
		return nil, tgerr.New(400, "MESSAGE_NOT_MODIFIED")
	}
	m.text, m.entities, m.markup, m.media = text, entities, markup, media
	ev, err := w.edited(a, m, who.ses)
	if err != nil {
		return nil, err
	}
	if c != nil && c.super {
		who.ses.key.tell(c.id, ev.seq)
	}
	x := newAnswer()
	x.add(w, a, ev)
	return x.tg(w, a), nil
}
