package fakedc

import (
	"context"

	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"
)

// getFullUser says how somebody who hides from forwarded messages is called there:
// that is how a bot learns that it cannot mention them elsewhere.
//
// See https://core.telegram.org/method/users.getFullUser.
func (w *World) getFullUser(ctx context.Context, in tg.InputUserClass) (*tg.UsersUserFull, error) {
	a := callerOf(ctx).bot
	w.mu.Lock()
	defer w.mu.Unlock()
	p, err := w.somebody(a, in, "USER_ID_INVALID")
	if err != nil {
		return nil, err
	}
	full := tg.UserFull{ID: p.id}
	for _, c := range w.chats {
		if c.has(a.user) && c.has(p) {
			full.CommonChatsCount++
		}
	}
	if p.hideForwards && !p.deleted {
		full.SetPrivateForwardName(fullName(p))
	}
	if p.bot != nil {
		full.SetBotInfo(p.bot.info())
	}
	return &tg.UsersUserFull{
		FullUser: full,
		Users:    []tg.UserClass{w.user(a, p, lookFull)},
	}, nil
}

// getFullChat lists the members of a basic group.
//
// See https://core.telegram.org/method/messages.getFullChat.
func (w *World) getFullChat(ctx context.Context, id int64) (*tg.MessagesChatFull, error) {
	a := callerOf(ctx).bot
	w.mu.Lock()
	defer w.mu.Unlock()
	c := w.basic(a, id)
	if c == nil {
		return nil, tgerr.New(400, "CHAT_ID_INVALID")
	}
	refs := newRefs()
	refs.chat(c)
	members := &tg.ChatParticipants{ChatID: c.id, Version: 1}
	full := &tg.ChatFull{ID: c.id, Participants: members}
	var bots []tg.BotInfo
	for _, id := range c.order {
		p := w.people[id]
		refs.person(p, lookFull)
		members.Participants = append(members.Participants, c.members[id].basic(id))
		if p.bot != nil {
			bots = append(bots, p.bot.info())
		}
	}
	full.SetBotInfo(bots)
	return &tg.MessagesChatFull{FullChat: full, Users: refs.users(w, a), Chats: refs.groups(w, a)}, nil
}

// getFullChannel is about a supergroup or channel.
//
// See https://core.telegram.org/method/channels.getFullChannel.
func (w *World) getFullChannel(ctx context.Context, in tg.InputChannelClass) (*tg.MessagesChatFull, error) {
	a := callerOf(ctx).bot
	w.mu.Lock()
	defer w.mu.Unlock()
	c, err := w.inputChannel(a, in)
	if err != nil {
		return nil, err
	}
	refs := newRefs()
	refs.chat(c)
	full := &tg.ChannelFull{
		ID: c.id, Pts: c.pts, ChatPhoto: &tg.PhotoEmpty{}, BotInfo: []tg.BotInfo{},
		CanViewParticipants: c.has(a.user) && (!c.broadcast || c.admin(a.user)),
	}
	admins := 0
	for _, id := range c.order {
		p := w.people[id]
		if c.admin(p) {
			admins++
		}
		if p.bot != nil && !c.broadcast {
			refs.person(p, lookFull)
			full.BotInfo = append(full.BotInfo, p.bot.info())
		}
	}
	full.SetParticipantsCount(len(c.order))
	if c.slow > 0 {
		full.SetSlowmodeSeconds(c.slow)
		if n := w.early(c, a.user); n > 0 {
			full.SetSlowmodeNextSendDate(w.date() + n)
		}
	}
	if c.admin(a.user) {
		full.SetAdminsCount(admins)
		full.SetKickedCount(len(w.bannedList(c, true)))
		full.SetBannedCount(len(w.bannedList(c, false)))
	}
	return &tg.MessagesChatFull{FullChat: full, Users: refs.users(w, a), Chats: refs.groups(w, a)}, nil
}
