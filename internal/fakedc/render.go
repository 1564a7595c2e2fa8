package fakedc

import (
	"fmt"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/tg"
)

// tg builds the message that viewer gets to see.
//
// See https://core.telegram.org/constructor/message.
func (m *message) tg(w *World, viewer *account) tg.MessageClass {
	id, out := m.idFor(viewer), m.from == viewer.user
	var from tg.PeerClass
	// In private, Telegram leaves out the sender of what comes in: it is the peer.
	// A post has none.
	if !m.post() && (m.chat != nil || out || m.action != nil) {
		from = &tg.PeerUser{UserID: m.from.id}
	}
	if m.action != nil {
		x := &tg.MessageService{ID: id, PeerID: m.peer(viewer), Date: m.date, Out: out, Action: m.action.tg()}
		if from != nil {
			x.SetFromID(from)
		}
		if h := m.thread(viewer); h != nil {
			x.SetReplyTo(h)
		}
		return x
	}
	x := &tg.Message{ID: id, PeerID: m.peer(viewer), Date: m.date, Out: out, Silent: m.silent, Message: m.text}
	if from != nil {
		x.SetFromID(from)
	}
	if m.post() {
		x.Post = true
		x.SetViews(1)
	}
	if m.edited != 0 {
		x.SetEditDate(m.edited)
	}
	if m.via != nil {
		x.SetViaBotID(m.via.id)
	}
	if h := m.thread(viewer); h != nil {
		x.SetReplyTo(h)
	}
	if m.forward != nil {
		x.SetFwdFrom(m.forward.tg(w))
	}
	if m.media != nil {
		x.SetMedia(m.media.tg(w, viewer, m))
	}
	if len(m.markup) > 0 {
		if markup, err := tg.DecodeReplyMarkup(&bin.Buffer{Buf: m.markup}); err == nil {
			x.SetReplyMarkup(markup)
		}
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

// action is what a service message reports. People are ids, so that it can be
// stored as it is.
type action struct {
	Name    string `json:"name"`
	Subject int64  `json:"subject,omitempty"`
	Inviter int64  `json:"inviter,omitempty"`
	// Reason, Domain and App say how the bot was allowed to write.
	Reason string `json:"reason,omitempty"`
	Domain string `json:"domain,omitempty"`
	App    string `json:"app,omitempty"`
	// Button and Peers are of a peer that the bot has requested.
	Button int     `json:"button,omitempty"`
	Peers  []asked `json:"peers,omitempty"`
	// Title is a topic's, and Closed what became of one.
	Title  string `json:"title,omitempty"`
	Closed *bool  `json:"closed,omitempty"`
}

// asked is somebody who was shared with a bot: an id and perhaps a name, but never
// an access hash.
type asked struct {
	ID        int64  `json:"id"`
	FirstName string `json:"first_name,omitempty"`
	LastName  string `json:"last_name,omitempty"`
	Username  string `json:"username,omitempty"`
}

func (a *action) tg() tg.MessageActionClass {
	switch a.Name {
	case "join", "add":
		return &tg.MessageActionChatAddUser{Users: []int64{a.Subject}}
	case "approve":
		return &tg.MessageActionChatJoinedByRequest{}
	case "leave":
		return &tg.MessageActionChatDeleteUser{UserID: a.Subject}
	case "create":
		return &tg.MessageActionChannelCreate{Title: a.Title}
	case "topic":
		return &tg.MessageActionTopicCreate{Title: a.Title, IconColor: 0x6FB9F0}
	case "edit_topic":
		x := &tg.MessageActionTopicEdit{}
		x.SetClosed(*a.Closed)
		return x
	case "allow":
		return a.allowed()
	case "share_peer":
		x := &tg.MessageActionRequestedPeerSentMe{ButtonID: a.Button}
		for _, p := range a.Peers {
			peer := &tg.RequestedPeerUser{UserID: p.ID}
			if p.FirstName != "" {
				peer.SetFirstName(p.FirstName)
				peer.SetLastName(p.LastName)
			}
			if p.Username != "" {
				peer.SetUsername(p.Username)
			}
			x.Peers = append(x.Peers, peer)
		}
		return x
	}
	panic(fmt.Sprintf("fakedc: no action is called %q", a.Name))
}

// allowed has one of the four reasons.
//
// See https://core.telegram.org/constructor/messageActionBotAllowed.
func (a *action) allowed() tg.MessageActionClass {
	x := &tg.MessageActionBotAllowed{}
	switch a.Reason {
	case "from_request":
		x.FromRequest = true
	case "attach_menu":
		x.AttachMenu = true
	case "domain":
		x.SetDomain(a.Domain)
	case "app":
		x.SetApp(&tg.BotApp{ShortName: a.App, Title: a.App, Photo: &tg.PhotoEmpty{}})
	}
	return x
}
