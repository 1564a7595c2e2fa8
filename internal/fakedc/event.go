package fakedc

import (
	"slices"

	"github.com/gotd/td/tg"
)

// event is an entry of an update log. seq is the pts or qts after it, and count
// how many it takes; all but deletions take one.
type event struct {
	seq   int
	count int
	date  int
	what  what
	// message is what was sent, edited, voted in or reacted to.
	message *message
	// more is nil for messages, which are most of a log.
	more *detail
}

// what happened. The values are stored.
type what byte

const (
	whatMessage what = iota
	whatEdit
	whatRemoval
	whatStop
	whatMember
	whatRequest
	whatReaction
	whatVote
	whatBusiness
	whatBusinessMessage
	whatBusinessEdit
	whatBusinessRemoval
	whatBoost
	whatGuest
)

// detail is what an event needs beside a message.
type detail struct {
	// user is whom it is about, actor who did it.
	user, actor *person
	chat        *chat
	stopped     bool
	// ids are of messages that are gone.
	ids   []int
	about string
	// was and is are a member before and after; nil is none.
	was, is  *member
	old, new string
	options  []int
	// business is the id of a connection, and until when a boost ends.
	business string
	reply    bool
	until    int
	query    int64
}

// after returns the events of a log that follow seq.
func after(log []event, seq int) []event {
	i, _ := slices.BinarySearchFunc(log, seq, func(ev event, seq int) int {
		if ev.seq <= seq {
			return -1
		}
		return 1
	})
	return log[i:]
}

// update builds the update for ev as a gets to see it.
//
// See https://core.telegram.org/constructor/updateBotStopped and its neighbors.
func (ev event) update(w *World, a *account) tg.UpdateClass {
	d := ev.more
	super := ev.message != nil && ev.message.chat != nil && ev.message.chat.super
	switch ev.what {
	case whatMessage:
		if super {
			return &tg.UpdateNewChannelMessage{Message: ev.message.tg(w, a), Pts: ev.seq, PtsCount: 1}
		}
		return &tg.UpdateNewMessage{Message: ev.message.tg(w, a), Pts: ev.seq, PtsCount: 1}
	case whatEdit:
		if super {
			return &tg.UpdateEditChannelMessage{Message: ev.message.tg(w, a), Pts: ev.seq, PtsCount: 1}
		}
		return &tg.UpdateEditMessage{Message: ev.message.tg(w, a), Pts: ev.seq, PtsCount: 1}
	case whatRemoval:
		ids := slices.Clone(d.ids)
		if d.chat != nil {
			return &tg.UpdateDeleteChannelMessages{ChannelID: d.chat.id, Messages: ids, Pts: ev.seq, PtsCount: ev.count}
		}
		return &tg.UpdateDeleteMessages{Messages: ids, Pts: ev.seq, PtsCount: ev.count}
	case whatStop:
		return &tg.UpdateBotStopped{UserID: d.user.id, Date: ev.date, Stopped: d.stopped, Qts: ev.seq}
	case whatMember:
		return ev.participant(a)
	case whatRequest:
		return &tg.UpdateBotChatInviteRequester{
			Peer: d.chat.peer(), Date: ev.date, UserID: d.user.id, About: d.about,
			Invite: w.invite(d.chat), Qts: ev.seq,
		}
	case whatReaction:
		return &tg.UpdateBotMessageReaction{
			Peer: ev.message.peer(a), MsgID: ev.message.idFor(a), Date: ev.date,
			Actor:        &tg.PeerUser{UserID: d.user.id},
			OldReactions: reactions(d.old), NewReactions: reactions(d.new), Qts: ev.seq,
		}
	case whatBusiness, whatBusinessMessage, whatBusinessEdit, whatBusinessRemoval:
		return ev.business(w, a)
	case whatGuest:
		return ev.guest(w, a)
	case whatBoost:
		boost := tg.Boost{ID: d.about, Date: ev.date, Expires: d.until}
		boost.SetUserID(d.user.id)
		return &tg.UpdateBotChatBoost{Peer: d.chat.peer(), Boost: boost, Qts: ev.seq}
	default:
		return &tg.UpdateMessagePollVote{
			PollID: ev.message.media.Poll.ID, Peer: &tg.PeerUser{UserID: d.user.id},
			Options: pollOptions(d.options), Positions: slices.Clone(d.options), Qts: ev.seq,
		}
	}
}

// business is what a bot hears of the account that it is connected to.
//
// See https://core.telegram.org/constructor/updateBotNewBusinessMessage.
func (ev event) business(w *World, a *account) tg.UpdateClass {
	switch ev.what {
	case whatBusiness:
		then := *a.business[ev.more.business]
		then.Off, then.Reply = ev.more.stopped, ev.more.reply
		return &tg.UpdateBotBusinessConnect{Connection: then.tg(w), Qts: ev.seq}
	case whatBusinessRemoval:
		return &tg.UpdateBotDeleteBusinessMessage{
			ConnectionID: ev.more.business, Peer: &tg.PeerUser{UserID: ev.more.user.id},
			Messages: slices.Clone(ev.more.ids), Qts: ev.seq,
		}
	}
	m := ev.message.businessTG(a)
	if ev.what == whatBusinessEdit {
		u := &tg.UpdateBotEditBusinessMessage{ConnectionID: ev.message.business, Message: m, Qts: ev.seq}
		if r := ev.message.reply; r != nil && !r.gone {
			u.SetReplyToMessage(r.businessTG(a))
		}
		return u
	}
	u := &tg.UpdateBotNewBusinessMessage{ConnectionID: ev.message.business, Message: m, Qts: ev.seq}
	if r := ev.message.reply; r != nil && !r.gone {
		u.SetReplyToMessage(r.businessTG(a))
	}
	return u
}

// participant is a change of a membership.
//
// See https://core.telegram.org/constructor/updateChannelParticipant and
// https://core.telegram.org/constructor/updateChatParticipant.
func (ev event) participant(a *account) tg.UpdateClass {
	d := ev.more
	if !d.chat.super {
		u := &tg.UpdateChatParticipant{
			ChatID: d.chat.id, Date: ev.date, ActorID: d.actor.id, UserID: d.user.id, Qts: ev.seq,
		}
		if d.was != nil {
			u.SetPrevParticipant(d.was.basic(d.user.id))
		}
		if d.is != nil {
			u.SetNewParticipant(d.is.basic(d.user.id))
		}
		return u
	}
	u := &tg.UpdateChannelParticipant{
		ChannelID: d.chat.id, Date: ev.date, ActorID: d.actor.id, UserID: d.user.id, Qts: ev.seq,
	}
	if d.was != nil {
		u.SetPrevParticipant(d.was.participant(a, d.user.id))
	}
	if d.is != nil {
		u.SetNewParticipant(d.is.participant(a, d.user.id))
	}
	return u
}

// event adds everybody whom an event names.
func (r *refs) event(w *World, ev event, pushed bool) {
	if ev.message != nil && ev.what != whatVote && ev.what != whatReaction {
		r.message(w, ev.message, pushed)
	}
	r.detail(ev.more)
}

func (r *refs) detail(d *detail) {
	if d == nil {
		return
	}
	r.person(d.user, lookFull)
	r.person(d.actor, lookFull)
	r.chat(d.chat)
}
