package fakedc

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"
)

// ban is what somebody may not do in a supergroup or channel: be there at all, or
// write there.
//
// See https://core.telegram.org/api/rights.
type ban struct {
	By   int64 `json:"by"`
	Date int   `json:"date"`
	// Until is when it ends; 0 is never.
	Until int `json:"until,omitempty"`
	// Kicked says that they may not be there.
	Kicked bool `json:"kicked,omitempty"`
	// Muted says that they may not write there.
	Muted bool `json:"muted,omitempty"`
	// Rights is an encoded ChatBannedRights.
	Rights []byte `json:"rights"`
}

func newBan(by *person, date int, rights tg.ChatBannedRights) *ban {
	var b bin.Buffer
	put(&b, &rights)
	return &ban{
		By: by.id, Date: date, Until: rights.UntilDate,
		Kicked: rights.ViewMessages, Muted: rights.ViewMessages || rights.SendMessages || rights.SendPlain, Rights: b.Buf,
	}
}

func (b *ban) tg() tg.ChatBannedRights {
	var x tg.ChatBannedRights
	_ = x.Decode(&bin.Buffer{Buf: b.Rights})
	return x
}

// banned is what p may not do in c, or nil. A ban that has ended is gone.
func (w *World) banned(c *chat, p *person) *ban {
	b := c.bans[p.id]
	if b == nil || b.Until == 0 || w.date() < b.Until {
		return b
	}
	delete(c.bans, p.id)
	return nil
}

// kicked says whether p may not be in c.
func (w *World) kicked(c *chat, p *person) bool {
	b := w.banned(c, p)
	return b != nil && b.Kicked
}

// muted says whether p may not write in c.
func (w *World) muted(c *chat, p *person) bool {
	b := w.banned(c, p)
	return b != nil && b.Muted
}

// banStep lets an admin ban somebody, or take from them the right to write.
func (w *World) banStep(p *person, s Step) (Result, error) {
	c, whom := w.chat(s.Chat), w.keyed[s.Other]
	until, err := durationOf(s.For)
	switch {
	case err != nil:
		return Result{}, err
	case whom == nil:
		return Result{}, fmt.Errorf("nobody is called %q", s.Other)
	case c == nil, !c.super, !c.may(p, rightBan), c.admin(whom) && !c.may(p, rightPromote), c.creator() == whom.id:
		return Result{}, fmt.Errorf("%s cannot %s %s in %q", s.Who, s.Do, s.Other, s.Chat)
	}
	var rights tg.ChatBannedRights
	if !s.Off {
		rights = tg.ChatBannedRights{ViewMessages: s.Do == "ban", SendMessages: true, SendPlain: true, SendMedia: true}
		if until > 0 {
			rights.UntilDate = w.date() + int(until.Seconds())
		}
	}
	m, err := w.setBan(c, whom, p, rights)
	if err != nil || m == nil {
		return Result{}, err
	}
	return Result{MessageID: m.storyID()}, nil
}

// setBan replaces what somebody may not do. Who is kicked out of a group leaves a
// message behind.
func (w *World) setBan(c *chat, whom, by *person, rights tg.ChatBannedRights) (*message, error) {
	bar := w.banned(c, whom)
	was := c.snapshot(whom)
	if rights.Zero() {
		if bar == nil {
			return nil, nil
		}
		delete(c.bans, whom.id)
		return nil, w.tellMember(c, whom, by, was)
	}
	c.bans[whom.id] = newBan(by, w.date(), rights)
	if m := c.member(whom); m != nil {
		m.Rights, m.Promoter = 0, 0
	}
	if !rights.ViewMessages || !c.has(whom) {
		return nil, w.tellMember(c, whom, by, was)
	}
	c.remove(whom)
	if err := w.tellMember(c, whom, by, was); err != nil || c.broadcast {
		return nil, err
	}
	m := &message{from: by, chat: c, action: &action{Name: "leave", Subject: whom.id}}
	_, err := w.post(nil, m, nil)
	return m, err
}

// bannedList are those who are kicked, or those who are only restricted, by id.
func (w *World) bannedList(c *chat, kicked bool) (list []*person) {
	for _, id := range slices.Sorted(maps.Keys(c.bans)) {
		if b := w.banned(c, w.people[id]); b != nil && b.Kicked == kicked {
			list = append(list, w.people[id])
		}
	}
	return list
}

// editBanned is how a bot bans, restricts and forgives.
//
// See https://core.telegram.org/method/channels.editBanned.
func (w *World) editBanned(ctx context.Context, r *tg.ChannelsEditBannedRequest) (tg.UpdatesClass, error) {
	a := callerOf(ctx).bot
	w.mu.Lock()
	defer w.mu.Unlock()
	c, err := w.inputChannel(a, r.Channel)
	if err != nil {
		return nil, err
	}
	p, err := w.participant(a, r.Participant)
	switch {
	case err != nil:
		return nil, err
	case !c.may(a.user, rightBan):
		return nil, tgerr.New(403, "CHAT_ADMIN_REQUIRED")
	case c.admin(p):
		return nil, tgerr.New(400, "USER_ADMIN_INVALID")
	}
	// Dates that are past, or more than a year ahead, mean for ever.
	const year = 366 * 24 * 60 * 60
	if until := r.BannedRights.UntilDate - w.date(); until < 30 || until > year {
		r.BannedRights.UntilDate = 0
	}
	if _, err := w.setBan(c, p, a.user, r.BannedRights); err != nil {
		return nil, err
	}
	x := newAnswer()
	x.refs.person(p, lookFull)
	x.refs.chat(c)
	return x.tg(w, a), nil
}

// deleteChatUser takes somebody out of a basic group, the bot itself among them.
//
// See https://core.telegram.org/method/messages.deleteChatUser.
func (w *World) deleteChatUser(ctx context.Context, r *tg.MessagesDeleteChatUserRequest) (tg.UpdatesClass, error) {
	who := callerOf(ctx)
	a := who.bot
	w.mu.Lock()
	defer w.mu.Unlock()
	c := w.basic(a, r.ChatID)
	if c == nil {
		return nil, tgerr.New(400, "CHAT_ID_INVALID")
	}
	p, err := w.somebody(a, r.UserID, "USER_ID_INVALID")
	switch {
	case err != nil:
		return nil, err
	case !c.has(p):
		return nil, tgerr.New(400, "USER_NOT_PARTICIPANT")
	case p != a.user && (!c.may(a.user, rightBan) || c.admin(p)):
		return nil, tgerr.New(400, "CHAT_ADMIN_REQUIRED")
	}
	return w.takeOut(who, c, p)
}

// leaveChannel is for the bot itself.
//
// See https://core.telegram.org/method/channels.leaveChannel.
func (w *World) leaveChannel(ctx context.Context, in tg.InputChannelClass) (tg.UpdatesClass, error) {
	who := callerOf(ctx)
	w.mu.Lock()
	defer w.mu.Unlock()
	c, err := w.inputChannel(who.bot, in)
	switch {
	case err != nil:
		return nil, err
	case !c.has(who.bot.user):
		return nil, tgerr.New(400, "USER_NOT_PARTICIPANT")
	case c.creator() == who.bot.user.id:
		return nil, tgerr.New(400, "USER_CREATOR")
	}
	return w.takeOut(who, c, who.bot.user)
}

// takeOut ends a membership as a bot wants it. The message that is made comes as a
// push, and is not told to a bot that is out.
func (w *World) takeOut(who caller, c *chat, p *person) (tg.UpdatesClass, error) {
	if _, err := w.change(c, p, who.bot.user, false, Step{}); err != nil {
		return nil, err
	}
	x := newAnswer()
	x.refs.person(p, lookFull)
	x.refs.chat(c)
	return x.tg(w, who.bot), nil
}
