package bot

import (
	"testing"
	"time"

	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/internal/fakedc"
)

func (s *searcher) wantLookups(want answer.Lookups) {
	s.t.Helper()
	st, err := s.Status(s.t.Context())
	if err != nil || st.Lookups.Used != want.Used || st.Lookups.Limit != want.Limit || st.Lookups.Next.IsZero() != want.Next.IsZero() {
		s.t.Errorf("status tells %+v, %v; want %+v", st.Lookups, err, want)
	}
}

// The day's look-ups are counted in the file, and one too many is refused with
// the time when it will be possible.
func TestTheBudgetOfADay(t *testing.T) {
	s := newSearcher(t, func(o *Options) { o.LookupsPerDay = 2 })
	s.wantLookups(answer.Lookups{Limit: 2})
	s.wantPeer("@carol", 1003, fromServer)
	s.wantLookups(answer.Lookups{Used: 1, Limit: 2})
	_, err := s.Resolve(t.Context(), answer.ResolveRequest{Ref: "@nobody_here"})
	if answer.From(err).Code != answer.NotFound {
		t.Errorf("got %v", err)
	}
	s.wantLookups(answer.Lookups{Used: 2, Limit: 2, Next: noon})
	refused := func() {
		t.Helper()
		_, err := s.Resolve(t.Context(), answer.ResolveRequest{Ref: "@ann"})
		e := answer.From(err)
		if e.Code != answer.FloodWait || e.Code.Exit() != 7 || e.RetryAfter <= 23*3600 || e.RetryAfter > 24*3600+600 {
			t.Errorf("got %+v", e)
		}
		s.wantCalls(asked{names: 2})
	}
	refused()
	s.restart()
	refused()

	// What costs nothing goes on: ids, names in the book, names of updates, and
	// what is known to be nobody's.
	s.tell(fakedc.Step{Who: "dave", Do: "write", Text: "Hi"})
	s.wantPeer("1004", 1004, fromServer)
	s.wantPeer("@carol", 1003, fromBook)
	bob := &tg.User{ID: 1002, FirstName: "Bob", Username: "bob_the_builder"}
	err = wired(t, s.file).UpdateHandler.Handle(t.Context(), &tg.Updates{Users: []tg.UserClass{bob}, Date: int(time.Now().Unix())})
	if err != nil {
		t.Fatal(err)
	}
	s.wantPeer("@bob_the_builder", 1002, fromBook)
	_, err = s.Resolve(t.Context(), answer.ResolveRequest{Ref: "@nobody_here"})
	if e := answer.From(err); e.Code != answer.NotFound {
		t.Errorf("got %+v", e)
	}
	s.wantLookups(answer.Lookups{Used: 2, Limit: 2, Next: noon})

	s.ahead = 24*time.Hour + 10*time.Minute
	s.wantLookups(answer.Lookups{Limit: 2})
	s.wantPeer("@ann", 1001, fromServer)
	s.wantLookups(answer.Lookups{Used: 1, Limit: 2})
}

// The owner of a name that was trusted for too long is asked about: that is no
// look-up.
func TestConfirmingANameCostsNoLookUp(t *testing.T) {
	s := newSearcher(t, func(o *Options) { o.LookupsPerDay = 1 })
	s.wantPeer("@carol", 1003, fromServer)
	for range 3 {
		s.ahead += 23 * time.Hour // the look-up still counts when the first of them passes
		s.wantPeer("1003", 1003, fromBook)
	}
	s.wantPeer("@carol", 1003, fromServer)
	s.wantCalls(asked{names: 1, users: 1})
}

func TestANegativeLimitIsNone(t *testing.T) {
	s := newSearcher(t, func(o *Options) { o.LookupsPerDay = -1 })
	s.wantPeer("@carol", 1003, fromServer)
	s.wantPeer("@ann", 1001, fromServer)
	s.wantLookups(answer.Lookups{Used: 2})
}
