package fakedc_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/internal/fakedc"
)

func name(offset, length int, u *tg.User) tg.MessageEntityClass {
	return &tg.InputMessageEntityMentionName{Offset: offset, Length: length, UserID: u.AsInput()}
}

// Section 5 of telegram-rules.md, 2 and 3: whose mention stays. The failure is
// silent: only the entities of the answer tell.
func TestWhoseMentionStays(t *testing.T) {
	join := fakedc.Step{Do: "join", Who: "carol", Chat: "friends"}
	hide := fakedc.Step{Do: "privacy", Who: "carol"}
	start := fakedc.Step{Do: "start", Who: "carol"}
	for rule, row := range map[string]struct {
		steps []fakedc.Step
		want  bool
	}{
		"known by name only":             {nil, false},
		"a member":                       {[]fakedc.Step{join}, true},
		"a member who hides":             {[]fakedc.Step{join, hide}, true},
		"who left":                       {[]fakedc.Step{join, {Do: "leave", Who: "carol", Chat: "friends"}}, false},
		"who wrote in private":           {[]fakedc.Step{start}, true},
		"who wrote in private and hides": {[]fakedc.Step{start, hide}, false},
		"who hid and shows again":        {[]fakedc.Step{start, hide, {Do: "privacy", Who: "carol", Off: true}}, true},
		"who blocked the bot":            {[]fakedc.Step{start, {Do: "block", Who: "carol"}}, true},
		"who asked inline":               {[]fakedc.Step{{Do: "inline", Who: "carol", Text: "x"}}, false},
	} {
		t.Run(rule, func(t *testing.T) {
			s := serve(t, nil)
			c := connect(t, s, clientOptions{})
			carol := c.resolve("carol")
			do(t, s, row.steps...)
			u, err := c.send(friends, "hello Carol", 1, name(6, 5, carol))
			if err != nil {
				t.Fatal(err)
			}
			answered := u.Updates[1].(*tg.UpdateNewChannelMessage).Message.(*tg.Message).Entities
			sent := do(t, s, fakedc.Step{Do: "sent", Chat: "friends"}).Messages[0].Entities
			if got := len(answered) == 1 && len(sent) == 1; got != row.want || !got && len(answered)+len(sent) > 0 {
				t.Errorf("answered %v, stored %v", answered, sent)
			}
		})
	}
}

// 5.2: a button that was pressed counts as much as a private message.
func TestPressingAButtonMakesMentionable(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	r := &tg.MessagesSendMessageRequest{Peer: &tg.InputPeerChat{ChatID: 400001}, Message: "well?", RandomID: 1}
	r.SetReplyMarkup(&tg.ReplyInlineMarkup{Rows: []tg.KeyboardInlineButtonRow{{Buttons: []tg.KeyboardInlineButton{
		{Text: "Yes", Type: &tg.InlineButtonTypeCallback{Data: []byte("yes")}},
	}}}})
	if _, err := c.MessagesSendMessage(c.ctx, r); err != nil {
		t.Fatal(err)
	}
	ann := c.resolve("ann")
	kept := func(random int64) int {
		u, err := c.send(friends, "Ann", random, name(0, 3, ann))
		if err != nil {
			t.Fatal(err)
		}
		return len(u.Updates[1].(*tg.UpdateNewChannelMessage).Message.(*tg.Message).Entities)
	}
	if n := kept(2); n != 0 {
		t.Errorf("%d mentions before", n)
	}
	id := do(t, s, fakedc.Step{Do: "press", Who: "ann", Chat: "kitchen", Message: 1, Data: "yes"}).QueryID
	if n := kept(3); n != 1 {
		t.Errorf("%d mentions after", n)
	}
	if _, err := s.World().Do(t.Context(), fakedc.Step{Do: "press", Who: "ann", Chat: "kitchen", Message: 1, Data: "no"}); err == nil {
		t.Error("a button was pressed that is not there")
	}
	if _, err := c.MessagesSetBotCallbackAnswer(c.ctx, &tg.MessagesSetBotCallbackAnswerRequest{QueryID: id, Message: "thanks"}); err != nil {
		t.Fatal(err)
	}
	_, err := c.MessagesSetBotCallbackAnswer(c.ctx, &tg.MessagesSetBotCallbackAnswerRequest{QueryID: id})
	wantError(t, err, 400, "QUERY_ID_INVALID")
	if q := do(t, s, fakedc.Step{Do: "queries"}).Queries; len(q) != 1 || q[0].Answer != "thanks" || q[0].From != 1001 {
		t.Errorf("queries are %v", q)
	}
}

// 5.4: a button to a profile says what is wrong with it.
func TestAProfileButtonSaysWhyNot(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	send := func(u tg.InputUserClass) error {
		r := &tg.MessagesSendMessageRequest{Peer: friends, Message: "who?", RandomID: 1}
		r.SetReplyMarkup(&tg.ReplyInlineMarkup{Rows: []tg.KeyboardInlineButtonRow{{Buttons: []tg.KeyboardInlineButton{
			{Text: "Profile", Type: &tg.InputInlineButtonTypeUserProfile{UserID: u}},
		}}}})
		_, err := c.MessagesSendMessage(c.ctx, r)
		return err
	}
	wantError(t, send(&tg.InputUser{UserID: 1004}), 400, "BUTTON_USER_INVALID")
	carol := c.resolve("carol").AsInput()
	do(t, s, fakedc.Step{Do: "privacy", Who: "carol"})
	wantError(t, send(carol), 400, "BUTTON_USER_PRIVACY_RESTRICTED")
	do(t, s, fakedc.Step{Do: "privacy", Who: "carol", Off: true})
	if err := send(carol); err != nil {
		t.Error(err)
	}
}

// 5.1, 5.6 to 5.9: the text around a mention.
func TestTextsOfMentions(t *testing.T) {
	mention := func(offset, length int) fakedc.StoredEntity {
		return fakedc.StoredEntity{Type: "text_mention", Offset: offset, Length: length, UserID: 1001}
	}
	for rule, row := range map[string]struct {
		text     string
		entities func(ann *tg.User) []tg.MessageEntityClass
		want     []fakedc.StoredEntity
		err      string
	}{
		"5.1 a name that the server finds": {
			text: "hi @carol", want: []fakedc.StoredEntity{{Type: "mention", Offset: 3, Length: 6}},
		},
		"5.6 a username as the text": {
			text:     "hi @ann",
			entities: func(ann *tg.User) []tg.MessageEntityClass { return []tg.MessageEntityClass{name(3, 4, ann)} },
			want:     []fakedc.StoredEntity{{Type: "mention", Offset: 3, Length: 4}},
		},
		"5.7 a hundred": {
			text:     strings.Repeat("A", 100),
			entities: func(ann *tg.User) []tg.MessageEntityClass { return many(ann, 100) },
			want: func() (list []fakedc.StoredEntity) {
				for i := range 100 {
					list = append(list, mention(i, 1))
				}
				return list
			}(),
		},
		"5.7 one more": {
			text:     strings.Repeat("A", 101),
			entities: func(ann *tg.User) []tg.MessageEntityClass { return many(ann, 101) },
			err:      "ENTITIES_TOO_LONG",
		},
		"5.8 a mention in code": {
			text: "hi Ann",
			entities: func(ann *tg.User) []tg.MessageEntityClass {
				return []tg.MessageEntityClass{&tg.MessageEntityCode{Offset: 0, Length: 6}, name(3, 3, ann)}
			},
			want: []fakedc.StoredEntity{{Type: "code", Offset: 0, Length: 6}},
		},
		"5.8 a mention in bold": {
			text: "hi Ann",
			entities: func(ann *tg.User) []tg.MessageEntityClass {
				return []tg.MessageEntityClass{&tg.MessageEntityBold{Offset: 0, Length: 6}, name(3, 3, ann)}
			},
			want: []fakedc.StoredEntity{{Type: "bold", Offset: 0, Length: 6}, mention(3, 3)},
		},
		"5.9 astral letters count twice": {
			text:     "\U0001F600 Ann",
			entities: func(ann *tg.User) []tg.MessageEntityClass { return []tg.MessageEntityClass{name(3, 3, ann)} },
			want:     []fakedc.StoredEntity{mention(3, 3)},
		},
		"5.9 half of a surrogate pair": {
			text:     "\U0001F600 Ann",
			entities: func(ann *tg.User) []tg.MessageEntityClass { return []tg.MessageEntityClass{name(1, 3, ann)} },
			err:      "ENTITY_BOUNDS_INVALID",
		},
		"5.9 beyond the end": {
			text:     "Ann",
			entities: func(ann *tg.User) []tg.MessageEntityClass { return []tg.MessageEntityClass{name(0, 4, ann)} },
			err:      "ENTITY_BOUNDS_INVALID",
		},
		"5.9 white space is cut off": {
			text:     "\n Ann \n",
			entities: func(ann *tg.User) []tg.MessageEntityClass { return []tg.MessageEntityClass{name(2, 4, ann)} },
			want:     []fakedc.StoredEntity{mention(0, 3)},
		},
	} {
		t.Run(rule, func(t *testing.T) {
			s := serve(t, nil)
			c := connect(t, s, clientOptions{})
			do(t, s, fakedc.Step{Do: "join", Who: "ann", Chat: "friends"})
			var entities []tg.MessageEntityClass
			if row.entities != nil {
				entities = row.entities(c.resolve("ann"))
			}
			_, err := c.send(friends, row.text, 1, entities...)
			if row.err != "" {
				wantError(t, err, 400, row.err)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			got := do(t, s, fakedc.Step{Do: "sent", Chat: "friends"}).Messages[0].Entities
			if diff := cmp.Diff(row.want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func many(u *tg.User, n int) []tg.MessageEntityClass {
	list := make([]tg.MessageEntityClass, n)
	for i := range list {
		list[i] = name(i, 1, u)
	}
	return list
}
