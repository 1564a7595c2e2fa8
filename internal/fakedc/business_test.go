package fakedc_test

import (
	"strings"
	"testing"

	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/internal/fakedc"
)

// over sends over a business connection.
func (c *client) over(connection string, to tg.InputPeerClass, text string, random int64) (*tg.Updates, error) {
	var box tg.UpdatesBox
	err := c.Invoker().Invoke(c.ctx, &tg.InvokeWithBusinessConnectionRequest{
		ConnectionID: connection,
		Query:        &tg.MessagesSendMessageRequest{Peer: to, Message: text, RandomID: random},
	}, &box)
	if err != nil {
		return nil, err
	}
	return box.Updates.(*tg.Updates), nil
}

var annsBusiness = fakedc.Step{Do: "business", Who: "ann", Rights: []string{"reply"}}

// 3.2: what a bot hears of the business that it speaks for, and of its customers,
// comes by qts; new messages in a difference have none.
func TestABusinessIsHeard(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	before, err := c.UpdatesGetState(c.ctx)
	if err != nil {
		t.Fatal(err)
	}
	got := c.oneByOne(s,
		annsBusiness,
		fakedc.Step{Do: "business_write", Who: "carol", Other: "ann", Text: "hello Ann"},
		fakedc.Step{Do: "business_write", Who: "ann", Other: "carol", Text: "hello Carol", Reply: 1},
		fakedc.Step{Do: "business_edit", Who: "carol", Other: "ann", Message: 1, Text: "hello?"},
		fakedc.Step{Do: "business_retract", Who: "carol", Other: "ann", Message: 1},
		fakedc.Step{Do: "business", Who: "ann", Off: true})
	made := got[0].Updates[0].(*tg.UpdateBotBusinessConnect)
	if rights, ok := made.Connection.GetRights(); !ok || !rights.Reply || made.Connection.UserID != 1001 || made.Connection.Disabled || made.Qts != before.Qts+1 {
		t.Errorf("connected: %v", made)
	}
	id := made.Connection.ConnectionID
	first := got[1].Updates[0].(*tg.UpdateBotNewBusinessMessage)
	m := first.Message.(*tg.Message)
	if first.ConnectionID != id || m.Out || m.PeerID.(*tg.PeerUser).UserID != 1003 || m.FromID.(*tg.PeerUser).UserID != 1003 || m.Message != "hello Ann" {
		t.Errorf("first: %v", first)
	}
	if carol := got[1].Users[0].(*tg.User); carol.ID != 1003 || carol.Min || carol.AccessHash == 0 {
		t.Errorf("the customer is %v", carol)
	}
	second := got[2].Updates[0].(*tg.UpdateBotNewBusinessMessage)
	if m := second.Message.(*tg.Message); !m.Out || m.PeerID.(*tg.PeerUser).UserID != 1003 || second.ReplyToMessage.(*tg.Message).ID != 1 {
		t.Errorf("second: %v", second)
	}
	if u := got[3].Updates[0].(*tg.UpdateBotEditBusinessMessage); u.Message.(*tg.Message).Message != "hello?" {
		t.Errorf("edited: %v", u)
	}
	if u := got[4].Updates[0].(*tg.UpdateBotDeleteBusinessMessage); len(u.Messages) != 1 || u.Peer.(*tg.PeerUser).UserID != 1003 {
		t.Errorf("deleted: %v", u)
	}
	if u := got[5].Updates[0].(*tg.UpdateBotBusinessConnect); !u.Connection.Disabled || u.Qts != before.Qts+6 {
		t.Errorf("disconnected: %v", u)
	}
	// Carol is known now, and no dialog of the bot.
	if _, err := c.get(1003, 0); err != nil {
		t.Error(err)
	}
	if send, _ := c.may(&tg.InputPeerUser{UserID: 1003}); send != "PEER_ID_INVALID" {
		t.Errorf("writing to the customer: %q", send)
	}
	d, err := c.UpdatesGetDifference(c.ctx, &tg.UpdatesGetDifferenceRequest{Pts: before.Pts, Qts: before.Qts, Date: before.Date})
	if err != nil {
		t.Fatal(err)
	}
	others := d.(*tg.UpdatesDifference).OtherUpdates
	if u := others[0].(*tg.UpdateBotBusinessConnect); u.Qts != before.Qts+1 || u.Connection.Disabled {
		t.Errorf("connected, by difference: %v", u)
	}
	// The first message is gone.
	if u := others[1].(*tg.UpdateBotNewBusinessMessage); u.Qts != 0 || u.Message.(*tg.Message).ID != 2 {
		t.Errorf("first that is left, by difference: %v", u)
	}
}

// Each row is one of telegram-rules.md 4.1, "separate permissions", or 4.5.
func TestSpeakingForABusiness(t *testing.T) {
	wrote := fakedc.Step{Do: "business_write", Who: "carol", Other: "ann", Text: "hi"}
	bot := fakedc.Step{Do: "person", Who: "other", Username: "other_bot", Token: "7000000002:demo"}
	botWrote := fakedc.Step{Do: "business_write", Who: "other", Other: "ann", Text: "hi"}
	for rule, row := range map[string]struct {
		steps []fakedc.Step
		to    string
		want  string
	}{
		"a customer who has written":    {[]fakedc.Step{annsBusiness, wrote}, "carol", ""},
		"a customer who has not":        {[]fakedc.Step{annsBusiness}, "carol", "BUSINESS_PEER_USAGE_MISSING"},
		"whom the business has written": {[]fakedc.Step{annsBusiness, {Do: "business_write", Who: "ann", Other: "carol", Text: "hi"}}, "carol", "BUSINESS_PEER_USAGE_MISSING"},
		"almost a day later":            {[]fakedc.Step{annsBusiness, wrote, {Do: "wait", For: "23h59m"}}, "carol", ""},
		"a day later":                   {[]fakedc.Step{annsBusiness, wrote, {Do: "wait", For: "24h"}}, "carol", "BUSINESS_PEER_USAGE_MISSING"},
		"without the right":             {[]fakedc.Step{{Do: "business", Who: "ann"}, wrote}, "carol", "BOT_ACCESS_FORBIDDEN"},
		"not any longer":                {[]fakedc.Step{annsBusiness, wrote, {Do: "business", Who: "ann", Off: true}}, "carol", "BUSINESS_CONNECTION_INVALID"},
		"the business itself":           {[]fakedc.Step{annsBusiness, wrote}, "ann", "BUSINESS_PEER_INVALID"},
		"a deleted account":             {[]fakedc.Step{annsBusiness, wrote, {Do: "delete", Who: "carol"}}, "carol", "INPUT_USER_DEACTIVATED"},
		"4.5 a bot":                     {[]fakedc.Step{bot, annsBusiness, botWrote}, "other_bot", "USER_BOT_TO_BOT_DISABLED"},
		"4.5 a bot, by one with the mode": {[]fakedc.Step{
			bot, annsBusiness, botWrote, {Do: "bot_to_bot", Who: "bot"},
		}, "other_bot", ""},
	} {
		t.Run(rule, func(t *testing.T) {
			s := serve(t, nil)
			c := connect(t, s, clientOptions{})
			peers := map[string]tg.InputPeerClass{}
			for _, name := range []string{"ann", "carol"} {
				peers[name] = c.resolve(name).AsInputPeer()
			}
			do(t, s, row.steps...)
			if row.to == "other_bot" {
				peers[row.to] = c.resolve(row.to).AsInputPeer()
			}
			id := updateOf[*tg.UpdateBotBusinessConnect](c).Connection.ConnectionID
			u, err := c.over(id, peers[row.to], "thanks", 1)
			if row.want != "" {
				if e := asError(t, err); e.Message != row.want {
					t.Errorf("got %v, want %s", err, row.want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			said := u.Updates[0].(*tg.UpdateBotNewBusinessMessage)
			m := said.Message.(*tg.Message)
			if said.Qts != 0 || !m.Out || m.FromID.(*tg.PeerUser).UserID != 1001 || m.ViaBusinessBotID != fakedc.DemoBotID || m.Message != "thanks" {
				t.Errorf("answer is %v", u)
			}
			_, err = c.over(id, peers[row.to], "thanks", 1)
			wantError(t, err, 500, "RANDOM_ID_DUPLICATE")
		})
	}
}

func TestWhatElseABusinessConnectionDoes(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	do(t, s, annsBusiness, fakedc.Step{Do: "business_write", Who: "carol", Other: "ann", Text: "hi"})
	id := updateOf[*tg.UpdateBotBusinessConnect](c).Connection.ConnectionID
	carol := &tg.InputPeerUser{UserID: 1003}
	r, err := c.AccountGetBotBusinessConnection(c.ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	if u := r.(*tg.Updates).Updates[0].(*tg.UpdateBotBusinessConnect); u.Connection.ConnectionID != id || u.Qts != 0 {
		t.Errorf("got %v", u)
	}
	_, err = c.AccountGetBotBusinessConnection(c.ctx, strings.ToUpper(id))
	wantError(t, err, 400, "CONNECTION_ID_INVALID")
	var done tg.BoolBox
	if err := c.Invoker().Invoke(c.ctx, &tg.InvokeWithBusinessConnectionRequest{
		ConnectionID: id, Query: &tg.MessagesSetTypingRequest{Peer: carol, Action: &tg.SendMessageTypingAction{}},
	}, &done); err != nil {
		t.Error(err)
	}
	err = c.Invoker().Invoke(c.ctx, &tg.InvokeWithBusinessConnectionRequest{ConnectionID: id, Query: &tg.UpdatesGetStateRequest{}}, &done)
	wantError(t, err, 400, "METHOD_NOT_IMPLEMENTED")
	_, err = c.over("biz0", carol, "hi", 1)
	wantError(t, err, 400, "BUSINESS_CONNECTION_INVALID")
}

// 3.2: admins hear of a boost, and who gave it.
func TestABoostIsToldByQts(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	do(t, s,
		fakedc.Step{Do: "boost", Who: "bob", Chat: "friends"}, // the bot is no admin yet
		fakedc.Step{Do: "promote", Who: "bob", Chat: "friends", Other: "bot", Rights: []string{"other"}},
		fakedc.Step{Do: "boost", Who: "bob", Chat: "friends", For: "1h"})
	u := updateOf[*tg.UpdateBotChatBoost](c)
	if who, _ := u.Boost.GetUserID(); who != 1002 || u.Boost.Expires-u.Boost.Date != 3600 || u.Boost.ID == "" || u.Peer.(*tg.PeerChannel).ChannelID != 1900000001 {
		t.Errorf("got %v", u)
	}
}
