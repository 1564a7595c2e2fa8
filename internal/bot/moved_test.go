package bot

import (
	"fmt"
	"testing"
	"time"

	"github.com/gotd/td/telegram"
	"github.com/gotd/td/tg"
	"pgregory.net/rapid"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/internal/fakedc"
)

// A name wanders between two people, who are seen with it and without it, in whole or
// by updateUserName alone. In whatever order the envelopes come, a message by that
// name goes to whoever has it now, or nowhere; never to the other one. Behavior C37,
// and telegram-rules.md section 6: usernames are reassignable.
func TestAMessageByANameThatMovedNeverGoesToItsFormerOwner(t *testing.T) {
	s := newSearcher(t)
	opts := wired(t, s.file)
	n, sent, contested := 0, 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		name := fmt.Sprintf("wanderer_%d", n)
		var people [2]wanderer
		for i := range people {
			people[i] = s.wanderer(fmt.Sprintf("w%d_%d", n, i))
		}
		// Both are in the book: of somebody who is not, updateUserName says nothing.
		at := time.Now().Add(-10 * time.Minute)
		for _, w := range people {
			deliverTo(rt, opts, w.seen(at, "", false))
		}
		// Each claim is some seconds after the one before; within two seconds nobody
		// can tell whose the name is.
		at = at.Add(time.Minute)
		var envelopes []*tg.Updates
		owner := -1
		for range rapid.IntRange(1, 6).Draw(rt, "claims") {
			next := rapid.IntRange(0, 1).Draw(rt, "owner")
			if owner >= 0 && next != owner {
				envelopes = append(envelopes, people[owner].seen(at, "", rapid.Bool().Draw(rt, "short")))
			}
			owner = next
			envelopes = append(envelopes, people[owner].seen(at, name, rapid.Bool().Draw(rt, "short")))
			at = at.Add(time.Duration(rapid.IntRange(1, 9).Draw(rt, "later")) * time.Second)
		}
		s.tell(fakedc.Step{Do: "username", Who: people[owner].key, Username: name})
		for _, u := range rapid.Permutation(envelopes).Draw(rt, "order") {
			deliverTo(rt, opts, u)
			if rapid.Bool().Draw(rt, "commit") {
				flush(t, s.file)
			}
		}
		_, err := s.Send(t.Context(), answer.SendRequest{To: "@" + name, Text: "For " + people[owner].key})
		if got := s.letters(people[1-owner].key); got != 0 {
			rt.Fatalf("the other one got the message")
		}
		switch got := s.letters(people[owner].key); {
		case err == nil && got == 1:
			sent++
		case err != nil && got == 0 && answer.From(err).Code == answer.Contested:
			contested++
		default:
			rt.Fatalf("%d messages for the owner, %v", got, err)
		}
	})
	t.Logf("%d were sent, %d refused, and the server was asked %+v", sent, contested, s.counted())
	if sent == 0 {
		t.Error("none was sent: this shows nothing")
	}
}

// wanderer is somebody who bears a name for a while.
type wanderer struct {
	id  int64
	key string
}

func (s *searcher) wanderer(key string) wanderer {
	s.t.Helper()
	id, err := s.world.AddPerson(fakedc.Person{Key: key})
	if err != nil {
		s.t.Fatal(err)
	}
	s.tell(fakedc.Step{Do: "start", Who: key})
	return wanderer{id, key}
}

// seen is an envelope that shows somebody with a name, or without one.
func (w wanderer) seen(at time.Time, name string, short bool) *tg.Updates {
	u := &tg.Updates{Date: int(at.Unix())}
	if short {
		names := []tg.Username{}
		if name != "" {
			names = append(names, tg.Username{Username: name, Active: true, Editable: true})
		}
		u.Updates = []tg.UpdateClass{&tg.UpdateUserName{UserID: w.id, FirstName: w.key, Usernames: names}}
		return u
	}
	user := &tg.User{ID: w.id, FirstName: w.key}
	if name != "" {
		user.SetUsername(name)
	}
	u.Users = []tg.UserClass{user}
	return u
}

func deliverTo(t *rapid.T, opts telegram.Options, u *tg.Updates) {
	t.Helper()
	if err := opts.UpdateHandler.Handle(t.Context(), u); err != nil {
		t.Fatal(err)
	}
}

// letters counts what the bot has sent to somebody.
func (s *searcher) letters(key string) (n int) {
	for _, m := range s.world.Messages(key) {
		if m.FromID == fakedc.DemoBotID {
			n++
		}
	}
	return n
}
