package main

import (
	"context"
	"strings"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/internal/fakedc"
)

// The people of the demo world whom the story calls by id.
const (
	bobID     = "1002"
	daveID    = "1004"
	friendsID = "-1001900000001"
)

// play tells the story, a line per step. The numbers in it are what the server
// has counted, not what the bot believes.
func (s *stage) play(ctx context.Context) error {
	for _, scene := range []func(context.Context) error{
		s.arrive, s.greet, s.overhear, s.resolve, s.write, s.mention, s.refuse, s.restart,
	} {
		if err := scene(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (s *stage) arrive(ctx context.Context) error {
	self, err := s.wake(ctx)
	if err != nil {
		return err
	}
	if err := s.say("a Telegram starts in this process, and in it live Ann, Bob, Carol and Dave"); err != nil {
		return err
	}
	return s.say("the bot signs in as %s and has seen nobody", usernames(self))
}

func (s *stage) greet(ctx context.Context) error {
	if _, err := s.world.Do(ctx, fakedc.Step{Who: "ann", Do: "start", Payload: "promo"}); err != nil {
		return err
	}
	var greeting string
	err := until(ctx, "Ann is not greeted", func() bool {
		for _, m := range s.world.Messages("ann") {
			if m.From == "bot" {
				greeting = m.Text
			}
		}
		return greeting != ""
	})
	if err != nil {
		return err
	}
	return s.say("Ann opens the bot by t.me/%s?start=promo and is greeted: %q", fakedc.DemoUsername, greeting)
}

func (s *stage) overhear(ctx context.Context) error {
	if _, err := s.world.Do(ctx, fakedc.Step{Who: "bob", Do: "write", Chat: "friends", Text: "Hi all"}); err != nil {
		return err
	}
	var bob answer.Peer
	err := until(ctx, "Bob is not seen", func() (found bool) {
		var err error
		bob, err = s.bot.Resolve(ctx, answer.ResolveRequest{Ref: bobID, CachedOnly: true})
		return err == nil
	})
	if err != nil {
		return err
	}
	return s.say("Bob only speaks in the group Friends, and is seen there: %s, access hash %s", who(bob), bob.Hash)
}

func (s *stage) resolve(ctx context.Context) error {
	before := s.calls()
	carol, err := s.bot.Resolve(ctx, answer.ResolveRequest{Ref: "@carol"})
	if err != nil {
		return err
	}
	return s.say("the bot resolves @carol: %s, %s", who(carol), s.since(before, "contacts.resolveUsername"))
}

func (s *stage) write(ctx context.Context) error {
	sent, err := s.bot.Send(ctx, answer.SendRequest{To: "@ann", Text: "Your order has shipped"})
	if err != nil {
		return err
	}
	for _, m := range s.world.Messages("ann") {
		if m.ID == sent.MessageID {
			return s.say("the bot writes to Ann, and she reads: %q", m.Text)
		}
	}
	return answer.Errorf(answer.Failed, "the story stops: Ann has no message %d", sent.MessageID)
}

func (s *stage) mention(ctx context.Context) error {
	got, err := s.bot.Mention(ctx, answer.MentionRequest{Chat: friendsID, Text: "Thanks, {" + bobID + "|Bob}"})
	if err != nil {
		return err
	}
	for _, m := range s.world.Messages("friends") {
		if m.ID != got.MessageID {
			continue
		}
		for _, e := range m.Entities {
			return s.say("the bot mentions Bob in Friends, and the server keeps: %q, %s of user %d at %d, length %d",
				m.Text, e.Type, e.UserID, e.Offset, e.Length)
		}
	}
	return answer.Errorf(answer.Failed, "the story stops: the server kept no mention in message %d", got.MessageID)
}

func (s *stage) refuse(ctx context.Context) error {
	before := s.calls()
	_, err := s.bot.Send(ctx, answer.SendRequest{To: daveID, Text: "Hello"})
	if err == nil {
		return answer.Errorf(answer.Failed, "the story stops: the bot wrote to Dave, whom it has never seen")
	}
	if answer.From(err).Code != answer.NeverSeen {
		return err
	}
	return s.say("the bot refuses to write to Dave, id %s: %s; %s", daveID, err, s.since(before, "messages.sendMessage"))
}

func (s *stage) restart(ctx context.Context) error {
	if err := s.sleep(); err != nil {
		return err
	}
	if _, err := s.wake(ctx); err != nil {
		return err
	}
	if err := s.say("the bot stops, and starts again from its file"); err != nil {
		return err
	}
	before := s.calls()
	ann, err := s.bot.Resolve(ctx, answer.ResolveRequest{Ref: "@ann"})
	if err != nil {
		return err
	}
	asked := s.since(before, "contacts.resolveUsername", "users.getUsers")
	if _, err := s.bot.Send(ctx, answer.SendRequest{To: "@ann", Text: "Still here"}); err != nil {
		return err
	}
	return s.say("it still knows Ann: %s, %s; and writes to her: %s",
		who(ann), asked, s.since(before, "messages.sendMessage"))
}

func (s *stage) calls() map[string]int { return s.world.Calls() }

// since tells how often the methods were called after before was counted.
func (s *stage) since(before map[string]int, methods ...string) string {
	now := s.calls()
	n := 0
	for _, m := range methods {
		n += now[m] - before[m]
	}
	return plural(n, "call") + " of " + strings.Join(methods, " or ")
}
