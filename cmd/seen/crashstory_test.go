package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/f48b34c0/seen/internal/fakedc"
	"github.com/f48b34c0/seen/session"
)

// story is what many people do while a daemon is killed: they come by, in private
// and in groups, change their names, take over each other's, and press START. No
// two things happen at one time.
type story struct {
	world  *fakedc.World
	random *rand.Rand
	clock  fastClock
	last   int64 // when something happened last

	people []*player
	// places are where people come by first; "" is the private chat. New groups are
	// founded as the story goes on.
	places []string
	// owners has every username that anybody ever had, and whose it is now; 0 is
	// nobody's. free are those that were given up, and when.
	owners map[string]int64
	free   []freed
}

// player is one of the people.
type player struct {
	key, first, username string
	id                   int64
	place                string // where they came by; "" is the private chat
	starts               int
}

type freed struct {
	name string
	at   int64
}

func newStory(seed uint64) *story {
	s := &story{
		random: rand.New(rand.NewPCG(seed, 1)), owners: map[string]int64{},
		places: []string{"", "", "friends", "kitchen"},
		clock:  fastClock{time.Now(), 1000},
	}
	s.world = fakedc.NewDemo(fakedc.WorldOptions{Clock: s.clock.now})
	err := s.world.AddChat(fakedc.Chat{Key: "news", Title: "News", Channel: true, Members: []string{"bob", "bot"}})
	if err != nil {
		panic(err)
	}
	return s
}

func (s *story) do(ctx context.Context, step fakedc.Step) (fakedc.Result, error) {
	for s.clock.now().Unix() == s.last {
		time.Sleep(time.Second / time.Duration(s.clock.rate))
	}
	s.last = s.clock.now().Unix()
	return s.world.Do(ctx, step)
}

// tell goes on with the story until so many people have come by.
func (s *story) tell(ctx context.Context, people int) error {
	for len(s.people) < people {
		if err := s.next(ctx); err != nil {
			return err
		}
		time.Sleep(500 * time.Microsecond) // or it would all happen in one moment
	}
	return ctx.Err()
}

// next is what happens next.
func (s *story) next(ctx context.Context) error {
	n := s.random.IntN(100)
	if len(s.people) == 0 || n < 60 {
		return s.arrive(ctx)
	}
	p := s.people[s.random.IntN(len(s.people))]
	switch {
	case n < 70:
		_, err := s.do(ctx, fakedc.Step{Do: "write", Who: p.key, Chat: p.place, Text: "me again", Min: s.random.IntN(2) == 0})
		return err
	case n < 76:
		p.first = fmt.Sprintf("Person %d", s.last)
		return s.change(ctx, p, fakedc.Step{Do: "rename", FirstName: p.first})
	case n < 82 && p.username != "":
		s.owners[p.username] = 0
		s.free = append(s.free, freed{p.username, s.last})
		p.username = ""
		return s.change(ctx, p, fakedc.Step{Do: "username"})
	case n < 88:
		return s.takeOver(ctx, p)
	case n < 91:
		p.starts++
		_, err := s.do(ctx, fakedc.Step{Do: "start", Who: p.key, Payload: "promo"})
		return err
	case n < 95:
		_, err := s.do(ctx, fakedc.Step{Do: "write", Who: "bob", Chat: "news", Text: "what is new"})
		return err
	default:
		r, err := s.do(ctx, fakedc.Step{Do: "write", Who: p.key, Text: "I mean"})
		if err != nil {
			return err
		}
		_, err = s.do(ctx, fakedc.Step{Do: "edit", Who: p.key, Message: r.MessageID, Text: "I meant"})
		return err
	}
}

// arrive lets somebody new come by.
func (s *story) arrive(ctx context.Context) error {
	n := len(s.people) + 1
	p := &player{
		key: fmt.Sprintf("user%06d", n), id: int64(2_000_000 + n), first: "User",
		place: s.places[s.random.IntN(len(s.places))],
	}
	if n%20 == 0 {
		p.place = fmt.Sprintf("club%06d", n)
		s.places = append(s.places, p.place)
		if _, err := s.do(ctx, fakedc.Step{Do: "chat", Chat: p.place, Kind: "supergroup", Members: []string{"bob", "bot"}}); err != nil {
			return err
		}
	}
	p.username = p.key
	s.owners[p.username] = p.id
	s.people = append(s.people, p)
	_, err := s.do(ctx, fakedc.Step{Do: "crowd", Count: 1, Chat: p.place, Min: s.random.IntN(2) == 0})
	return err
}

// change lets somebody change something and then say so, in their own name.
func (s *story) change(ctx context.Context, p *player, step fakedc.Step) error {
	step.Who = p.key
	if _, err := s.do(ctx, step); err != nil {
		return err
	}
	_, err := s.do(ctx, fakedc.Step{Do: "write", Who: p.key, Text: "this is me now"})
	return err
}

// takeOver gives somebody a name that somebody else had a while ago, in the place
// of their own.
func (s *story) takeOver(ctx context.Context, p *player) error {
	if len(s.free) == 0 || s.last-s.free[0].at < 5 {
		return nil
	}
	name := s.free[0].name
	s.free = s.free[1:]
	if p.username != "" {
		s.owners[p.username] = 0
		s.free = append(s.free, freed{p.username, s.last})
	}
	p.username = name
	s.owners[name] = p.id
	return s.change(ctx, p, fakedc.Step{Do: "username", Username: name})
}

// starts counts the people who have pressed START, by how often.
func (s *story) starts() (n int) {
	for _, p := range s.people {
		n += p.starts
	}
	return n
}

// compare holds what the daemon has left behind against the story.
func (s *story) compare(t *testing.T, d *victim) {
	t.Helper()
	f := d.open()
	defer func() { _ = f.Close() }()
	book := f.Book()
	min := 0
	for _, p := range s.people {
		got, err := book.Peer(session.UserID(p.id))
		if err != nil {
			t.Errorf("%s (%d, %s) is missing: %v", p.key, p.id, p.place, err)
			continue
		}
		if got.Min {
			min++ // tells what was true when they came by
			continue
		}
		name := ""
		if len(got.Usernames) > 0 {
			name = got.Usernames[0].Name
		}
		if got.FirstName != p.first || name != p.username {
			t.Errorf("%s is %q @%s in the book, and %q @%s in the world", p.key, got.FirstName, name, p.first, p.username)
			for c, err := range book.History(got.ID) {
				t.Logf("%s: %q became %q, %v", c.At.Format(time.DateTime), c.Old, c.New, err)
			}
		}
		greeted, due, spoke := 0, p.starts, false
		for _, m := range s.world.Messages(p.key) {
			switch {
			case m.FromID == fakedc.DemoBotID:
				greeted++
			case !spoke: // whatever somebody says first is answered
				spoke = true
				if !strings.HasPrefix(m.Text, "/start") {
					due++
				}
			}
		}
		if greeted != due {
			t.Errorf("%s was to be greeted %d times, and was %d times", p.key, due, greeted)
		}
	}
	contested := 0
	for name, id := range s.owners {
		got, err := book.ByName(name)
		switch {
		case errors.Is(err, session.ErrContested):
			contested++ // and is not used before the server has confirmed it
		case err != nil && !errors.Is(err, session.ErrNeverSeen), err != nil && id != 0, err == nil && got.ID != session.UserID(id):
			t.Errorf("@%s is %v, %v in the book, and user %d's in the world", name, got.ID, err, id)
		}
	}
	t.Logf("%d people, %d of them min; %d names, %d contested; %d starts", len(s.people), min, len(s.owners), contested, s.starts())
}

// cutOff breaks connections, in the middle of a message or between two.
func cutOff(d *victim, random *rand.Rand) {
	if random.IntN(2) == 0 {
		d.do(fakedc.Step{Do: "cut"})
		return
	}
	d.do(fakedc.Step{Do: "fault", Method: "network", Error: "cut", Count: 1})
}

// garble loses, doubles and reorders some of the next updates.
func garble(d *victim, random *rand.Rand) {
	how := []string{"drop", "double", "reorder"}[random.IntN(3)]
	d.do(fakedc.Step{Do: "fault", Method: "updates", Error: how, Count: 1 + random.IntN(5)})
}
