package bot

import (
	"testing"
	"time"

	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/internal/fakedc"
)

// Behavior C37.
func TestANameThatExpiredIsConfirmedByItsOwner(t *testing.T) {
	s := newSearcher(t)
	s.wantPeer("@carol", 1003, fromServer)
	s.wantPeer("@carol", 1003, fromBook)
	s.wantCalls(asked{names: 1})

	s.age()
	s.wantCached("@carol", 1003, "")
	s.wantPeer("1003", 1003, fromBook) // an id does not expire
	s.wantCalls(asked{names: 1})
	s.wantPeer("@Carol", 1003, fromServer)
	s.wantCalls(asked{names: 1, users: 1})
}

// Behavior C37: the former owner loses the name.
func TestANameThatMovedIsGivenToItsNewOwner(t *testing.T) {
	s := newSearcher(t)
	s.wantPeer("@carol", 1003, fromServer)
	s.tell(fakedc.Step{Do: "username", Who: "carol"})
	s.tell(fakedc.Step{Do: "username", Who: "dave", Username: "carol"})
	s.wantPeer("@carol", 1003, fromBook) // nobody can know yet

	s.age()
	s.wantPeer("@carol", 1004, fromServer)
	s.wantCalls(asked{names: 2, users: 1})
	p, err := s.Resolve(t.Context(), answer.ResolveRequest{Ref: "1003"})
	if err != nil || len(p.Usernames) > 0 {
		t.Errorf("the former owner still bears %v, %v", p.Usernames, err)
	}
}

func TestANameThatWasGivenUpIsNobodys(t *testing.T) {
	s := newSearcher(t)
	s.wantPeer("@carol", 1003, fromServer)
	s.tell(fakedc.Step{Do: "username", Who: "carol"})
	s.age()
	_, err := s.Resolve(t.Context(), answer.ResolveRequest{Ref: "@carol"})
	if answer.From(err).Code != answer.NotFound {
		t.Errorf("got %v", err)
	}
	s.wantCalls(asked{names: 2, users: 1})
	s.wantCached("@carol", 0, answer.NeverSeen)
}

// Behavior C39: remembered for a while.
func TestANameThatIsNobodysIsNotAskedForAgainAtOnce(t *testing.T) {
	s := newSearcher(t)
	for range 2 {
		_, err := s.Resolve(t.Context(), answer.ResolveRequest{Ref: "@Nobody_here"})
		if answer.From(err).Code != answer.NotFound {
			t.Errorf("got %v", err)
		}
	}
	s.wantCalls(asked{names: 1})
	s.tell(fakedc.Step{Do: "username", Who: "dave", Username: "nobody_here"})
	s.age()
	s.wantPeer("@nobody_here", 1004, fromServer)
	s.wantCalls(asked{names: 2})
}

// An owner whom the server does not show says nothing about the name.
func TestAnOwnerWhoIsHiddenLeavesTheNameToBeResolved(t *testing.T) {
	for name, tt := range map[string]struct{ hash, asked int }{
		"without a hash": {0, 1},
		"stale hash":     {1, 2}, // and with 0
	} {
		t.Run(name, func(t *testing.T) {
			s := newSearcher(t)
			dave := &tg.User{ID: 1004, FirstName: "Dave", Username: "carol"}
			if tt.hash != 0 {
				dave.SetAccessHash(int64(tt.hash))
			}
			enter(t, wired(t, s.file), dave)
			s.wantCached("@carol", 1004, "")
			s.wantPeer("@carol", 1003, fromServer) // the sighting is of 1970
			s.wantCalls(asked{names: 1, users: tt.asked})
		})
	}
}

func TestAChannelIsAskedAboutAsAChannel(t *testing.T) {
	s := newSearcher(t)
	opts := wired(t, s.file)
	friends := &tg.Channel{ID: 1900000001, Title: "Friends", Username: "friends", Megagroup: true, Photo: &tg.ChatPhotoEmpty{}}
	if err := opts.UpdateHandler.Handle(t.Context(), &tg.Updates{Chats: []tg.ChatClass{friends}, Date: 1000}); err != nil {
		t.Fatal(err)
	}
	s.wantCached("@friends", 1900000001, "")
	_, err := s.Resolve(t.Context(), answer.ResolveRequest{Ref: "@friends"})
	if answer.From(err).Code != answer.NotFound {
		t.Errorf("got %v", err)
	}
	s.wantCalls(asked{names: 1, channels: 1})
	s.wantCached("@friends", 0, answer.NeverSeen)
}

func TestAContestedNameIsResolvedAtOnce(t *testing.T) {
	s := newSearcher(t)
	opts := wired(t, s.file)
	enter(t, opts, &tg.User{ID: 1004, FirstName: "Dave", Username: "ann"})
	enter(t, opts, &tg.User{ID: 1001, FirstName: "Ann", Username: "ann"})
	s.wantCached("@ann", 0, answer.Contested)
	s.wantCalls(asked{})
	s.wantPeer("@ann", 1001, fromServer)
	s.wantCalls(asked{names: 1})
	s.wantPeer("@ann", 1001, fromBook)
}

// What goes wrong on the way decides nothing, and is told.
func TestAnExpiredNameIsNotUsedWhenNobodyCanConfirmIt(t *testing.T) {
	s := newSearcher(t)
	s.wantPeer("@carol", 1003, fromServer)
	s.age()
	s.tell(fakedc.Step{Do: "fault", Method: "users.getUsers", Error: "FLOOD_WAIT_30", Count: 1})
	_, err := s.Resolve(t.Context(), answer.ResolveRequest{Ref: "@carol"})
	if e := answer.From(err); e.Code != answer.FloodWait || e.RetryAfter != 30 {
		t.Errorf("got %v", err)
	}
	s.wantCalls(asked{names: 1, users: 1})
	s.ahead += 30 * time.Second
	s.wantPeer("@carol", 1003, fromServer)
	s.wantCalls(asked{names: 1, users: 2})
}
