package fakedc_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/internal/fakedc"
)

var friends = &tg.InputPeerChannel{ChannelID: 1900000001}

func (c *client) send(to tg.InputPeerClass, text string, random int64, entities ...tg.MessageEntityClass) (*tg.Updates, error) {
	r := &tg.MessagesSendMessageRequest{Peer: to, Message: text, RandomID: random}
	if len(entities) > 0 {
		r.SetEntities(entities)
	}
	u, err := c.MessagesSendMessage(c.ctx, r)
	if err != nil {
		return nil, err
	}
	return u.(*tg.Updates), nil
}

func TestWritingNeedsADialog(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	carol := c.resolve("carol").AsInputPeer()
	typing := func() error {
		_, err := c.MessagesSetTyping(c.ctx, &tg.MessagesSetTypingRequest{Peer: carol, Action: &tg.SendMessageTypingAction{}})
		return err
	}
	want := func(code int, name string) {
		t.Helper()
		_, err := c.send(carol, "hello", 1)
		wantError(t, err, code, name)
		wantError(t, typing(), code, name)
	}
	want(400, "PEER_ID_INVALID")

	do(t, s, fakedc.Step{Do: "start", Who: "carol"})
	if _, err := c.send(carol, "hello", 2); err != nil {
		t.Error(err)
	}
	if err := typing(); err != nil {
		t.Error(err)
	}
	do(t, s, fakedc.Step{Do: "block", Who: "carol"})
	want(403, "USER_IS_BLOCKED")
	do(t, s, fakedc.Step{Do: "unblock", Who: "carol"})
	if err := typing(); err != nil {
		t.Error(err)
	}
	do(t, s, fakedc.Step{Do: "delete", Who: "carol"})
	want(400, "INPUT_USER_DEACTIVATED")
}

func TestBotsAreNotWrittenTo(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	do(t, s, fakedc.Step{Do: "person", Who: "other", Username: "other_bot", Token: "7000000002:demo"})
	_, err := c.send(c.resolve("other_bot").AsInputPeer(), "hello", 1)
	wantError(t, err, 400, "USER_BOT_TO_BOT_DISABLED")
	_, err = c.send(&tg.InputPeerSelf{}, "hello", 2)
	wantError(t, err, 400, "USER_IS_BOT")
}

func TestARandomIDIsUsedOnce(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	if _, err := c.send(friends, "once", 7); err != nil {
		t.Fatal(err)
	}
	_, err := c.send(friends, "once", 7)
	wantError(t, err, 500, "RANDOM_ID_DUPLICATE")
	if n := len(s.World().Messages("friends")); n != 1 {
		t.Errorf("%d messages, want 1", n)
	}
}

func TestAMentionStaysForMembersAndWhoeverStarted(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	do(t, s, fakedc.Step{Do: "start", Who: "ann"})
	name := func(offset, length int, u tg.InputUserClass) tg.MessageEntityClass {
		return &tg.InputMessageEntityMentionName{Offset: offset, Length: length, UserID: u}
	}
	ann, carol := c.resolve("ann").AsInput(), c.resolve("carol").AsInput()
	// The emoji takes two units; Bob is a member, Ann has started, Carol neither.
	u, err := c.send(friends, "\U0001F600 Bob Ann Carol @carol", 1,
		&tg.MessageEntityBold{Offset: 3, Length: 7},
		name(3, 3, &tg.InputUser{UserID: 1002}), name(7, 3, ann), name(11, 5, carol))
	if err != nil {
		t.Fatal(err)
	}
	want := []fakedc.StoredEntity{
		{Type: "bold", Offset: 3, Length: 7},
		{Type: "text_mention", Offset: 3, Length: 3, UserID: 1002},
		{Type: "text_mention", Offset: 7, Length: 3, UserID: 1001},
		{Type: "mention", Offset: 17, Length: 6},
	}
	sent := do(t, s, fakedc.Step{Do: "sent", Chat: "friends"}).Messages
	if diff := cmp.Diff(want, sent[0].Entities); diff != "" {
		t.Error(diff)
	}
	if got := u.Updates[1].(*tg.UpdateNewChannelMessage).Message.(*tg.Message).Entities; len(got) != 4 {
		t.Errorf("the answer has %d entities, want 4", len(got))
	}
}

func TestEntitiesAreChecked(t *testing.T) {
	c := connect(t, serve(t, nil), clientOptions{})
	for _, e := range []tg.MessageEntityClass{
		&tg.MessageEntityBold{Offset: 1, Length: 1}, // half of the emoji
		&tg.MessageEntityBold{Offset: 0, Length: 9},
		&tg.MessageEntityBold{Offset: 0, Length: 0},
		&tg.MessageEntityBold{Offset: -1, Length: 1},
	} {
		_, err := c.send(friends, "\U0001F600 x", 1, e)
		wantError(t, err, 400, "ENTITY_BOUNDS_INVALID")
	}
	_, err := c.send(friends, "Dave", 1, &tg.InputMessageEntityMentionName{Length: 4, UserID: &tg.InputUser{UserID: 1004}})
	wantError(t, err, 400, "ENTITY_MENTION_USER_INVALID")
	_, err = c.send(friends, " \n", 1)
	wantError(t, err, 400, "MESSAGE_EMPTY")
}

func TestWhiteSpaceIsCutAndEntitiesMove(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	if _, err := c.send(friends, "  bold  ", 1, &tg.MessageEntityBold{Offset: 1, Length: 7}); err != nil {
		t.Fatal(err)
	}
	got := s.World().Messages("friends")[0]
	want := []fakedc.StoredEntity{{Type: "bold", Offset: 0, Length: 4}}
	if got.Text != "bold" || !cmp.Equal(want, got.Entities) {
		t.Errorf("stored as %+v", got)
	}
}

func TestMessagesAreFoundByID(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	private := do(t, s, fakedc.Step{Do: "start", Who: "ann", Payload: "promo"}).MessageID
	group := do(t, s, fakedc.Step{Do: "write", Who: "bob", Chat: "friends", Text: "hi"}).MessageID
	r, err := c.MessagesGetMessages(c.ctx, []tg.InputMessageClass{&tg.InputMessageID{ID: private}, &tg.InputMessageID{ID: 99}})
	if err != nil {
		t.Fatal(err)
	}
	list := r.(*tg.MessagesMessages).Messages
	m := list[0].(*tg.Message)
	if _, ok := m.Entities[0].(*tg.MessageEntityBotCommand); !ok || m.Message != "/start promo" {
		t.Errorf("message is %v", m)
	}
	if _, ok := list[1].(*tg.MessageEmpty); !ok {
		t.Errorf("missing message is %v", list[1])
	}
	r, err = c.ChannelsGetMessages(c.ctx, &tg.ChannelsGetMessagesRequest{
		Channel: &tg.InputChannel{ChannelID: friends.ChannelID},
		ID:      []tg.InputMessageClass{&tg.InputMessageID{ID: group}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if m := r.(*tg.MessagesChannelMessages).Messages[0].(*tg.Message); m.Message != "hi" {
		t.Errorf("message is %v", m)
	}
}
