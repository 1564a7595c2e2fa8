package main

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/f48b34c0/seen/internal/answer"
)

func TestNamesOfStrangersCannotMoveTheCursor(t *testing.T) {
	var out bytes.Buffer
	p := &printer{w: &out}
	evil := answer.Peer{Kind: "user", ID: 1004, Hash: "full", Name: "Dave\x1b[2J\r\n\u202eevad 👨\u200d👩"}
	if err := p.peer(evil); err != nil {
		t.Fatal(err)
	}
	if got := out.String(); strings.ContainsAny(got, "\x1b\r\u202e") || strings.Count(got, "\n") != 1 || !strings.Contains(got, "👨\u200d👩") {
		t.Errorf("got %q", got)
	}
	out.Reset()
	p.format = asJSON
	if err := p.peer(evil); err != nil {
		t.Fatal(err)
	}
	if got := out.String(); strings.Count(got, "\n") != 1 || strings.Contains(got, "\x1b") {
		t.Errorf("got %q", got)
	}
}

func TestAResultThatCannotBePrintedIsAnError(t *testing.T) {
	p := &printer{w: full{}}
	if err := p.peer(answer.Peer{}); answer.From(err).Code != answer.Failed {
		t.Errorf("one: got %v", err)
	}
	list := func(yield func(answer.Peer, error) bool) { yield(answer.Peer{}, nil) }
	if err := p.peers(list); answer.From(err).Code != answer.Failed {
		t.Errorf("a list: got %v", err)
	}
}

// full is a disk.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left") }

func TestTheStatusOfSeveralInputs(t *testing.T) {
	notFound, usage := answer.Errorf(answer.NotFound, "no"), answer.Errorf(answer.Usage, "no")
	for _, row := range []struct {
		errs []error
		want error
	}{
		{nil, nil},
		{[]error{nil, nil}, nil},
		{[]error{nil, notFound}, exitCode(3)},
		{[]error{notFound, notFound}, exitCode(5)},
		{[]error{notFound, usage}, exitCode(3)},
	} {
		var all tally
		for _, err := range row.errs {
			all.add(err)
		}
		if got := all.err(); !errors.Is(got, row.want) {
			t.Errorf("%v: got %v, want %v", row.errs, got, row.want)
		}
	}
}
