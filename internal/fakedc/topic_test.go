package fakedc_test

import (
	"testing"

	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/internal/fakedc"
)

// forum is a chat with the bot, Ann, who has made it, and Bob; its topic Cats is
// message 2.
func forum(t *testing.T) (*client, *fakedc.Server, *tg.InputPeerChannel) {
	t.Helper()
	s := serve(t, nil)
	id := int64(1900000777)
	if err := s.World().AddChat(fakedc.Chat{Key: "forum", ID: id, Title: "Forum", Forum: true, Members: []string{"ann", "bob", "bot"}}); err != nil {
		t.Fatal(err)
	}
	if r := do(t, s, fakedc.Step{Do: "topic", Who: "ann", Chat: "forum", Text: "Cats"}); r.MessageID != 2 {
		t.Fatalf("the topic is %d", r.MessageID)
	}
	return connect(t, s, clientOptions{}), s, &tg.InputPeerChannel{ChannelID: id}
}

// 4.4: what a bot is told that writes into topics, and where its messages go.
func TestWritingIntoTopics(t *testing.T) {
	change := func(s fakedc.Step) fakedc.Step {
		s.Do, s.Who, s.Chat, s.Message = "topic", "ann", "forum", 2
		return s
	}
	promote := fakedc.Step{Do: "promote", Who: "ann", Chat: "forum", Other: "bot", Rights: []string{"topics"}}
	into := func(id int) *tg.InputReplyToMessage {
		r := &tg.InputReplyToMessage{}
		r.SetTopMsgID(id)
		return r
	}
	for rule, row := range map[string]struct {
		steps []fakedc.Step
		reply tg.InputReplyToClass
		want  string
		code  int
		// topic and answers are of the message that was stored.
		topic, answers int
	}{
		"General":                    {},
		"an answer to no message":    {reply: &tg.InputReplyToMessage{}},
		"General by its number":      {reply: into(1)},
		"a topic":                    {reply: into(2), topic: 2},
		"a topic by its message":     {reply: &tg.InputReplyToMessage{ReplyToMsgID: 2}, topic: 2},
		"an answer in a topic":       {reply: &tg.InputReplyToMessage{ReplyToMsgID: 3}, topic: 2, answers: 3},
		"an answer and its topic":    {reply: func() tg.InputReplyToClass { r := into(2); r.ReplyToMsgID = 3; return r }(), topic: 2, answers: 3},
		"a topic that never was":     {reply: into(99), want: "REPLY_MESSAGE_ID_INVALID", code: 400},
		"a message that never was":   {reply: &tg.InputReplyToMessage{ReplyToMsgID: 99}, want: "REPLY_MESSAGE_ID_INVALID", code: 400},
		"a message that is gone":     {steps: []fakedc.Step{{Do: "retract", Who: "bob", Chat: "forum", Message: 3}}, reply: &tg.InputReplyToMessage{ReplyToMsgID: 3}},
		"a closed topic":             {steps: []fakedc.Step{change(fakedc.Step{Off: true})}, reply: into(2), want: "TOPIC_CLOSED", code: 406},
		"a closed topic, by admins":  {steps: []fakedc.Step{promote, change(fakedc.Step{Off: true})}, reply: into(2), topic: 2},
		"a topic that is open again": {steps: []fakedc.Step{change(fakedc.Step{Off: true}), change(fakedc.Step{})}, reply: into(2), topic: 2},
		"a topic that is gone":       {steps: []fakedc.Step{change(fakedc.Step{Drop: true})}, reply: into(2), want: "TOPIC_DELETED", code: 406},
	} {
		t.Run(rule, func(t *testing.T) {
			c, s, peer := forum(t)
			do(t, s, fakedc.Step{Do: "write", Who: "bob", Chat: "forum", Text: "meow", Topic: 2})
			do(t, s, row.steps...)
			r := &tg.MessagesSendMessageRequest{Peer: peer, Message: "hello", RandomID: 1, Silent: true}
			if row.reply != nil {
				r.SetReplyTo(row.reply)
			}
			_, err := c.MessagesSendMessage(c.ctx, r)
			if row.want != "" {
				wantError(t, err, row.code, row.want)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			kept := s.World().Messages("forum")
			if m := kept[len(kept)-1]; m.Topic != row.topic || m.ReplyTo != row.answers || !m.Silent {
				t.Errorf("stored as %+v, want topic %d and an answer to %d", m, row.topic, row.answers)
			}
		})
	}
}

func TestATopicIsInTheHeader(t *testing.T) {
	c, s, _ := forum(t)
	got := c.oneByOne(s,
		fakedc.Step{Do: "write", Who: "bob", Chat: "forum", Text: "meow", Topic: 2},
		fakedc.Step{Do: "write", Who: "bob", Chat: "forum", Text: "purr", Reply: 3},
		fakedc.Step{Do: "write", Who: "bob", Chat: "forum", Text: "hi"})
	type header struct {
		forum   bool
		id, top int
	}
	for i, want := range []header{{true, 2, 0}, {true, 3, 2}, {}} {
		m := got[i].Updates[0].(*tg.UpdateNewChannelMessage).Message.(*tg.Message)
		var h header
		if r, ok := m.ReplyTo.(*tg.MessageReplyHeader); ok {
			h = header{r.ForumTopic, r.ReplyToMsgID, r.ReplyToTopID}
		}
		if h != want {
			t.Errorf("message %d has %+v, want %+v", i, h, want)
		}
	}
	if chat := got[0].Chats[0].(*tg.Channel); !chat.Forum {
		t.Errorf("the chat is %v", chat)
	}
}

// 7: a wait that is the chat's own, not the method's.
func TestSlowMode(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	do(t, s, fakedc.Step{Do: "slowmode", Who: "bob", Chat: "friends", For: "30s"})
	say := func(random int64) error {
		_, err := c.send(friends, "hello", random)
		return err
	}
	if err := say(1); err != nil {
		t.Fatal(err)
	}
	do(t, s, fakedc.Step{Do: "wait", For: "10s"})
	_, err := c.MessagesForwardMessages(c.ctx, &tg.MessagesForwardMessagesRequest{
		FromPeer: friends, ToPeer: friends, ID: []int{1}, RandomID: []int64{5},
	})
	for _, err := range []error{say(2), err} {
		if e := asError(t, err); e.Type != "SLOWMODE_WAIT" || e.Code != 420 || e.Argument < 19 || e.Argument > 20 {
			t.Errorf("got %v", err)
		}
	}
	// Other chats, and typing, go on.
	if _, err := c.send(&tg.InputPeerChat{ChatID: 400001}, "hello", 3); err != nil {
		t.Error(err)
	}
	if _, err := c.MessagesSetTyping(c.ctx, &tg.MessagesSetTypingRequest{Peer: friends, Action: &tg.SendMessageTypingAction{}}); err != nil {
		t.Error(err)
	}
	r, err := c.ChannelsGetFullChannel(c.ctx, &tg.InputChannel{ChannelID: friends.ChannelID})
	if err != nil {
		t.Fatal(err)
	}
	if full := r.FullChat.(*tg.ChannelFull); full.SlowmodeSeconds != 30 || full.SlowmodeNextSendDate == 0 || !r.Chats[0].(*tg.Channel).SlowmodeEnabled {
		t.Errorf("friends is %v", full)
	}
	do(t, s, fakedc.Step{Do: "wait", For: "20s"})
	if err := say(2); err != nil {
		t.Error(err)
	}
	do(t, s, fakedc.Step{Do: "promote", Who: "bob", Chat: "friends", Other: "bot", Rights: []string{"other"}})
	if err := say(4); err != nil {
		t.Errorf("an admin waits: %v", err)
	}
	do(t, s, fakedc.Step{Do: "join", Who: "carol", Chat: "friends"}, fakedc.Step{Do: "write", Who: "carol", Chat: "friends", Text: "hi"})
	if _, err := s.World().Do(t.Context(), fakedc.Step{Do: "write", Who: "carol", Chat: "friends", Text: "hi"}); err == nil {
		t.Error("carol did not have to wait")
	}
}
