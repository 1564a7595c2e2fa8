package fakedc

import (
	"slices"

	"github.com/gotd/td/tg"
)

// message is something that was said. A supergroup has one id for it; in private
// chats and basic groups every account has its own.
type message struct {
	// id is the supergroup's, 0 elsewhere.
	id     int
	boxed  []boxed
	date   int
	edited int
	// from is not shown in a channel.
	from *person
	// chat is nil in a private chat; with is the human there, or the bot that
	// another bot has written to.
	chat *chat
	with *person
	// business is the connection that a bot has the message by; it is nobody's own
	// then, and with is the customer.
	business string
	// action is what a service message reports; it has no text then.
	action   *action
	text     string
	entities []StoredEntity
	media    *media
	// markup is an encoded ReplyMarkup.
	markup  []byte
	reply   *message
	forward *forward
	via     *person
	// topic is the thread of a forum that it is in, or 0.
	topic     int
	silent    bool
	noPreview bool
	reactions map[int64]string
	// look is how pushes carry the sender. Differences carry them in full.
	look look
	gone bool
}

// boxed is the id of a message in the box of an account.
type boxed struct {
	account *account
	id      int
}

// idFor is 0 when a does not have the message.
func (m *message) idFor(a *account) int {
	if m.chat != nil && m.chat.super {
		return m.id
	}
	for _, b := range m.boxed {
		if b.account == a {
			return b.id
		}
	}
	return 0
}

// storyID is the id by which a story calls the message.
func (m *message) storyID() int {
	if len(m.boxed) > 0 {
		return m.boxed[0].id
	}
	return m.id
}

// post says that it is a channel's, and nobody's in particular.
func (m *message) post() bool { return m.chat != nil && m.chat.broadcast }

// peer is the chat that a has the message in.
func (m *message) peer(a *account) tg.PeerClass {
	switch {
	case m.chat != nil:
		return m.chat.peer()
	case m.with == a.user:
		return &tg.PeerUser{UserID: m.from.id}
	}
	return &tg.PeerUser{UserID: m.with.id}
}

// StoredMessage is a message as the server keeps it.
type StoredMessage struct {
	ID int `json:"id"`
	// From is the key of who sent it. Bots are not shown that of a post.
	From   string `json:"from"`
	FromID int64  `json:"from_id"`
	Date   int    `json:"date"`
	Edited int    `json:"edited,omitempty"`
	Text   string `json:"text,omitempty"`
	// Entities are what was kept and what the server found in the text.
	Entities []StoredEntity `json:"entities,omitempty"`
	ReplyTo  int            `json:"reply_to,omitempty"`
	// Topic is the thread of a forum that it is in.
	Topic int `json:"topic,omitempty"`
	// Silent says that it makes no sound.
	Silent bool `json:"silent,omitempty"`
	// NoPreview says that no preview of a link is shown.
	NoPreview bool `json:"no_preview,omitempty"`
	// Action is what a service message reports, such as "join".
	Action string `json:"action,omitempty"`
	// Media is "contact", "poll", "photo" or "document".
	Media string `json:"media,omitempty"`
	// ForwardFrom is the key of whom it was forwarded from, if they let it be known.
	ForwardFrom string `json:"forward_from,omitempty"`
}

func (w *World) stored(m *message) StoredMessage {
	s := StoredMessage{
		ID: m.storyID(), From: m.from.key, FromID: m.from.id, Date: m.date, Edited: m.edited,
		Text: m.text, Entities: slices.Clone(m.entities), Topic: m.topic, Silent: m.silent, NoPreview: m.noPreview,
	}
	if m.reply != nil {
		s.ReplyTo = m.reply.storyID()
	}
	if m.action != nil {
		s.Action = m.action.Name
	}
	if m.media != nil {
		s.Media = m.media.name()
	}
	if m.forward != nil {
		if p := w.people[m.forward.From]; p != nil {
			s.ForwardFrom = p.key
		} else {
			s.ForwardFrom = m.forward.Chat
		}
	}
	return s
}

// Messages returns what was said in a chat, oldest first. The key of a person
// stands for their private chat with the first bot.
func (w *World) Messages(key string) []StoredMessage {
	w.mu.Lock()
	defer w.mu.Unlock()
	kept := w.kept(key)
	list := make([]StoredMessage, 0, len(kept))
	for _, m := range kept {
		list = append(list, w.stored(m))
	}
	return list
}

func (w *World) kept(key string) []*message {
	var all []*message
	if c := w.chat(key); c != nil {
		all = c.messages
	} else if p := w.keyed[key]; p != nil && len(w.bots) > 0 {
		if d := w.bots[0].dialogs[p.id]; d != nil {
			all = d.messages
		}
	}
	kept := make([]*message, 0, len(all))
	for _, m := range all {
		if !m.gone {
			kept = append(kept, m)
		}
	}
	return kept
}
