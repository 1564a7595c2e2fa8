package session

import (
	"fmt"
	"sync"
	"testing"

	"github.com/gotd/td/tg"
)

// Behavior C46: what is remembered in memory is bounded, and what it has
// forgotten comes from the file.
func TestMemoryOfConfirmationsIsBounded(t *testing.T) {
	f := mustOpen(t)
	const people = 3 * perGeneration
	var changes []change
	for n := 1; n <= people; n++ {
		changes = append(changes, crowdSighting(n))
	}
	f.add(changes...)
	if err := f.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	for n := 1; n <= people; n++ { // which the file is not told again
		s := crowdSighting(n)
		s.at++
		changes[n-1] = s
	}
	f.add(changes...)
	if err := f.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	r := &f.recent
	if len(r.peers.young) == 0 || len(r.names.young) == 0 {
		t.Error("nothing is remembered: this test shows nothing")
	}
	if n := len(r.peers.young) + len(r.peers.old); n > 2*perGeneration {
		t.Errorf("%d peers are remembered, at most %d may be", n, 2*perGeneration)
	}
	if n := len(r.names.young) + len(r.names.old); n > 2*perGeneration {
		t.Errorf("%d names are remembered, at most %d may be", n, 2*perGeneration)
	}
	for _, n := range []int{2, people / 2, people} {
		wantName(t, f, fmt.Sprintf("person_%d", n), int64(n), nil)
	}
}

// Behavior C28: an id in a message is no sighting. It is a candidate, and whoever
// it is has not been seen.
func TestReferencedIDsEnterNobody(t *testing.T) {
	m := &tg.Message{ID: 1, PeerID: &tg.PeerUser{UserID: 1}}
	m.SetFromID(&tg.PeerUser{UserID: 2})
	m.SetViaBotID(3)
	fwd := tg.MessageFwdHeader{}
	fwd.SetFromID(&tg.PeerUser{UserID: 4})
	m.SetFwdFrom(fwd)
	m.SetEntities([]tg.MessageEntityClass{&tg.MessageEntityMentionName{UserID: 5}})
	m.SetMedia(&tg.MessageMediaContact{UserID: 6})
	var h harvest
	h.updates(&tg.Updates{Updates: []tg.UpdateClass{&tg.UpdateNewMessage{Message: m}}})
	h.updates(&tg.UpdateShort{Update: &tg.UpdateNewMessage{Message: m}})
	h.updates(&tg.UpdateShortMessage{UserID: 7})
	if len(h.found) != 0 {
		t.Errorf("%d were entered", len(h.found))
	}
}

// Behavior C29: gotd puts a known full hash into a min user before it hands an
// update on, and leaves the user marked min. Harvest comes before that, and takes
// such a user for min all the same.
func TestBackfilledHashIsNotTakenForOneThatArrived(t *testing.T) {
	backfilled := minUser(777, "A.")
	if s := sightUser(backfilled); !s.min || !s.minHash {
		t.Errorf("it is taken for a full one: %+v", s)
	}
}

func TestReadersAndWritersAtOnce(t *testing.T) {
	f := mustOpen(t)
	const people = 300
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Go(func() {
			for n := 1; n <= people; n++ {
				s := crowdSighting(n)
				s.at += int64(w * 1000)
				f.add(s)
				// A reader sees a peer the moment it was harvested.
				if _, err := f.Book().Peer(UserID(int64(n))); err != nil {
					t.Error(err)
					return
				}
				if n%2 == 0 {
					if _, err := f.Book().ByName(fmt.Sprintf("person_%d", n)); err != nil {
						t.Error(err)
						return
					}
				}
				if n%100 == 0 {
					if err := f.Flush(t.Context()); err != nil {
						t.Error(err)
					}
					for range f.Book().All() { //nolint:errcheck // it must not race
					}
				}
			}
		})
	}
	wg.Wait()
}
