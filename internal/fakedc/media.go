package fakedc

import (
	"context"
	"slices"

	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"
)

// media is what a message has beside its text: one of these.
type media struct {
	Contact  *contact `json:"contact,omitempty"`
	Poll     *poll    `json:"poll,omitempty"`
	Photo    int64    `json:"photo,omitempty"`
	Document int64    `json:"document,omitempty"`
}

// contact is a card: a name, a phone number and, where there is one, a user's id.
type contact struct {
	Phone     string `json:"phone"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name,omitempty"`
	UserID    int64  `json:"user_id,omitempty"`
}

func (m *media) name() string {
	switch {
	case m.Contact != nil:
		return "contact"
	case m.Poll != nil:
		return "poll"
	case m.Photo != 0:
		return "photo"
	}
	return "document"
}

// copy shares what does not change. Votes are counted where the poll was sent.
func (m *media) copy() *media {
	if m == nil || m.Poll == nil {
		return m
	}
	return &media{Poll: &poll{
		ID: m.Poll.ID, Question: m.Poll.Question, Answers: slices.Clone(m.Poll.Answers),
		Public: m.Poll.Public, Multiple: m.Poll.Multiple, Quiz: m.Poll.Quiz,
	}}
}

// tg builds the media of a message.
//
// See https://core.telegram.org/type/MessageMedia.
func (m *media) tg(w *World, viewer *account, in *message) tg.MessageMediaClass {
	switch {
	case m.Contact != nil:
		return &tg.MessageMediaContact{
			PhoneNumber: m.Contact.Phone, FirstName: m.Contact.FirstName, LastName: m.Contact.LastName,
			UserID: m.Contact.UserID,
		}
	case m.Poll != nil:
		return m.Poll.tg(in.from == viewer.user)
	case m.Photo != 0:
		x := &tg.MessageMediaPhoto{}
		x.SetPhoto(w.files[m.Photo].photo(w, viewer))
		return x
	}
	x := &tg.MessageMediaDocument{}
	x.SetDocument(w.files[m.Document].document(w, viewer))
	return x
}

// longestCaption is in UTF-16 code units.
const longestCaption = 1024

// sendMedia sends files that were uploaded, contacts and polls.
//
// See https://core.telegram.org/method/messages.sendMedia.
func (w *World) sendMedia(ctx context.Context, r *tg.MessagesSendMediaRequest) (tg.UpdatesClass, error) {
	who := callerOf(ctx)
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.send(who, r.Peer, r.RandomID, r.ScheduleDate, func(m *message) error {
		var err error
		if m.text, m.entities, err = w.content(who.bot, m.with, m.chat, r.Message, r.Entities); err != nil {
			return err
		}
		if units(m.text) > longestCaption {
			return tgerr.New(400, "MEDIA_CAPTION_TOO_LONG")
		}
		if m.markup, err = w.markup(who.bot, r.ReplyMarkup); err != nil {
			return err
		}
		m.silent = r.Silent
		if err := w.replyTo(who.bot, m, r.ReplyTo); err != nil {
			return err
		}
		m.media, err = w.input(who.bot, r.Media)
		return err
	})
}

func (w *World) input(a *account, in tg.InputMediaClass) (*media, error) {
	switch in := in.(type) {
	case *tg.InputMediaUploadedDocument:
		f, err := w.uploaded(a, in.File)
		if err != nil {
			return nil, err
		}
		return &media{Document: f.ID}, f.describe(in)
	case *tg.InputMediaUploadedPhoto:
		f, err := w.uploaded(a, in.File)
		if err != nil {
			return nil, err
		}
		return &media{Photo: f.ID}, f.measure()
	case *tg.InputMediaDocument:
		if id, ok := in.ID.(*tg.InputDocument); ok && w.opens(a, id.ID, id.AccessHash) {
			return &media{Document: id.ID}, nil
		}
		return nil, tgerr.New(400, "MEDIA_INVALID")
	case *tg.InputMediaPhoto:
		if id, ok := in.ID.(*tg.InputPhoto); ok && w.opens(a, id.ID, id.AccessHash) {
			return &media{Photo: id.ID}, nil
		}
		return nil, tgerr.New(400, "MEDIA_INVALID")
	case *tg.InputMediaContact:
		return &media{Contact: &contact{Phone: in.PhoneNumber, FirstName: in.FirstName, LastName: in.LastName}}, nil
	case *tg.InputMediaPoll:
		return w.newPoll(in)
	case *tg.InputMediaEmpty:
		return nil, tgerr.New(400, "MEDIA_EMPTY")
	}
	return nil, tgerr.New(400, "MEDIA_INVALID")
}
