package bot

import (
	"testing"
	"time"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/internal/fakedc"
	"github.com/f48b34c0/seen/session"
)

// asked are the calls that find out who somebody is.
type asked struct{ names, users, channels int }

// searcher is a bot beside a server that counts what it is asked, and a clock
// that can be put forward.
type searcher struct {
	*Bot
	t     *testing.T
	world *fakedc.World
	opts  Options
	ahead time.Duration
	first asked
}

func newSearcher(t *testing.T, edits ...func(*Options)) *searcher {
	t.Helper()
	server := serve(t)
	s := &searcher{t: t, world: server.World(), opts: optionsFor(t, server)}
	s.opts.Now = func() time.Time { return time.Now().Add(s.ahead) }
	for _, edit := range edits {
		edit(&s.opts)
	}
	s.Bot = openBot(t, s.opts)
	if _, err := s.api(t.Context()); err != nil { // signing in asks as well
		t.Fatal(err)
	}
	s.first = s.counted()
	return s
}

// restart closes the bot and opens its file again.
func (s *searcher) restart() {
	s.t.Helper()
	if err := s.Close(); err != nil {
		s.t.Fatal(err)
	}
	s.Bot = openBot(s.t, s.opts)
}

func (s *searcher) counted() asked {
	n := s.world.Calls()
	return asked{n["contacts.resolveUsername"], n["users.getUsers"], n["channels.getChannels"]}
}

// wantCalls compares what was asked since the bot signed in.
func (s *searcher) wantCalls(want asked) {
	s.t.Helper()
	now := s.counted()
	got := asked{now.names - s.first.names, now.users - s.first.users, now.channels - s.first.channels}
	if got != want {
		s.t.Errorf("asked %+v, want %+v", got, want)
	}
}

func (s *searcher) wantPeer(ref string, id int64, source string) {
	s.t.Helper()
	p, err := s.Resolve(s.t.Context(), answer.ResolveRequest{Ref: ref})
	if err != nil || p.ID != id || p.Source != source {
		s.t.Errorf("%s: got %s %d from %s, %v; want %d from %s", ref, p.Kind, p.ID, p.Source, err, id, source)
	}
}

// wantCached looks into the book alone.
func (s *searcher) wantCached(ref string, id int64, code answer.Code) {
	s.t.Helper()
	p, err := s.Resolve(s.t.Context(), answer.ResolveRequest{Ref: ref, CachedOnly: true})
	if code != "" {
		if answer.From(err).Code != code {
			s.t.Errorf("%s in the book: got %d, %v; want %s", ref, p.ID, err, code)
		}
		return
	}
	if err != nil || p.ID != id || p.Source != fromBook {
		s.t.Errorf("%s in the book: got %d from %s, %v; want %d", ref, p.ID, p.Source, err, id)
	}
}

func (s *searcher) tell(step fakedc.Step) {
	s.t.Helper()
	if _, err := s.world.Do(s.t.Context(), step); err != nil {
		s.t.Fatal(err)
	}
}

func (s *searcher) age() { s.ahead += session.NameTrust + time.Hour }
