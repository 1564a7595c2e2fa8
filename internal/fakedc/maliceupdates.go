package fakedc

import (
	"math"

	"github.com/gotd/td/tg"
)

// strangeUpdates are updates whose numbers, or whom they name, cannot be.
func (w *World) strangeUpdates(a *account, kind string, size, nth int) (m malice, ok bool) {
	says := func(text string) *tg.Message {
		return &tg.Message{ID: math.MaxInt32, PeerID: &tg.PeerUser{UserID: strangerID + 1}, Date: w.date(), Message: text}
	}
	switch kind {
	case "pts":
		m.users = []tg.UserClass{stranger(strangerID+1, 1)}
		for _, at := range [][2]int{{-1, 1}, {0, 0}, {a.pts, -1}, {a.pts, math.MaxInt32}, {math.MinInt32, 1}, {math.MaxInt32, 1}} {
			m.updates = append(m.updates, &tg.UpdateNewMessage{Message: says("hello"), Pts: at[0], PtsCount: at[1]})
		}
	case "qts":
		m.users = []tg.UserClass{stranger(strangerID+1, 1)}
		for _, at := range []int{-1, 0, math.MinInt32, math.MaxInt32} {
			m.updates = append(m.updates, &tg.UpdateBotStopped{UserID: strangerID + 1, Date: w.date(), Stopped: true, Qts: at})
		}
	case "channel_pts":
		m.chats = []tg.ChatClass{strangeChannel(strangerID+1, 1)}
		for _, at := range []int{-1, 0, math.MaxInt32} {
			x := says("hello")
			x.PeerID = &tg.PeerChannel{ChannelID: strangerID + 1}
			m.updates = append(m.updates, &tg.UpdateNewChannelMessage{Message: x, Pts: at, PtsCount: 1})
		}
		m.updates = append(m.updates, &tg.UpdateChannelTooLong{ChannelID: -1}, &tg.UpdateChannelTooLong{})
	case "messages":
		// Their pts is where the bot is, and they take none of it.
		m.users = []tg.UserClass{stranger(strangerID+1, 1)}
		for _, x := range strangeMessages(w.date(), says) {
			m.updates = append(m.updates, &tg.UpdateNewMessage{Message: x, Pts: a.pts})
		}
	case "storm":
		// New people, who ask the bot inline: no number tells what was missed.
		for i := range sizeOr(size, 1) {
			id := strangerID + int64(nth*sizeOr(size, 1)+i)
			m.users = append(m.users, stranger(id, 1))
			m.updates = append(m.updates, &tg.UpdateBotInlineQuery{QueryID: id, UserID: id, Query: "?"})
		}
	default:
		return m, false
	}
	return m, true
}

// strangeMessages name nobody, point outside of themselves, or are of a time that
// is not now.
func strangeMessages(now int, says func(string) *tg.Message) []tg.MessageClass {
	nobody := says("hello")
	nobody.ID, nobody.PeerID = -1, &tg.PeerUser{}
	nobody.SetFromID(&tg.PeerUser{UserID: -1})
	channel := says("hello")
	channel.SetFromID(&tg.PeerChannel{ChannelID: -1})
	outside := says("hello")
	outside.SetEntities([]tg.MessageEntityClass{
		&tg.MessageEntityBotCommand{Offset: -1, Length: math.MaxInt32},
		&tg.MessageEntityMentionName{Offset: math.MaxInt32, Length: math.MaxInt32, UserID: -1},
		&tg.MessageEntityMention{Offset: 3, Length: -3},
	})
	start := says("/start \xff\xfe\x00")
	start.SetEntities([]tg.MessageEntityClass{&tg.MessageEntityBotCommand{Length: 6}})
	never := says("/start")
	never.Date = math.MinInt32
	late := says("/start")
	late.Date = math.MaxInt32
	card := says("")
	card.SetMedia(&tg.MessageMediaContact{PhoneNumber: "\xff", UserID: -1})
	reply := &tg.MessageReplyHeader{}
	reply.SetReplyToMsgID(math.MinInt32)
	answer := says("hello")
	answer.SetReplyTo(reply)
	peer := &tg.PeerUser{UserID: strangerID + 1}
	return []tg.MessageClass{
		nobody, channel, outside, start, never, late, card, answer, says(""), &tg.MessageEmpty{ID: -1},
		&tg.MessageService{ID: 1, PeerID: peer, Date: now, Action: &tg.MessageActionChatAddUser{Users: []int64{0, -1, math.MaxInt64}}},
		&tg.MessageService{ID: 1, PeerID: peer, Date: now, Action: &tg.MessageActionRequestedPeerSentMe{
			Peers: []tg.RequestedPeerClass{&tg.RequestedPeerUser{UserID: -1}, &tg.RequestedPeerChannel{}},
		}},
		&tg.MessageService{ID: 1, PeerID: peer, Date: now, Action: &tg.MessageActionBotAllowed{}},
	}
}
