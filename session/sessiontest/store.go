package sessiontest

import (
	"context"
	"errors"
	"iter"
	"testing"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/session"
)

// Store is a book under test, and the client that fills it.
type Store interface {
	// Push gives the store an envelope that the server has pushed.
	Push(u tg.UpdatesClass)
	// Answer gives the store the answer to a call that was just made.
	Answer(ctx context.Context, request bin.Encoder, answer bin.Decoder) error
	// Reopen closes the store and opens it again, with everything that it was
	// given so far.
	Reopen() error
	// Kill opens what a SIGKILL would leave right after everything that the store
	// was given so far was committed.
	Kill() error
	// Close closes it for good.
	Close() error

	// The rest is as in [session.Book].
	Peer(id session.ID) (session.Peer, error)
	ByName(name string) (session.Peer, error)
	All() iter.Seq2[session.Peer, error]
	Forget(ctx context.Context, id session.ID) error
}

// Open makes a new and empty store in a folder.
type Open func(dir string) (Store, error)

// TestBook runs everything. The numbers in the names of the tests are those of
// the list of behaviors that the project keeps.
func TestBook(t *testing.T, open Open) {
	for _, b := range [][]behavior{hashes(), names(), gathering()} {
		for _, b := range b {
			t.Run(b.name, func(t *testing.T) {
				s, err := open(t.TempDir())
				if err != nil {
					t.Fatal(err)
				}
				defer func() {
					if err := s.Close(); err != nil {
						t.Error(err)
					}
				}()
				b.test(&scene{T: t, Store: s, clock: 1_700_000_000})
			})
		}
	}
	t.Run("random stories agree with a model of plain maps", func(t *testing.T) { testModel(t, open) })
}

// behavior is one thing that a store has to do.
type behavior struct {
	name string
	test func(s *scene)
}

// scene is a store in a test, and the time of its story.
type scene struct {
	*testing.T
	Store
	clock int
}

// sees pushes objects in one envelope, a minute after the one before.
func (s *scene) sees(objects ...any) {
	s.clock += 60
	s.Push(envelope(s.clock, objects...))
}

// reopen does what the name says: what is checked after it was on disk.
func (s *scene) reopen() {
	s.Helper()
	if err := s.Reopen(); err != nil {
		s.Fatal(err)
	}
}

func (s *scene) listed() (ids []session.ID) {
	s.Helper()
	for p, err := range s.All() {
		if err != nil {
			s.Fatal(err)
		}
		ids = append(ids, p.ID)
	}
	return ids
}

func (s *scene) peer(id session.ID) session.Peer {
	s.Helper()
	p, err := s.Peer(id)
	if err != nil {
		s.Fatalf("%v: %v", id, err)
	}
	return p
}

func (s *scene) wantHash(id session.ID, class session.HashClass, hash int64) {
	s.Helper()
	h := s.peer(id).Hash
	if v, _ := h.Reveal(); h.Class() != class || v != hash {
		s.Errorf("%v has the hash %d of class %v, want %d of class %v", id, v, h.Class(), hash, class)
	}
}

func (s *scene) wantName(name string, id session.ID) {
	s.Helper()
	if p, err := s.ByName(name); err != nil || p.ID != id {
		s.Errorf("%q is %v, %v; want %v", name, p.ID, err, id)
	}
}

func (s *scene) wantNobody(name string) {
	s.Helper()
	if p, err := s.ByName(name); !errors.Is(err, session.ErrNeverSeen) {
		s.Errorf("%q is %v, %v; want ErrNeverSeen", name, p.ID, err)
	}
}

func (s *scene) wantNeverSeen(id session.ID) {
	s.Helper()
	if p, err := s.Peer(id); !errors.Is(err, session.ErrNeverSeen) {
		s.Errorf("%v is %+v, %v; want ErrNeverSeen", id, p, err)
	}
}
