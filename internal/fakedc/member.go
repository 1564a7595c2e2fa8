package fakedc

import (
	"fmt"
	"slices"

	"github.com/gotd/td/tg"
)

// member is somebody in a chat.
type member struct {
	Date    int  `json:"date"`
	Creator bool `json:"creator,omitempty"`
	// Inviter is who has let them in, or 0; Promoter who has made them an admin.
	Inviter  int64  `json:"inviter,omitempty"`
	Promoter int64  `json:"promoter,omitempty"`
	Rights   rights `json:"rights,omitempty"`
	// Ban is set in what is told of somebody who may not do everything. The chat has
	// the bans themselves.
	Ban *ban `json:"ban,omitempty"`
}

// rights are an admin's; none makes a plain member.
//
// See https://core.telegram.org/constructor/chatAdminRights.
type rights uint16

const (
	rightPost rights = 1 << iota
	rightEdit
	rightDelete
	rightBan
	rightInvite
	rightPromote
	rightOther
	rightTopics
	rightsAll = rightTopics<<1 - 1
)

// rightsOf reads what a step grants.
func rightsOf(names []string) (rights, error) {
	all := []string{"post", "edit", "delete", "ban", "invite", "promote", "other", "topics"}
	var r rights
	for _, name := range names {
		i := slices.Index(all, name)
		if i < 0 {
			return 0, fmt.Errorf("no right is called %q: %v", name, all)
		}
		r |= 1 << i
	}
	return r, nil
}

func (r rights) tg() tg.ChatAdminRights {
	return tg.ChatAdminRights{
		PostMessages:   r&rightPost != 0,
		EditMessages:   r&rightEdit != 0,
		DeleteMessages: r&rightDelete != 0,
		BanUsers:       r&rightBan != 0,
		InviteUsers:    r&rightInvite != 0,
		AddAdmins:      r&rightPromote != 0,
		Other:          r&rightOther != 0,
		ManageTopics:   r&rightTopics != 0,
	}
}

func (c *chat) add(p *person, date int) *member {
	m := c.members[p.id]
	if m == nil {
		m = &member{Date: date}
		if c.broadcast && p.bot != nil {
			m.Rights = rightsAll
		}
		c.members[p.id] = m
		c.order = append(c.order, p.id)
	}
	delete(c.requests, p.id)
	if b := c.bans[p.id]; b != nil && b.Kicked {
		delete(c.bans, p.id)
	}
	return m
}

func (c *chat) remove(p *person) {
	delete(c.members, p.id)
	if i := slices.Index(c.order, p.id); i >= 0 {
		c.order = slices.Delete(c.order, i, i+1)
	}
}

func (c *chat) member(p *person) *member {
	if p == nil {
		return nil
	}
	return c.members[p.id]
}

func (c *chat) has(p *person) bool { return c.member(p) != nil }

// may says whether p has all these rights. Who made the chat has every right.
func (c *chat) may(p *person, r rights) bool {
	m := c.member(p)
	return m != nil && (m.Creator || m.Rights&r == r)
}

// admin says whether p is more than a plain member.
func (c *chat) admin(p *person) bool {
	m := c.member(p)
	return m != nil && (m.Creator || m.Rights != 0)
}

// creator is who has made the chat, or 0 when they left.
func (c *chat) creator() int64 {
	for _, id := range c.order {
		if c.members[id].Creator {
			return id
		}
	}
	return 0
}

// participant is a member of a supergroup or channel as viewer sees them.
//
// See https://core.telegram.org/type/ChannelParticipant.
func (m *member) participant(viewer *account, id int64) tg.ChannelParticipantClass {
	switch {
	case m.Ban != nil:
		return &tg.ChannelParticipantBanned{
			Left: m.Ban.Kicked, Peer: &tg.PeerUser{UserID: id}, KickedBy: m.Ban.By, Date: m.Ban.Date,
			BannedRights: m.Ban.tg(),
		}
	case m.Creator:
		return &tg.ChannelParticipantCreator{UserID: id, AdminRights: rightsAll.tg()}
	case m.Rights != 0:
		x := &tg.ChannelParticipantAdmin{
			UserID: id, PromotedBy: m.Promoter, Date: m.Date, AdminRights: m.Rights.tg(),
		}
		if id == viewer.user.id {
			x.Self = true
			x.SetInviterID(m.Inviter)
		}
		return x
	case id == viewer.user.id:
		return &tg.ChannelParticipantSelf{UserID: id, InviterID: m.Inviter, Date: m.Date}
	}
	return &tg.ChannelParticipant{UserID: id, Date: m.Date}
}

// basic is a member of a basic group.
//
// See https://core.telegram.org/type/ChatParticipant.
func (m *member) basic(id int64) tg.ChatParticipantClass {
	switch {
	case m.Creator:
		return &tg.ChatParticipantCreator{UserID: id}
	case m.Rights != 0:
		return &tg.ChatParticipantAdmin{UserID: id, InviterID: m.Inviter, Date: m.Date}
	}
	return &tg.ChatParticipant{UserID: id, InviterID: m.Inviter, Date: m.Date}
}
