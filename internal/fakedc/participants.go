package fakedc

import (
	"context"
	"slices"
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
	p, err := w.participant(a, r.Participant)
	if err != nil {
		return nil, err
	}
	if c.broadcast && !c.admin(a.user) {
		return nil, tgerr.New(403, "CHAT_ADMIN_REQUIRED")
	}
	w.banned(c, p) // lets go of one that has ended
	m := c.snapshot(p)
	if m == nil {
		return nil, tgerr.New(400, "USER_NOT_PARTICIPANT")
	}
	refs := newRefs()
	refs.person(p, lookFull)
	refs.chat(c)
	return &tg.ChannelsChannelParticipant{
		Participant: m.participant(a, p.id),
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
			continue // they are not looked for among the members
		default:
			return nil, tgerr.New(400, "METHOD_NOT_IMPLEMENTED")
		}
		list = append(list, p)
	}
	switch f := r.Filter.(type) {
	case *tg.ChannelParticipantsKicked:
		list = matching(w.bannedList(c, true), f.Q)
	case *tg.ChannelParticipantsBanned:
		list = matching(w.bannedList(c, false), f.Q)
	}
	count := len(list)
	from := min(max(r.Offset, 0), count)
	list = list[from:min(from+min(max(r.Limit, 0), page), count)]
	refs := newRefs()
	refs.chat(c)
	members := make([]tg.ChannelParticipantClass, 0, len(list))
	for _, p := range list {
		refs.person(p, lookFull)
		members = append(members, c.snapshot(p).participant(a, p.id))
	}
	return &tg.ChannelsChannelParticipants{
		Count: count, Participants: members, Users: refs.users(w, a), Chats: refs.groups(w, a),
	}, nil
}

// participant is whom a bot means by name or id.
func (w *World) participant(a *account, in tg.InputPeerClass) (*person, error) {
	switch in := in.(type) {
	case *tg.InputPeerSelf:
		return a.user, nil
	case *tg.InputPeerUser:
		if p, got := w.userByID(a, in.UserID, in.AccessHash); got == granted {
			return p, nil
		}
		return nil, tgerr.New(400, "USER_ID_INVALID")
	case *tg.InputPeerUserFromMessage:
		return nil, errFromMessage
	}
	return nil, tgerr.New(400, "PARTICIPANT_ID_INVALID")
}

func matching(list []*person, q string) []*person {
	return slices.DeleteFunc(list, func(p *person) bool { return !p.matches(q) })
}

func (p *person) matches(q string) bool {
	q = strings.ToLower(q)
	return strings.Contains(strings.ToLower(fullName(p)), q) || strings.Contains(strings.ToLower(p.username), q)
}
