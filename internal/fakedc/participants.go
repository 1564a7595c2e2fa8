package fakedc

import (
	"context"
	"strings"

	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"
)

// getParticipant says whether somebody is a member of a supergroup or channel. In
// a channel only admins may ask.
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
	if c.broadcast && !c.admin(a.user) {
		return nil, tgerr.New(403, "CHAT_ADMIN_REQUIRED")
	}
	if !c.has(p) {
		return nil, tgerr.New(400, "USER_NOT_PARTICIPANT")
	}
	refs := newRefs()
	refs.person(p, lookFull)
	refs.chat(c)
	return &tg.ChannelsChannelParticipant{
		Participant: c.member(p).participant(a, p.id),
		Users:       refs.users(w, a),
		Chats:       refs.groups(w, a),
	}, nil
}

// getParticipants lists members in the order in which they came, a page at a time.
//
// See https://core.telegram.org/method/channels.getParticipants.
func (w *World) getParticipants(ctx context.Context, r *tg.ChannelsGetParticipantsRequest) (tg.ChannelsChannelParticipantsClass, error) {
	const page = 200
	a := callerOf(ctx).bot
	w.mu.Lock()
	defer w.mu.Unlock()
	c, err := w.inputChannel(a, r.Channel)
	if err != nil {
		return nil, err
	}
	if !c.has(a.user) || c.broadcast && !c.admin(a.user) {
		return nil, tgerr.New(403, "CHAT_ADMIN_REQUIRED")
	}
	list := []*person{}
	for _, id := range c.order {
		p := w.people[id]
		switch f := r.Filter.(type) {
		case *tg.ChannelParticipantsRecent:
		case *tg.ChannelParticipantsAdmins:
			if !c.admin(p) {
				continue
			}
		case *tg.ChannelParticipantsBots:
			if p.bot == nil {
				continue
			}
		case *tg.ChannelParticipantsSearch:
			if !p.matches(f.Q) {
				continue
			}
		case *tg.ChannelParticipantsKicked, *tg.ChannelParticipantsBanned:
			// Nobody is banned here: who was thrown out may come back.
			continue
		default:
			return nil, tgerr.New(400, "METHOD_NOT_IMPLEMENTED")
		}
		list = append(list, p)
	}
	count := len(list)
	from := min(max(r.Offset, 0), count)
	list = list[from:min(from+min(max(r.Limit, 0), page), count)]
	refs := newRefs()
	refs.chat(c)
	members := make([]tg.ChannelParticipantClass, 0, len(list))
	for _, p := range list {
		refs.person(p, lookFull)
		members = append(members, c.member(p).participant(a, p.id))
	}
	return &tg.ChannelsChannelParticipants{
		Count: count, Participants: members, Users: refs.users(w, a), Chats: refs.groups(w, a),
	}, nil
}

func (p *person) matches(q string) bool {
	q = strings.ToLower(q)
	return strings.Contains(strings.ToLower(fullName(p)), q) || strings.Contains(strings.ToLower(p.username), q)
}
