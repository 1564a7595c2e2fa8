package bot

import (
	"fmt"
	"testing"

	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/internal/rawtl"
	"github.com/f48b34c0/seen/session"
)

// TestWhomUpdatesAreAbout goes by what core.telegram.org/constructor says of each.
func TestWhomUpdatesAreAbout(t *testing.T) {
	ann, bob, self := session.UserID(1001), session.UserID(1002), session.UserID(7)
	friends, kitchen := session.ChannelID(19), session.ChatID(4)
	nobody := session.ID{}
	user := func(id session.ID) tg.PeerClass { return &tg.PeerUser{UserID: id.Num} }
	in := &tg.PeerChannel{ChannelID: friends.Num}
	message := func(peer, from tg.PeerClass, out bool) *tg.Message {
		m := &tg.Message{PeerID: peer, Out: out}
		if from != nil {
			m.SetFromID(from)
		}
		m.SetFlags()
		return m
	}
	forwarded := message(in, user(ann), false)
	forwarded.SetFwdFrom(tg.MessageFwdHeader{FromID: user(bob)})
	forwarded.FwdFrom.SetFlags()
	forwarded.SetViaBotID(8)
	forwarded.SetFlags()
	arrival := &tg.MessageService{
		PeerID: &tg.PeerChat{ChatID: kitchen.Num}, Action: &tg.MessageActionChatAddUser{Users: []int64{bob.Num}},
	}
	arrival.SetFromID(user(ann))
	for name, c := range map[string]struct {
		update     tg.UpdateClass
		chat, from session.ID
		others     []session.ID
	}{
		"a private message":    {&tg.UpdateNewMessage{Message: message(user(ann), nil, false)}, ann, ann, nil},
		"one of the bot's own": {&tg.UpdateNewMessage{Message: message(user(ann), nil, true)}, ann, self, nil},
		"one in a group":       {&tg.UpdateNewChannelMessage{Message: message(in, user(bob), false)}, friends, bob, nil},
		"a channel's post":     {&tg.UpdateEditChannelMessage{Message: message(in, nil, false)}, friends, friends, nil},
		"a forwarded one":      {&tg.UpdateNewChannelMessage{Message: forwarded}, friends, ann, []session.ID{session.UserID(8), bob}},
		"one that is not there": {
			&tg.UpdateNewMessage{Message: &tg.MessageEmpty{ID: 1}}, nobody, nobody, nil,
		},
		"an arrival": {&tg.UpdateNewMessage{Message: arrival}, kitchen, ann, []session.ID{bob}},
		"a button":   {&tg.UpdateBotCallbackQuery{UserID: bob.Num, Peer: in}, friends, bob, nil},
		"a query":    {&tg.UpdateBotInlineQuery{UserID: bob.Num}, nobody, bob, nil},
		"a stop":     {&tg.UpdateBotStopped{UserID: ann.Num}, ann, ann, nil},
		"a member who is changed": {
			&tg.UpdateChannelParticipant{ChannelID: friends.Num, ActorID: ann.Num, UserID: bob.Num}, friends, ann, []session.ID{bob},
		},
		"a member who comes": {
			&tg.UpdateChatParticipantAdd{ChatID: kitchen.Num, UserID: bob.Num, InviterID: ann.Num}, kitchen, ann, []session.ID{bob},
		},
		"a wish to join": {&tg.UpdateBotChatInviteRequester{Peer: in, UserID: bob.Num, Invite: &tg.ChatInvitePublicJoinRequests{}}, friends, bob, nil},
		"a reaction":     {&tg.UpdateBotMessageReaction{Peer: in, Actor: user(bob)}, friends, bob, nil},
		"a vote":         {&tg.UpdateMessagePollVote{Peer: user(bob)}, nobody, bob, nil},
		"what was read":  {&tg.UpdateReadHistoryOutbox{Peer: user(ann)}, ann, ann, nil},
		"a deletion":     {&tg.UpdateDeleteMessages{Messages: []int{1}}, nobody, nobody, nil},
		"business":       {&tg.UpdateBotBusinessConnect{Connection: tg.BotBusinessConnection{UserID: ann.Num}}, nobody, ann, nil},
	} {
		named, err := rawtl.New().Named(c.update)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		got := aboutOf(c.update, named, self.Num)
		if got.chat != c.chat || got.from != c.from || fmt.Sprint(got.others) != fmt.Sprint(c.others) {
			t.Errorf("%s: got %+v", name, got)
		}
	}
}
