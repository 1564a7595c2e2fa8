package main

import (
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/internal/fakedc"
)

// crash is how often a daemon is killed, and how many new people come by in the
// life of each.
type crash struct{ kills, people int }

// crashOf is short, unless SEEN_CRASH is the number of kills: see "make crash".
func crashOf(t *testing.T) crash {
	t.Helper()
	c := crash{kills: 4, people: 200}
	if long := os.Getenv("SEEN_CRASH"); long != "" {
		var err error
		if c.kills, err = strconv.Atoi(long); err != nil {
			t.Fatal(err)
		}
		c.people = 400
	}
	return c
}

// mishap is what goes wrong beside the kills, at random.
type mishap struct {
	name   string
	happen func(d *victim, random *rand.Rand)
}

// Behavior C22. The update state is the commit record: whenever the daemon is
// killed, whoever the stored state covers is in the book. After the last restart
// the book is what the story has made of the world: nobody is missing, nobody
// bears a name of somebody else, and every /start was greeted once.
func TestNothingIsLostHoweverOftenTheDaemonIsKilled(t *testing.T) {
	for _, m := range append([]mishap{
		{"and nothing else", func(*victim, *rand.Rand) {}},
		{"and connections break", cutOff},
		{"and updates are lost, doubled and overtaken", garble},
	}, diskMishaps()...) {
		t.Run(m.name, func(t *testing.T) { crashOf(t).run(t, m) })
	}
}

func (c crash) run(t *testing.T, wrong mishap) {
	seed := uint64(time.Now().UnixNano())
	if s := os.Getenv("SEEN_SEED"); s != "" {
		var err error
		if seed, err = strconv.ParseUint(s, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("SEEN_SEED=%d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	s := newStory(seed)
	d := newVictim(t, s.world)
	d.clock = s.clock.env()
	d.flags = append(d.flags, "--rate", "0", "--chat-rate", "0") // most of the story is greetings
	d.run()                                                      // signs in: from here on every update counts

	torn := 0
	for n := range c.kills {
		told := make(chan error, 1)
		go func() { told <- s.tell(t.Context(), (n+1)*c.people) }()
		for alive := time.Duration(20+random.IntN(600)) * time.Millisecond; alive > 0; alive -= 20 * time.Millisecond {
			time.Sleep(20 * time.Millisecond)
			if random.IntN(5) == 0 {
				wrong.happen(d, random)
			}
		}
		d.kill()
		if err := <-told; err != nil { // the rest of it happens while nobody is there
			t.Fatal(err)
		}
		covered := d.check()
		missing := len(d.dc.World().Counted()) - covered
		if missing > 0 && covered > 0 {
			torn++
		}
		t.Logf("crash %d: the stored state covers %d updates, %d are not stored", n+1, covered, missing)
		if random.IntN(3) == 0 {
			d.start() // and dies on the way
		} else {
			d.do(fakedc.Step{Do: "fault"}) // what has piled up would keep it from getting ready
			d.run()
		}
	}
	if torn == 0 {
		t.Error("no crash came in the middle of a harvest: this test shows nothing")
	}
	d.do(fakedc.Step{Do: "fault"}) // ends all of them
	d.kill()                       // and the limit on its disk
	d.run()
	d.drain(func(st answer.Status) bool {
		return st.Outbox == 0 && st.Peers.Users > len(s.people) && st.File.Trouble == nil
	})
	// What nobody waits for is handled by itself, and stored by then.
	for deadline := time.Now().Add(scriptPatience); ; d.run() {
		d.stop()
		if d.stored() == d.do(fakedc.Step{Do: "stats"}).Stats.Pts {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("the story has ended, and pts %d is stored", d.stored())
		}
	}
	d.check()
	s.compare(t, d)
}

// drain waits until the daemon is done. Thousands of greetings are owed by then, and
// each of them takes a commit; only to stand still is a fault.
func (d *victim) drain(done func(answer.Status) bool) {
	d.t.Helper()
	left := math.MaxInt
	for over := false; !over; {
		st, moved := d.waits(scriptPatience, func(st answer.Status) bool {
			over = done(st)
			return over || st.Outbox < left
		})
		if !moved {
			d.t.Errorf("the story has ended, and the daemon is not done: %+v", st) // compare tells who is missing
			return
		}
		left = st.Outbox
	}
}
