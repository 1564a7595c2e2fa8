package fakedc

import (
	"context"
	"fmt"

	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"
)

// requestWindow is for how many seconds a bot may write to somebody who asked to
// join. It used to be a day.
//
// See https://core.telegram.org/bots/api#chatjoinrequest.
const requestWindow = 300

// request is of somebody who asked to join a chat.
type request struct {
	Date  int    `json:"date"`
	About string `json:"about,omitempty"`
}

// window says whether p waits to be let into a chat where a may decide, and has
// not waited too long.
func (w *World) window(a *account, p *person) bool {
	for _, c := range w.chats {
		r, asks := c.requests[p.id]
		if asks && c.may(a.user, rightInvite) && w.date()-r.Date < requestWindow {
			return true
		}
	}
	return false
}

// ask is told to the bots that may decide.
//
// See https://core.telegram.org/constructor/updateBotChatInviteRequester.
func (w *World) ask(p *person, s Step) (Result, error) {
	c := w.chat(s.Chat)
	if c == nil || c.has(p) || w.kicked(c, p) {
		return Result{}, fmt.Errorf("%s cannot ask to join %q", s.Who, s.Chat)
	}
	c.requests[p.id] = request{Date: w.date(), About: s.Text}
	for _, a := range w.bots {
		if !c.may(a.user, rightInvite) {
			continue
		}
		if err := w.note(a, event{what: whatRequest, more: &detail{user: p, chat: c, about: s.Text}}); err != nil {
			return Result{}, err
		}
	}
	return Result{}, nil
}

// answerRequest lets an admin approve or decline.
func (w *World) answerRequest(p *person, s Step) (Result, error) {
	c, whom := w.chat(s.Chat), w.keyed[s.Other]
	if c == nil || !c.may(p, rightInvite) {
		return Result{}, fmt.Errorf("%s may not do that in %q", s.Who, s.Chat)
	}
	if whom == nil {
		return Result{}, fmt.Errorf("nobody is called %q", s.Other)
	}
	if _, asks := c.requests[whom.id]; !asks {
		return Result{}, fmt.Errorf("%s has not asked", s.Other)
	}
	m, _, err := w.settle(p, whom, c, s.Do == "approve", nil)
	if err != nil || m == nil {
		return Result{}, err
	}
	return Result{MessageID: m.storyID()}, nil
}

// settle ends a request.
func (w *World) settle(by, whom *person, c *chat, approved bool, bot *account) (*message, event, error) {
	delete(c.requests, whom.id)
	if !approved {
		return nil, event{}, nil
	}
	c.add(whom, w.date()).Inviter = by.id
	if err := w.tellMember(c, whom, by, nil); err != nil || c.broadcast {
		return nil, event{}, err
	}
	m := &message{from: whom, chat: c, action: &action{Name: "approve"}}
	ev, err := w.post(bot, m, nil)
	return m, ev, err
}

// hideJoinRequest is how a bot approves or declines.
//
// See https://core.telegram.org/method/messages.hideChatJoinRequest.
func (w *World) hideJoinRequest(ctx context.Context, r *tg.MessagesHideChatJoinRequestRequest) (tg.UpdatesClass, error) {
	a := callerOf(ctx).bot
	w.mu.Lock()
	defer w.mu.Unlock()
	_, c, err := w.place(a, r.Peer)
	if err != nil {
		return nil, err
	}
	if c == nil {
		return nil, tgerr.New(400, "PEER_ID_INVALID")
	}
	p, err := w.somebody(a, r.UserID, "USER_ID_INVALID")
	switch {
	case err != nil:
		return nil, err
	case !c.may(a.user, rightInvite):
		return nil, tgerr.New(400, "CHAT_ADMIN_REQUIRED")
	case c.has(p):
		return nil, tgerr.New(400, "USER_ALREADY_PARTICIPANT")
	}
	if _, asks := c.requests[p.id]; !asks {
		return nil, tgerr.New(400, "HIDE_REQUESTER_MISSING")
	}
	if _, _, err := w.settle(a.user, p, c, r.Approved, a); err != nil {
		return nil, err
	}
	// The message that is made comes as a push.
	x := newAnswer()
	x.refs.person(p, lookFull)
	x.refs.chat(c)
	return x.tg(w, a), nil
}

// invite is by what somebody asked to join.
//
// See https://core.telegram.org/type/ExportedChatInvite.
func (w *World) invite(c *chat) tg.ExportedChatInviteClass {
	if c.username != "" {
		return &tg.ChatInvitePublicJoinRequests{}
	}
	return &tg.ChatInviteExported{
		Link: fmt.Sprintf("https://t.me/+%016x", uint64(w.hash(0, kindInvite, c.id))), RequestNeeded: true, Permanent: true,
		AdminID: c.creator(), Date: c.date,
	}
}
