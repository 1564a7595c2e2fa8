package fakedc_test

import (
	"testing"

	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/internal/fakedc"
)

// updateOf waits for an update of a type, in whichever container it comes.
func updateOf[U tg.UpdateClass](c *client) U {
	c.t.Helper()
	for n := 1; ; n++ {
		for _, u := range c.received(n) {
			for _, one := range u.Updates {
				if x, ok := one.(U); ok {
					return x
				}
			}
		}
	}
}

// 3.2: a result that is chosen becomes a message of the user, via the bot, where the
// user was when they asked; the bot hears of the choice, and of buttons below it.
func TestAnInlineResultIsChosen(t *testing.T) {
	text := func(markup tg.ReplyMarkupClass, entities ...tg.MessageEntityClass) *tg.InputBotInlineMessageText {
		m := &tg.InputBotInlineMessageText{Message: "meow Bob"}
		if len(entities) > 0 {
			m.SetEntities(entities)
		}
		if markup != nil {
			m.SetReplyMarkup(markup)
		}
		return m
	}
	button := &tg.ReplyInlineMarkup{Rows: []tg.KeyboardInlineButtonRow{{Buttons: []tg.KeyboardInlineButton{
		{Text: "more", Type: &tg.InlineButtonTypeCallback{Data: []byte("more")}},
	}}}}
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	id := do(t, s, fakedc.Step{Do: "inline", Who: "bob", Chat: "friends", Text: "cats"}).QueryID
	offer := &tg.MessagesSetInlineBotResultsRequest{QueryID: id, Results: []tg.InputBotInlineResultClass{
		&tg.InputBotInlineResult{ID: "one", Type: "article", SendMessage: text(
			button, &tg.InputMessageEntityMentionName{Offset: 5, Length: 3, UserID: &tg.InputUser{UserID: 1002}})},
		&tg.InputBotInlineResult{ID: "two", Type: "contact", SendMessage: &tg.InputBotInlineMessageMediaContact{
			PhoneNumber: "888", FirstName: "Ann",
		}},
	}}
	if _, err := c.MessagesSetInlineBotResults(c.ctx, offer); err != nil {
		t.Fatal(err)
	}
	_, err := c.MessagesSetInlineBotResults(c.ctx, offer)
	wantError(t, err, 400, "QUERY_ID_INVALID")
	for _, step := range []fakedc.Step{
		{Do: "choose", Who: "bob", QueryID: id, Data: "three"},
		{Do: "choose", Who: "ann", QueryID: id, Data: "one"},
	} {
		if _, err := s.World().Do(t.Context(), step); err == nil {
			t.Errorf("%+v was possible", step)
		}
	}
	sent := do(t, s, fakedc.Step{Do: "choose", Who: "bob", QueryID: id, Data: "one"})
	chosen := updateOf[*tg.UpdateBotInlineSend](c)
	if chosen.UserID != 1002 || chosen.ID != "one" || chosen.Query != "cats" || chosen.MsgID == nil {
		t.Errorf("chosen: %v", chosen)
	}
	m := updateOf[*tg.UpdateNewChannelMessage](c).Message.(*tg.Message)
	if m.ViaBotID != fakedc.DemoBotID || m.FromID.(*tg.PeerUser).UserID != 1002 || m.Message != "meow Bob" || len(m.Entities) != 1 {
		t.Errorf("message is %v", m)
	}
	do(t, s, fakedc.Step{Do: "press", Who: "bob", Chat: "friends", Message: sent.MessageID, Data: "more"})
	pressed := updateOf[*tg.UpdateInlineBotCallbackQuery](c)
	if pressed.UserID != 1002 || string(pressed.Data) != "more" || pressed.MsgID.(*tg.InputBotInlineMessageID).ID != chosen.MsgID.(*tg.InputBotInlineMessageID).ID {
		t.Errorf("pressed: %v", pressed)
	}
	if _, err := c.MessagesSetBotCallbackAnswer(c.ctx, &tg.MessagesSetBotCallbackAnswerRequest{QueryID: pressed.QueryID}); err != nil {
		t.Error(err)
	}
	do(t, s, fakedc.Step{Do: "choose", Who: "bob", QueryID: id, Data: "two"})
	log := s.World().Messages("friends")
	if last := log[len(log)-1]; last.Media != "contact" || last.From != "bob" {
		t.Errorf("the second choice is %+v", last)
	}
}

// 4.1: in private with the bot it is a message of the user, and so a grant.
func TestAChoiceInPrivateIsAMessage(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	dave := &tg.InputPeerUser{UserID: 1004}
	id := do(t, s, fakedc.Step{Do: "inline", Who: "dave", Text: "cats"}).QueryID
	if send, _ := c.may(dave); send != "PEER_ID_INVALID" {
		t.Errorf("before: %q", send)
	}
	if _, err := c.MessagesSetInlineBotResults(c.ctx, &tg.MessagesSetInlineBotResultsRequest{QueryID: id, Results: []tg.InputBotInlineResultClass{
		&tg.InputBotInlineResult{ID: "one", Type: "article", SendMessage: &tg.InputBotInlineMessageText{Message: "meow"}},
	}}); err != nil {
		t.Fatal(err)
	}
	do(t, s, fakedc.Step{Do: "choose", Who: "dave", QueryID: id, Data: "one"})
	if send, _ := c.may(dave); send != "" {
		t.Errorf("after: %q", send)
	}
	if sent := updateOf[*tg.UpdateBotInlineSend](c); sent.MsgID != nil {
		t.Errorf("a message without buttons has the id %v", sent.MsgID)
	}
}

func TestOffersAreChecked(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	id := do(t, s, fakedc.Step{Do: "inline", Who: "bob", Chat: "friends", Text: "cats"}).QueryID
	text := func(id, text string) tg.InputBotInlineResultClass {
		return &tg.InputBotInlineResult{ID: id, Type: "article", SendMessage: &tg.InputBotInlineMessageText{Message: text}}
	}
	many := make([]tg.InputBotInlineResultClass, 51)
	for i := range many {
		many[i] = text("x", "x")
	}
	for want, results := range map[string][]tg.InputBotInlineResultClass{
		"RESULT_ID_INVALID":      {text("", "x")},
		"RESULT_ID_DUPLICATE":    {text("x", "x"), text("x", "y")},
		"RESULTS_TOO_MUCH":       many,
		"MESSAGE_EMPTY":          {text("x", " ")},
		"MEDIA_INVALID":          {&tg.InputBotInlineResultPhoto{ID: "x", Photo: &tg.InputPhoto{ID: 1}, SendMessage: &tg.InputBotInlineMessageMediaAuto{}}},
		"METHOD_NOT_IMPLEMENTED": {&tg.InputBotInlineResult{ID: "x", SendMessage: &tg.InputBotInlineMessageGame{}}},
	} {
		_, err := c.MessagesSetInlineBotResults(c.ctx, &tg.MessagesSetInlineBotResultsRequest{QueryID: id, Results: results})
		wantError(t, err, 400, want)
	}
}
