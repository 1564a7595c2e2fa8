package sessiontest

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/gotd/td/tg"
	"pgregory.net/rapid"

	"github.com/f48b34c0/seen/session"
)

// steps is the length of one random story. rapid tells a hundred of them, and
// prints the seed of one that fails.
const steps = 1000

// testModel tells random stories to a store and to a model, and compares what
// they know: some of it in between, and all of it after each reopening.
func testModel(t *testing.T, open Open) {
	root := t.TempDir()
	story := 0
	rapid.Check(t, func(rt *rapid.T) {
		story++
		dir := filepath.Join(root, fmt.Sprint(story))
		if err := os.Mkdir(dir, 0o700); err != nil {
			rt.Fatal(err)
		}
		s, err := open(dir)
		if err != nil {
			rt.Fatal(err)
		}
		defer func() {
			if err := s.Close(); err != nil {
				rt.Error(err)
			}
			_ = os.RemoveAll(dir) // hundreds of files otherwise
		}()
		m := &model{peers: map[session.ID]*person{}}
		clock := 1_700_000_000
		for n := range steps {
			clock += rapid.SampledFrom([]int{3, 10, 50_000}).Draw(rt, "pause")
			if m.step(rt, s, clock) {
				m.compare(rt, s)
			} else if n%5 == 0 {
				m.spot(rt, s)
			}
		}
		m.compare(rt, s)
	})
}

// person is what the model knows of a peer.
type person struct {
	Name, Language string
	Class          session.HashClass
	Hash           int64
	Names          []string
	Min, Premium   bool
}

// model is the book as plain maps. Its sightings come in order: what arrives out
// of order has tests of its own.
type model struct{ peers map[session.ID]*person }

// somebody draws one of a few peers, so that they meet each other's names.
func somebody(rt *rapid.T) session.ID {
	kind := rapid.SampledFrom([]session.Kind{session.User, session.User, session.Channel}).Draw(rt, "kind")
	return session.ID{Kind: kind, Num: rapid.Int64Range(1, 6).Draw(rt, "id")}
}

func pool() []string { return []string{"Red", "green", "BLUE", "peer_1", "gray"} }

func someNames(rt *rapid.T) []string {
	n := rapid.SampledFrom([]int{0, 0, 1, 1, 2, 3}).Draw(rt, "names")
	return rapid.Permutation(pool()).Draw(rt, "which")[:n]
}

// step tells one thing to both, and reports whether all has to be compared.
func (m *model) step(rt *rapid.T, s Store, clock int) bool {
	id := somebody(rt)
	switch what := rapid.IntRange(0, 399).Draw(rt, "what"); {
	case what == 0:
		if err := s.Reopen(); err != nil {
			rt.Fatal(err)
		}
		return true
	case what == 1:
		if err := s.Kill(); err != nil {
			rt.Fatal(err)
		}
		return true
	case what < 8:
		if m.peers[id] != nil {
			if err := s.Forget(rt.Context(), id); err != nil {
				rt.Fatal(err)
			}
			delete(m.peers, id)
		}
	case what < 60 && id.Kind == session.User:
		names := someNames(rt)
		u := &tg.UpdateUserName{UserID: id.Num, FirstName: "Renamed"}
		for _, n := range names {
			u.Usernames = append(u.Usernames, tg.Username{Username: n, Active: true})
		}
		s.Push(envelope(clock, u))
		if p := m.peers[id]; p != nil {
			p.Name = "Renamed"
			m.bear(id, names)
		}
	default:
		m.sight(rt, s, id, clock)
	}
	return false
}

// sight shows an object of a peer to both.
func (m *model) sight(rt *rapid.T, s Store, id session.ID, clock int) {
	isMin := rapid.Bool().Draw(rt, "min")
	hashless := rapid.IntRange(0, 9).Draw(rt, "hashless") == 0
	hash := rapid.Int64Range(-3, 3).Draw(rt, "hash")
	name := rapid.SampledFrom([]string{"Ann", "Bob", "Carol"}).Draw(rt, "name")
	names := someNames(rt)
	language := rapid.SampledFrom([]string{"", "de", "fr"}).Draw(rt, "language")
	premium := rapid.Bool().Draw(rt, "premium")

	p := m.peers[id]
	if p == nil {
		p = &person{Min: true}
		m.peers[id] = p
	}
	class := session.HashFull
	if isMin {
		class = session.HashMin
	}
	if !hashless && class >= p.Class {
		p.Class, p.Hash = class, hash
	}
	if id.Kind == session.Channel {
		c := &tg.Channel{ID: id.Num, Title: name, Min: isMin, Photo: &tg.ChatPhotoEmpty{}}
		if !hashless {
			c.SetAccessHash(hash)
		}
		for _, n := range names {
			c.Usernames = append(c.Usernames, tg.Username{Username: n, Active: true})
		}
		p.Name, p.Min = name, p.Min && isMin
		m.bear(id, names)
		s.Push(envelope(clock, c))
		return
	}
	u := user(id.Num, 0, name, names...)
	u.Min, u.Premium = isMin, premium
	u.Flags.Unset(0) // the hash
	if !hashless {
		u.SetAccessHash(hash)
	}
	if language != "" {
		u.SetLangCode(language)
		p.Language = language
	}
	p.Premium = premium
	if !isMin || p.Min {
		p.Name = name
		m.bear(id, names)
	}
	p.Min = p.Min && isMin
	s.Push(envelope(clock, u))
}

// bear gives names to a peer, and takes them from whoever bore them.
func (m *model) bear(id session.ID, names []string) {
	for _, p := range m.peers {
		p.Names = slices.DeleteFunc(p.Names, func(n string) bool { return slices.Contains(names, n) })
	}
	m.peers[id].Names = slices.Clone(names)
}

// spot compares one peer and one name.
func (m *model) spot(rt *rapid.T, s Store) {
	m.peer(rt, s, somebody(rt))
	m.name(rt, s, rapid.SampledFrom(pool()).Draw(rt, "look up"))
}

func (m *model) compare(rt *rapid.T, s Store) {
	listed := map[session.ID]bool{}
	for p, err := range s.All() {
		if err != nil {
			rt.Fatal(err)
		}
		listed[p.ID] = true
	}
	known := map[session.ID]bool{}
	for id := range m.peers {
		known[id] = true
		m.peer(rt, s, id)
	}
	if !maps.Equal(listed, known) {
		rt.Fatalf("listed are %v, known are %v", listed, known)
	}
	for _, n := range pool() {
		m.name(rt, s, n)
	}
}

func (m *model) peer(rt *rapid.T, s Store, id session.ID) {
	p, err := s.Peer(id)
	want := m.peers[id]
	if want == nil {
		if err == nil {
			rt.Fatalf("%v is known, and was never seen", id)
		}
		return
	}
	if err != nil {
		rt.Fatalf("%v: %v", id, err)
	}
	hash, _ := p.Hash.Reveal()
	got := &person{
		Name: p.Name(), Language: p.Language, Class: p.Hash.Class(), Hash: hash,
		Min: p.Min, Premium: p.Has(session.FlagPremium),
	}
	for _, u := range p.Usernames {
		got.Names = append(got.Names, u.Name)
	}
	if len(want.Names) == 0 {
		want.Names = nil
	}
	if diff := cmp.Diff(want, got); diff != "" {
		rt.Fatalf("%v:\n%s", id, diff)
	}
}

func (m *model) name(rt *rapid.T, s Store, name string) {
	var want session.ID
	for id, p := range m.peers {
		if slices.Contains(p.Names, name) {
			want = id
		}
	}
	p, err := s.ByName(strings.ToUpper(name))
	if (err == nil) != (want != session.ID{}) || err == nil && p.ID != want {
		rt.Fatalf("%s is %v, %v; want %v", name, p.ID, err, want)
	}
}
