package fakedc

import (
	"context"

	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"
)

// getChats knows the basic groups that the bot is in.
//
// See https://core.telegram.org/method/messages.getChats.
func (w *World) getChats(ctx context.Context, ids []int64) (tg.MessagesChatsClass, error) {
	a := callerOf(ctx).bot
	w.mu.Lock()
	defer w.mu.Unlock()
	list := make([]tg.ChatClass, 0, len(ids))
	for _, id := range ids {
		c := w.basic(a, id)
		if c == nil {
			return nil, tgerr.New(400, "CHAT_ID_INVALID")
		}
		list = append(list, w.group(a, c))
	}
	return &tg.MessagesChats{Chats: list}, nil
}

// getChannels knows the supergroups that the bot is in.
//
// See https://core.telegram.org/method/channels.getChannels.
func (w *World) getChannels(ctx context.Context, ids []tg.InputChannelClass) (tg.MessagesChatsClass, error) {
	a := callerOf(ctx).bot
	w.mu.Lock()
	defer w.mu.Unlock()
	list := make([]tg.ChatClass, 0, len(ids))
	for _, in := range ids {
		c, err := w.inputChannel(a, in)
		if err != nil {
			return nil, err
		}
		list = append(list, w.group(a, c))
	}
	return &tg.MessagesChats{Chats: list}, nil
}

// getParticipant says whether somebody is a member of a supergroup.
//
// See https://core.telegram.org/method/channels.getParticipant.
func (w *World) getParticipant(ctx context.Context, r *tg.ChannelsGetParticipantRequest) (*tg.ChannelsChannelParticipant, error) {
	a := callerOf(ctx).bot
	w.mu.Lock()
	defer w.mu.Unlock()
	c, err := w.inputChannel(a, r.Channel)
	if err != nil {
		return nil, err
	}
	var p *person
	switch in := r.Participant.(type) {
	case *tg.InputPeerSelf:
		p = a.user
	case *tg.InputPeerUser:
		var got access
		if p, got = w.userByID(a, in.UserID, in.AccessHash); got != granted {
			return nil, tgerr.New(400, "USER_ID_INVALID")
		}
	case *tg.InputPeerUserFromMessage:
		return nil, errFromMessage
	default:
		return nil, tgerr.New(400, "PARTICIPANT_ID_INVALID")
	}
	if !c.has(p) {
		return nil, tgerr.New(400, "USER_NOT_PARTICIPANT")
	}
	refs := newRefs()
	refs.person(p, false)
	refs.chat(c)
	return &tg.ChannelsChannelParticipant{
		Participant: c.participant(a, p),
		Users:       refs.users(w, a),
		Chats:       refs.groups(w, a),
	}, nil
}

func (c *chat) participant(viewer *account, p *person) tg.ChannelParticipantClass {
	date := c.members[p.id]
	switch p.id {
	case viewer.user.id:
		return &tg.ChannelParticipantSelf{UserID: p.id, InviterID: c.creator(), Date: date}
	case c.creator():
		return &tg.ChannelParticipantCreator{UserID: p.id}
	}
	return &tg.ChannelParticipant{UserID: p.id, Date: date}
}
