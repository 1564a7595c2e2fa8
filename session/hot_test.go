package session

import (
	"errors"
	"testing"

	"github.com/gotd/td/telegram"
	"github.com/gotd/td/tg"
)

// pushes returns what shows a user as the server's pushes do.
func pushes(t *testing.T, f *File) func(date int, u *tg.User) {
	var opts telegram.Options
	f.Wire(&opts)
	return func(date int, u *tg.User) {
		t.Helper()
		if err := opts.UpdateHandler.Handle(t.Context(), &tg.Updates{Date: date, Users: []tg.UserClass{u}}); err != nil {
			t.Fatal(err)
		}
	}
}

func TestHashThatIsAskedForIsNeverAnOldOne(t *testing.T) {
	f := mustOpen(t)
	push := pushes(t, f)
	see := func(date int, hash int64) {
		t.Helper()
		ann := &tg.User{ID: 1001, FirstName: "Ann"}
		ann.SetAccessHash(hash)
		ann.SetFlags()
		push(date, ann)
	}
	asked := func(when string, want int64) {
		t.Helper()
		for range 2 { // the second time it is kept
			hash, _, err := f.Book().AccessHasher().GetUserAccessHash(t.Context(), 0, 1001)
			if err != nil || hash != want {
				t.Errorf("%s the hash is %d, not %d (%v)", when, hash, want, err)
			}
		}
	}
	flush := func() {
		t.Helper()
		if err := f.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	asked("before she was seen", 0)
	see(1_700_000_000, 7)
	asked("while it waits", 7)
	flush()
	asked("on the disk", 7)
	see(1_700_000_100, 8)
	asked("while the next one waits", 8)
	flush()
	asked("when the next one is on the disk", 8)
	if err := f.Book().Forget(t.Context(), UserID(1001)); err != nil {
		t.Fatal(err)
	}
	asked("after she was forgotten", 0)
}

func TestReaderThatWasOvertakenKeepsNothing(t *testing.T) {
	var h hot
	_, _, changes := h.get(UserID(1001))
	h.drop(UserID(1001))
	h.put(UserID(1001), 7, changes)
	if hash, ok, _ := h.get(UserID(1001)); ok {
		t.Errorf("%d is kept", hash)
	}
}

func TestHotHashesAreBounded(t *testing.T) {
	var h hot
	for n := range int64(200_000) {
		_, _, changes := h.get(UserID(n + 1))
		h.put(UserID(n+1), n, changes)
		h.get(UserID(1)) // asked for all the time
	}
	var kept int
	for i := range h.shards {
		kept += len(h.shards[i].young) + len(h.shards[i].old)
	}
	if most := 2 * hotShards * perHot; kept > most || kept < most/4 {
		t.Errorf("%d are kept, and %d may be", kept, most)
	}
	if _, ok, _ := h.get(UserID(1)); !ok {
		t.Error("who is asked for all the time is not kept")
	}
}

// What the short way says, and what a batch says, have to be the same.
func TestBothWaysOfReadingSayTheSame(t *testing.T) {
	f := mustOpen(t)
	push := pushes(t, f)
	see := func(date int, id int64, name string) {
		t.Helper()
		u := &tg.User{ID: id, FirstName: "Ann", Username: name}
		u.SetAccessHash(id)
		u.SetFlags()
		push(date, u)
	}
	see(1_700_000_000, 1001, "ann")
	see(1_700_000_000, 1002, "bob")
	see(1_700_000_001, 1003, "bob") // contested
	see(1_700_000_000, 1004, "carol")
	see(1_700_001_000, 1005, "carol") // moved
	see(1_700_001_000, 1001, "ann")   // confirmed, which is not written
	if err := f.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	see(1_700_001_500, 1001, "ann") // confirmed again, which nothing waits for
	type answer struct {
		peer Peer
		at   int64
		err  error
	}
	ask := func() map[string]answer {
		out := make(map[string]answer)
		for _, name := range []string{"ann", "bob", "carol", "dave"} {
			var a answer
			a.peer, a.at, a.err = f.Book().named(name)
			out[name] = a
		}
		for id := int64(1001); id < 1007; id++ {
			var a answer
			a.peer, a.err = f.Book().Peer(UserID(id))
			out[UserID(id).String()] = a
		}
		return out
	}
	short := ask()
	// Somebody else waits, so that the row is not empty.
	f.queue.add([]change{&sighting{id: UserID(1900), at: 1_700_002_000, firstName: "Dave"}})
	long := ask()
	if at := short["ann"].at; at != 1_700_001_500 {
		t.Errorf("ann's name was confirmed at %d", at)
	}
	for what, want := range long {
		got := short[what]
		if got.at != want.at || !errors.Is(got.err, want.err) || got.peer.ID != want.peer.ID ||
			entryOf(got.peer, 1, true).AccessHash != entryOf(want.peer, 1, true).AccessHash ||
			len(got.peer.Usernames) != len(want.peer.Usernames) {
			t.Errorf("of %s the file says %+v, and a batch %+v", what, got, want)
		}
	}
}
