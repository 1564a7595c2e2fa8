package session

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/gotd/td/telegram/updates"
	"github.com/gotd/td/tg"
)

// crowdSighting is the n-th of many people.
func crowdSighting(n int) *sighting {
	u := &tg.User{ID: int64(n), FirstName: fmt.Sprintf("Person %d", n)}
	u.SetAccessHash(int64(n) * 7)
	if n%2 == 0 {
		u.SetUsername(fmt.Sprintf("person_%d", n))
	}
	s := sightUser(u)
	s.at = int64(n)
	return s
}

func listed(t *testing.T, f *File) (peers []Peer) {
	t.Helper()
	for p, err := range f.Book().All() {
		if err != nil {
			t.Fatal(err)
		}
		peers = append(peers, p)
	}
	return peers
}

// Law 4: the update state stands in the last transaction of a flush, so whatever
// transaction fails, a state in the file implies its peers in the file.
func TestStateIsWrittenAfterAllThatItCovers(t *testing.T) {
	const people = 2*maxRows + 100 // three transactions of peers and names
	ctx := t.Context()
	for k := 0; ; k++ {
		path := t.TempDir() + "/bot.session"
		f, err := Open(path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := f.signedIn(42); err != nil {
			t.Fatal(err)
		}
		if err := f.state.SetState(ctx, 1, updates.State{Pts: 1}); err != nil {
			t.Fatal(err)
		}
		if err := f.Flush(ctx); err != nil {
			t.Fatal(err)
		}
		failed := errors.New("the disk failed")
		reached, broken := 0, false
		f.write.fault = func(n int) error {
			reached = max(reached, n)
			broken = broken || n == k // and stays so
			if broken {
				return failed
			}
			return nil
		}
		changes := make([]change, people)
		for i := range changes {
			changes[i] = crowdSighting(i + 1)
		}
		f.queue.add(changes)
		if err := f.state.SetPts(ctx, 1, people); err != nil {
			t.Fatal(err)
		}
		flushErr := f.Flush(ctx)
		_ = f.Close()

		f, err = Open(path, nil)
		if err != nil {
			t.Fatal(err)
		}
		st, _, err := f.UpdateState()
		if err != nil {
			t.Fatal(err)
		}
		for n := 1; n <= people; n++ {
			if _, err := f.Book().Peer(UserID(int64(n))); n <= st.Pts && st.Pts > 1 && err != nil {
				t.Fatalf("transaction %d failed: pts %d is in the file, and person %d is not", k, st.Pts, n)
			}
		}
		counts := f.Book().Counts()
		if n := len(listed(t, f)); int(counts.Users) != n {
			t.Errorf("transaction %d failed: %d people are counted and %d listed", k, counts.Users, n)
		}
		_ = f.Close()
		if flushErr == nil {
			if k == 0 || reached < 2 || st.Pts != people {
				t.Fatalf("%d transactions, the last failure at %d, pts %d", reached+1, k, st.Pts)
			}
			return
		}
		if !errors.Is(flushErr, failed) || st.Pts != 1 {
			t.Fatalf("transaction %d failed: flush says %v, pts is %d", k, flushErr, st.Pts)
		}
	}
}

func TestNothingNewIsNotWritten(t *testing.T) {
	f := mustOpen(t)
	put(t, f, crowdSighting(2))
	written := 0
	f.write.fault = func(int) error { written++; return nil }
	again := crowdSighting(2)
	again.at += 60
	put(t, f, again)
	if written != 0 {
		t.Error("a sighting that says nothing new cost a transaction")
	}
}

func TestReaderSeesAPeerTheMomentItWasHarvested(t *testing.T) {
	f := mustOpen(t)
	f.queue.add([]change{crowdSighting(2)}) // the writer is not told
	if p, err := f.Book().Peer(UserID(2)); err != nil || p.Name() != "Person 2" {
		t.Errorf("by id: %v, %v", p, err)
	}
	if p, err := f.Book().ByName("PERSON_2"); err != nil || p.ID != UserID(2) {
		t.Errorf("by name: %v, %v", p, err)
	}
	if n := len(listed(t, f)); n != 1 {
		t.Errorf("listed %d", n)
	}
}

func TestListingGivesEachPeerOnceAndStopsNobody(t *testing.T) {
	f := mustOpen(t)
	const people = 3*page + 7
	var changes []change
	for n := 1; n <= people; n++ {
		changes = append(changes, crowdSighting(n))
	}
	f.add(changes...)
	if err := f.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	seen := map[ID]int{}
	for p, err := range f.Book().All() {
		if err != nil {
			t.Fatal(err)
		}
		seen[p.ID]++
		if len(seen) == 1500 { // a pause in which a thousand commits pass
			for n := range 1000 {
				put(t, f, crowdSighting(10*people+n))
			}
		}
		if len(seen)%500 == 0 { // a commit and a look-up inside the listing
			put(t, f, crowdSighting(people+len(seen)))
			if _, err := f.Book().ByName("person_2"); err != nil {
				t.Fatal(err)
			}
		}
	}
	for n := 1; n <= people; n++ {
		if seen[UserID(int64(n))] != 1 {
			t.Fatalf("person %d was listed %d times", n, seen[UserID(int64(n))])
		}
	}
}

func TestFlushEndsWithItsContext(t *testing.T) {
	f := mustOpen(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := f.Flush(ctx); err != nil && !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	_ = f.Close()
	if err := f.Flush(t.Context()); !errors.Is(err, ErrClosed) {
		t.Errorf("flush of a closed file: %v", err)
	}
}
