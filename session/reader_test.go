package session

import (
	"fmt"
	"testing"
)

// Where the trees begin moves with every commit, and what stood there before is
// written over: whoever is looked up is found as the file has them now.
func TestLookupsFollowTheFile(t *testing.T) {
	path := t.TempDir() + "/bot.session"
	f := openAt(t, path)
	name := func(n, round int) string { return fmt.Sprintf("person_%d_%d", n, round) }
	const people, rounds = 400, 4
	for round := range rounds {
		// Each round brings more people, and new names for all who are there.
		there := people * (round + 2) / 2
		var list []*sighting
		for n := range there {
			s := bearer(int64(n+1), int64(1000+10*round), name(n, round))
			s.firstName = fmt.Sprint("Somebody ", round)
			list = append(list, s)
		}
		put(t, f, list...)
		for n := range there {
			p, err := f.Book().Peer(UserID(int64(n + 1)))
			if err != nil || p.FirstName != fmt.Sprint("Somebody ", round) {
				t.Fatalf("round %d: number %d is %+v, %v", round, n, p, err)
			}
			wantName(t, f, name(n, round), int64(n+1), nil)
			if round > 0 && n < people*(round+1)/2 {
				wantName(t, f, name(n, round-1), 0, ErrNeverSeen)
			}
		}
		wantName(t, f, name(there, round), 0, ErrNeverSeen)
		if round == 0 { // from here on the trees have pages of their own from the beginning
			reopen(t, &f, path)
		}
	}
}
