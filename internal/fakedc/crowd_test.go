package fakedc_test

import (
	"testing"
	"time"

	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/internal/fakedc"
)

func TestACrowdArrivesCompletely(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	const people = 4000
	began := time.Now()
	do(t, s, fakedc.Step{Do: "crowd", Count: people, Mix: true})
	made := time.Since(began)
	pts, channel, users := map[int]bool{}, map[int]bool{}, map[int64]bool{}
	for _, u := range c.received(people) {
		switch u := u.Updates[0].(type) {
		case *tg.UpdateNewMessage:
			pts[u.Pts] = true
		case *tg.UpdateNewChannelMessage:
			channel[u.Pts] = true
		}
		users[u.Users[0].GetID()] = true
	}
	t.Logf("made in %v, received in %v: %.0f people a second", made, time.Since(began), people/time.Since(began).Seconds())
	if len(pts) != people/2 || len(channel) != people/2 || len(users) != people {
		t.Errorf("%d + %d messages of %d people, want %d", len(pts), len(channel), len(users), people)
	}
	stats := do(t, s, fakedc.Step{Do: "stats"}).Stats
	if stats.Chats["friends"].Members != 2+people/2 || stats.People != 5+people {
		t.Errorf("stats are %+v", stats)
	}
}
