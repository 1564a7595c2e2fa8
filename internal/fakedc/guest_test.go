package fakedc_test

import (
	"testing"

	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/internal/fakedc"
)

// 3.2, 4.1: a bot that is called into a chat as a guest sees who calls, answers once
// and may not write to them.
func TestABotIsAGuest(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	do(t, s,
		fakedc.Step{Do: "chat", Chat: "away", Kind: "supergroup", Members: []string{"ann", "dave"}},
		fakedc.Step{Do: "write", Who: "ann", Chat: "away", Text: "look"},
		fakedc.Step{Do: "guest", Who: "dave", Chat: "away", Text: "@seen_demo_bot what is this?", Reply: 1})
	u := updateOf[*tg.UpdateBotGuestChatQuery](c)
	m := u.Message.(*tg.Message)
	if m.ID != 2 || m.FromID.(*tg.PeerUser).UserID != 1004 || len(u.ReferenceMessages) != 1 || u.ReferenceMessages[0].GetID() != 1 || u.Qts != 2 {
		t.Errorf("called with %v", u)
	}
	if send, _ := c.may(&tg.InputPeerUser{UserID: 1004}); send != "PEER_ID_INVALID" {
		t.Errorf("writing to the caller: %q", send)
	}
	answer := func() error {
		_, err := c.MessagesSetBotGuestChatResult(c.ctx, &tg.MessagesSetBotGuestChatResultRequest{
			QueryID: u.QueryID, Result: &tg.InputBotInlineResult{ID: "x", Type: "article", SendMessage: &tg.InputBotInlineMessageText{Message: "a cat"}},
		})
		return err
	}
	if err := answer(); err != nil {
		t.Fatal(err)
	}
	wantError(t, answer(), 400, "QUERY_ID_INVALID")
	log := s.World().Messages("away")
	if last := log[len(log)-1]; last.From != "bot" || last.Text != "a cat" || last.ReplyTo != 2 {
		t.Errorf("answered with %+v", last)
	}
	if _, err := s.World().Do(t.Context(), fakedc.Step{Do: "guest", Who: "bob", Chat: "friends", Text: "hi"}); err == nil {
		t.Error("a member was called as a guest")
	}
}

// 3.2: an ephemeral message has no place in a sequence, and is not kept.
func TestAWhisperIsHeardOnce(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	before, err := c.UpdatesGetState(c.ctx)
	if err != nil {
		t.Fatal(err)
	}
	do(t, s, fakedc.Step{Do: "whisper", Who: "bob", Chat: "friends", Text: "psst"})
	m := updateOf[*tg.UpdateNewEphemeralMessage](c).Message
	if m.Message != "psst" || m.FromID.(*tg.PeerUser).UserID != 1002 || m.ReceiverID != fakedc.DemoBotID || m.PeerID.(*tg.PeerChannel).ChannelID != 1900000001 {
		t.Errorf("heard %v", m)
	}
	after, err := c.UpdatesGetState(c.ctx)
	if err != nil || after.Pts != before.Pts || after.Qts != before.Qts || len(s.World().Messages("friends")) != 0 {
		t.Errorf("the state went from %v to %v (%v)", before, after, err)
	}
}
