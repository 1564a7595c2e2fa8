package fakedc_test

import (
	"fmt"
	"testing"

	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/internal/fakedc"
)

func TestAChorusIsHeardManyAtATime(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	const people, size = 250, 100
	var members []string
	for n := range people {
		key := fmt.Sprintf("singer%d", n)
		if _, err := s.World().AddPerson(fakedc.Person{Key: key, ID: int64(3_000_000 + n), Username: key}); err != nil {
			t.Fatal(err)
		}
		members = append(members, key)
	}
	// The second time they are nobody new, and nothing else is different.
	for range 2 {
		do(t, s, fakedc.Step{Do: "chorus", Members: members, Size: size, Text: "hello"})
	}
	pts, sizes := map[int]bool{}, map[int]int{}
	for _, u := range c.received(6) { // in any order, as gotd hands them on
		if len(u.Updates) != len(u.Users) {
			t.Errorf("%d messages came with %d people", len(u.Updates), len(u.Users))
		}
		sizes[len(u.Updates)]++
		for i, one := range u.Updates {
			m := one.(*tg.UpdateNewMessage)
			pts[m.Pts] = true
			who := u.Users[i].(*tg.User)
			if from := 3_000_000 + int64(m.Pts-2)%people; who.ID != from || who.Min || who.AccessHash == 0 || m.PtsCount != 1 {
				t.Errorf("the message of %d is %v of %v", from, m, who)
			}
		}
	}
	if len(pts) != 2*people || sizes[size] != 4 || sizes[people%size] != 2 {
		t.Errorf("%d messages came in containers of %v", len(pts), sizes)
	}
	// Who reads it later gets every message.
	d, err := c.UpdatesGetDifference(c.ctx, &tg.UpdatesGetDifferenceRequest{Pts: 1, Qts: 1, Date: 1})
	if err != nil {
		t.Fatal(err)
	}
	if d, ok := d.(*tg.UpdatesDifference); !ok || len(d.NewMessages) != 2*people {
		t.Errorf("difference is %T", d)
	}
}

func TestWhatIsHeldComesWhenItIsReleased(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	const people = 1000
	do(t, s, fakedc.Step{Do: "hold"}, fakedc.Step{Do: "crowd", Count: people})
	c.resolve("ann") // an answer is not held back
	if n := len(c.received(0)); n != 0 {
		t.Fatalf("%d pushes came while they were held", n)
	}
	if r := do(t, s, fakedc.Step{Do: "release"}); r.Count != people {
		t.Errorf("%d pushes were released", r.Count)
	}
	do(t, s, fakedc.Step{Do: "start", Who: "ann"}) // nothing is held any more
	pts := map[int]bool{}
	for _, u := range c.received(people + 1) {
		pts[u.Updates[0].(*tg.UpdateNewMessage).Pts] = true
	}
	if len(pts) != people+1 {
		t.Errorf("%d messages came", len(pts))
	}
}
