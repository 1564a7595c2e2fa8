package fakedc

import (
	"github.com/gotd/td/tg"
)

// message is a message as one account has it, or as a supergroup has it.
type message struct {
	id   int
	date int
	from *person
	// chat is nil in a private chat; with is the human there.
	chat *chat
	with *person
	// action is what a service message reports; it has no text then.
	action   action
	subject  *person
	text     string
	entities []StoredEntity
	replyTo  int
	// min says that pushes carry the sender as a min object. Differences do not.
	min bool
}

type action byte

const (
	actionNone action = iota
	actionJoin
	actionLeave
)

// StoredMessage is a message as the server keeps it.
type StoredMessage struct {
	ID int `json:"id"`
	// From is the key of who sent it.
	From   string `json:"from"`
	FromID int64  `json:"from_id"`
	Date   int    `json:"date"`
	Text   string `json:"text,omitempty"`
	// Entities are what was kept and what the server found in the text.
	Entities []StoredEntity `json:"entities,omitempty"`
	ReplyTo  int            `json:"reply_to,omitempty"`
	// Action is "join" or "leave" in a service message.
	Action string `json:"action,omitempty"`
}

func (m *message) stored() StoredMessage {
	return StoredMessage{
		ID: m.id, From: m.from.key, FromID: m.from.id, Date: m.date,
		Text: m.text, Entities: append([]StoredEntity(nil), m.entities...), ReplyTo: m.replyTo,
		Action: [...]string{"", "join", "leave"}[m.action],
	}
}

// Messages returns what was said in a chat, oldest first. The key of a person
// stands for their private chat with the first bot.
func (w *World) Messages(key string) []StoredMessage {
	w.mu.Lock()
	defer w.mu.Unlock()
	kept := w.kept(key)
	list := make([]StoredMessage, 0, len(kept))
	for _, m := range kept {
		list = append(list, m.stored())
	}
	return list
}

func (w *World) kept(key string) []*message {
	if c := w.chat(key); c != nil {
		return c.messages
	}
	p := w.keyed[key]
	if p == nil || len(w.bots) == 0 {
		return nil
	}
	if d := w.bots[0].dialogs[p.id]; d != nil {
		return d.messages
	}
	return nil
}

// tg builds the message that viewer gets to see.
func (m *message) tg(viewer *account) tg.MessageClass {
	var (
		peer tg.PeerClass
		from tg.PeerClass
		out  = m.from == viewer.user
	)
	if m.chat != nil {
		peer, from = m.chat.peer(), &tg.PeerUser{UserID: m.from.id}
	} else {
		peer = &tg.PeerUser{UserID: m.with.id}
		// In private, Telegram leaves out the sender of what comes in: it is the peer.
		if out {
			from = &tg.PeerUser{UserID: m.from.id}
		}
	}
	if m.action != actionNone {
		x := &tg.MessageService{ID: m.id, PeerID: peer, Date: m.date, Out: out}
		x.SetFromID(&tg.PeerUser{UserID: m.from.id})
		if m.action == actionJoin {
			x.Action = &tg.MessageActionChatAddUser{Users: []int64{m.subject.id}}
		} else {
			x.Action = &tg.MessageActionChatDeleteUser{UserID: m.subject.id}
		}
		return x
	}
	x := &tg.Message{ID: m.id, PeerID: peer, Date: m.date, Out: out, Message: m.text}
	if from != nil {
		x.SetFromID(from)
	}
	if m.replyTo != 0 {
		h := &tg.MessageReplyHeader{}
		h.SetReplyToMsgID(m.replyTo)
		x.SetReplyTo(h)
	}
	if len(m.entities) > 0 {
		list := make([]tg.MessageEntityClass, len(m.entities))
		for i, e := range m.entities {
			list[i] = e.tg()
		}
		x.SetEntities(list)
		for _, e := range m.entities {
			x.Mentioned = x.Mentioned || !out && e.UserID == viewer.user.id
		}
	}
	return x
}
