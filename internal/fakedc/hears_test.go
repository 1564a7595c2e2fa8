package fakedc_test

import (
	"slices"
	"testing"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/proto"
	"github.com/gotd/td/tg"
	"github.com/gotd/td/transport"

	"github.com/f48b34c0/seen/internal/fakedc"
)

// Each row is one of telegram-rules.md 4.5 or of privacy mode: what of a group the
// bot gets, by push and by difference, in a supergroup and in a basic group. The
// other bot is a member, and message 1 is the bot's.
func TestWhatABotHearsInGroups(t *testing.T) {
	on := func(do, who string) fakedc.Step { return fakedc.Step{Do: do, Who: who} }
	admin := fakedc.Step{Do: "promote", Who: "bob", Other: "bot", Rights: []string{"other"}}
	other, bob := fakedc.Step{Do: "write", Who: "other"}, fakedc.Step{Do: "write", Who: "bob"}
	says := func(s fakedc.Step, text string, reply int) fakedc.Step {
		s.Text, s.Reply = text, reply
		return s
	}
	const toTheBot, toNobody = "/help@seen_demo_bot", "/help"
	for rule, row := range map[string]struct {
		steps []fakedc.Step
		said  fakedc.Step
		hears bool
	}{
		"4.5 a bot, nobody has the mode":              {nil, says(other, "hi", 0), false},
		"4.5 a bot, the sender has it":                {[]fakedc.Step{on("bot_to_bot", "other")}, says(other, "hi", 0), false},
		"4.5 a bot, the receiver has it":              {[]fakedc.Step{on("bot_to_bot", "bot")}, says(other, "hi", 0), true},
		"4.5 the same in privacy mode":                {[]fakedc.Step{on("bot_to_bot", "bot"), on("group_privacy", "bot")}, says(other, "hi", 0), false},
		"4.5 the same in privacy mode, as an admin":   {[]fakedc.Step{on("bot_to_bot", "bot"), on("group_privacy", "bot"), admin}, says(other, "hi", 0), true},
		"4.5 a command, nobody has the mode":          {nil, says(other, toTheBot, 0), false},
		"4.5 a command, the sender has it":            {[]fakedc.Step{on("bot_to_bot", "other")}, says(other, toTheBot, 0), true},
		"4.5 a command, the receiver has it":          {[]fakedc.Step{on("bot_to_bot", "bot"), on("group_privacy", "bot")}, says(other, toTheBot, 0), true},
		"4.5 a command to nobody":                     {[]fakedc.Step{on("bot_to_bot", "other")}, says(other, toNobody, 0), false},
		"4.5 a command to another":                    {[]fakedc.Step{on("bot_to_bot", "other")}, says(other, "/help@other_bot", 0), false},
		"4.5 an answer, nobody has the mode":          {nil, says(other, "hi", 1), false},
		"4.5 an answer, the sender has it":            {[]fakedc.Step{on("bot_to_bot", "other")}, says(other, "hi", 1), true},
		"4.5 an answer, as an admin without the mode": {[]fakedc.Step{admin}, says(other, "hi", 1), false},
		"people":                                       {nil, says(bob, "hi", 0), true},
		"people, in privacy mode":                      {[]fakedc.Step{on("group_privacy", "bot")}, says(bob, "hi", 0), false},
		"people, in privacy mode, as an admin":         {[]fakedc.Step{on("group_privacy", "bot"), admin}, says(bob, "hi", 0), true},
		"people's command, in privacy mode":            {[]fakedc.Step{on("group_privacy", "bot")}, says(bob, toTheBot, 0), true},
		"people's command to another, in privacy mode": {[]fakedc.Step{on("group_privacy", "bot")}, says(bob, "/help@other_bot", 0), false},
		"people's command to whoever spoke last":       {[]fakedc.Step{on("group_privacy", "bot")}, says(bob, toNobody, 0), true},
		"people's command, another bot spoke last":     {[]fakedc.Step{on("group_privacy", "bot"), says(other, "x", 0)}, says(bob, toNobody, 0), false},
		"people's answer, in privacy mode":             {[]fakedc.Step{on("group_privacy", "bot")}, says(bob, "hi", 1), true},
	} {
		for _, chat := range []string{"den", "hut"} {
			t.Run(rule+", "+chat, func(t *testing.T) {
				s := serve(t, nil)
				in := func(steps ...fakedc.Step) {
					t.Helper()
					for _, step := range steps {
						step.Chat = chat
						do(t, s, step)
					}
				}
				do(t, s, fakedc.Step{Do: "person", Who: "other", Username: "other_bot", Token: "7000000002:demo"},
					fakedc.Step{Do: "chat", Chat: "den", Kind: "supergroup", Members: []string{"bob", "other", "bot"}},
					fakedc.Step{Do: "chat", Chat: "hut", Kind: "group", Members: []string{"bob", "other", "bot"}})
				in(fakedc.Step{Do: "write", Who: "bot", Text: "I am here"})
				in(row.steps...)
				r := dialRaw(t, s, transport.Intermediate)
				r.signIn()
				in(row.said)
				// Whatever comes, it comes before what Bob says in private.
				do(t, s, fakedc.Step{Do: "start", Who: "bob"})
				if got := r.hears(row.said.Text); got != row.hears {
					t.Errorf("pushed: %t, want %t", got, row.hears)
				}
				if chat == "den" {
					if got := r.missed(row.said.Text); got != row.hears {
						t.Errorf("by difference: %t, want %t", got, row.hears)
					}
				}
			})
		}
	}
}

// hears says whether a message with this text comes before one with /start.
func (r *raw) hears(text string) (found bool) {
	r.t.Helper()
	for {
		for _, h := range r.receive() {
			var u tg.Updates
			if !h.is(tg.UpdatesTypeID) || u.Decode(&h.buf) != nil {
				continue
			}
			for _, one := range u.Updates {
				switch one := one.(type) {
				case *tg.UpdateNewMessage:
					m, ok := one.Message.(*tg.Message)
					if ok && m.Message == "/start" {
						return found
					}
					found = found || ok && m.Message == text
				case *tg.UpdateNewChannelMessage:
					m, ok := one.Message.(*tg.Message)
					found = found || ok && m.Message == text
				}
			}
		}
	}
}

// missed asks for everything in the supergroup "den" from its beginning on.
func (r *raw) missed(text string) bool {
	r.t.Helper()
	const den = 1900000003 // the third chat of the world
	r.send(r.nextID(), 3, &tg.UpdatesGetChannelDifferenceRequest{
		Channel: &tg.InputChannel{ChannelID: den}, Filter: &tg.ChannelMessagesFilterEmpty{}, Pts: 1, Limit: 100,
	})
	var (
		result proto.Result
		box    tg.UpdatesChannelDifferenceBox
	)
	last(r.t, r.until(proto.ResultTypeID), proto.ResultTypeID, &result)
	if err := box.Decode(&bin.Buffer{Buf: result.Result}); err != nil {
		r.t.Fatal(err)
	}
	d, ok := box.ChannelDifference.(*tg.UpdatesChannelDifference)
	return ok && slices.ContainsFunc(d.NewMessages, func(m tg.MessageClass) bool {
		x, ok := m.(*tg.Message)
		return ok && x.Message == text
	})
}
