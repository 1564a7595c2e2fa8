package main

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/session"
)

// here runs a measurement in this process, and hands its result on as JSON.
func here(ctx context.Context, out any, args ...string) error {
	got, err := part(ctx, args)
	if err != nil {
		return err
	}
	text, err := json.Marshal(got)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, out)
}

// Two thousand peers go the way of ten million, so that it is open when it is
// needed. Nothing is said of the times.
func TestASmallBookIsMeasuredAsALargeOne(t *testing.T) {
	r, err := measure(t.Context(), 2000, "", here)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Stages) != 1 {
		t.Fatalf("%d stages", len(r.Stages))
	}
	s := r.Stages[0]
	if got := s.perPeer("peers"); got < 100 || got > 400 {
		t.Errorf("a record takes %.0f bytes", got)
	}
	if s.Reading.Lookups.Hot.Allocs > 0.01 {
		t.Errorf("a hash that was asked for before takes %v allocations", s.Reading.Lookups.Hot.Allocs)
	}
	var rows int
	for _, b := range s.Reading.Pages {
		if b.Name == "names" {
			rows = b.Rows
		}
	}
	if rows < 1000 || rows > 1500 {
		t.Errorf("%d names of 2000 peers", rows)
	}

	path := filepath.Join(t.TempDir(), "kept.json")
	if err := r.save(path); err != nil {
		t.Fatal(err)
	}
	again, err := load(path)
	if err != nil {
		t.Fatal(err)
	}
	if again.markdown() != r.markdown() {
		t.Error("what was kept tells something else")
	}
}

func TestCrowdHasTheShapesOfPeople(t *testing.T) {
	const many = 20_000
	seen := make(map[session.ID]bool)
	names := make(map[string]bool)
	var channels, bots, named, several, short int
	for u := range envelopes(0, many) {
		for _, c := range u.Chats {
			channels++
			seen[session.ChannelID(c.GetID())] = true
		}
		for _, p := range u.Users {
			p := p.(*tg.User)
			seen[session.UserID(p.ID)] = true
			if p.Bot {
				bots++
			}
			if p.Username != "" {
				named++
				if names[strings.ToLower(p.Username)] {
					t.Fatalf("two are called %s", p.Username)
				}
				names[strings.ToLower(p.Username)] = true
			}
			if len(p.Usernames) > 0 {
				several++
			}
			if p.LastName == "" {
				short++
			}
		}
	}
	if len(seen) != many {
		t.Errorf("%d ids of %d", len(seen), many)
	}
	for what, share := range map[string]struct{ n, least, most int }{
		"channels":           {channels, 2, 4},
		"bots":               {bots, 1, 3},
		"with a username":    {named, 55, 65},
		"with several":       {several, 1, 4},
		"without a lastname": {short, 30, 70},
	} {
		if percent := share.n * 100 / many; percent < share.least || percent > share.most {
			t.Errorf("%d%% are %s", percent, what)
		}
	}
}

func TestDrawingIsWellFormed(t *testing.T) {
	r := &Report{Stages: []Stage{{Peers: 10_000}, {Peers: 100_000}}}
	for i := range r.Stages {
		s := &r.Stages[i]
		s.Ingest.Points = []Point{{Peers: s.Peers, Seconds: 1}}
		s.Reading.Lookups.Peer.Nanoseconds = 2000
		s.Reading.Lookups.Name.Nanoseconds = 4000
	}
	drawing := r.draw()
	d := xml.NewDecoder(strings.NewReader(drawing))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if len(drawing) > 10_000 || strings.Contains(drawing, "NaN") || strings.Contains(drawing, "Inf") {
		t.Errorf("the drawing is\n%s", drawing)
	}
}

func TestReadmeKeepsWhatStandsAroundTheTable(t *testing.T) {
	path := filepath.Join(t.TempDir(), "README.md")
	if err := os.WriteFile(path, []byte("before\n"+begins+"old\n"+ends+"after\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := between(path, "new\n"); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if want := "before\n" + begins + "\nnew\n\n" + ends + "after\n"; string(text) != want {
		t.Errorf("it is\n%s", text)
	}
	if err := os.WriteFile(path, []byte("no marks\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := between(path, "new\n"); err == nil {
		t.Error("a README without marks is written")
	}
}
