package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/f48b34c0/seen/internal/control"
)

var update = flag.Bool("update", false, "write what is made out of the source")

// TestReferences holds the pages of "seen help json" and "seen help api" against
// the source that they are made of: the comments on what crosses a door. After a
// change there, make them anew with
//
//	go test ./cmd/seen -run TestReferences -update
func TestReferences(t *testing.T) {
	src := readSource(t)
	for file, want := range map[string]string{
		"reference/objects.txt": src.objects(crossing()),
		"reference/routes.txt":  src.routes(t),
	} {
		if *update {
			if err := os.WriteFile(file, []byte(want), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := os.ReadFile(file); err != nil || string(got) != want {
			t.Errorf("%s is not what the source says: make it anew with -update (%v)", file, err)
		}
	}
}

// TestNothingIsTakenFromTheContract: whatever was printed once is there for ever.
// What is new is written down with -update, which takes nothing away either.
func TestNothingIsTakenFromTheContract(t *testing.T) {
	src := readSource(t)
	promised := make(map[string][]string)
	for _, p := range contract() {
		promised["verbs"] = append(promised["verbs"], p.verb+": "+strings.Join(namesOf(p.objects), " or "))
	}
	for _, r := range control.Routes() {
		promised["routes"] = append(promised["routes"], fmt.Sprintf("%s %s: %s -> %s",
			r.Method, r.Path, several(r.Takes, r.TakesMany), several(r.Gives, r.GivesMany)))
	}
	for _, c := range src.codes {
		promised["codes"] = append(promised["codes"], c.name+" "+c.kind)
	}
	for _, name := range src.reachable(crossing()) {
		for _, f := range src.fields(name) {
			promised[name] = append(promised[name], f.name+" "+f.kind)
		}
	}
	for name, now := range promised {
		path := filepath.Join("testdata", "contract", strings.ToLower(name)+".golden")
		raw, err := os.ReadFile(path)
		if err != nil && !*update {
			t.Errorf("%s: nothing is promised yet; write it down with -update", name)
			continue
		}
		before := strings.FieldsFunc(string(raw), func(r rune) bool { return r == '\n' })
		for _, line := range before {
			if !slices.Contains(now, line) {
				t.Errorf("%s: %q was promised and is gone", name, line)
			}
		}
		var added []string
		for _, line := range now {
			if !slices.Contains(before, line) {
				added = append(added, line)
			}
		}
		if len(added) == 0 {
			continue
		}
		if !*update {
			t.Errorf("%s: %q are not promised yet; write them down with -update", name, added)
			continue
		}
		text := strings.Join(append(before, added...), "\n") + "\n"
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestTheContractCoversEveryVerb(t *testing.T) {
	var covered []string
	for _, p := range contract() {
		covered = append(covered, "seen "+p.verb)
	}
	for _, cmd := range verbs(t) {
		if cmd.Runnable() && cmd.HasParent() && !cmd.Hidden && !slices.Contains(covered, cmd.CommandPath()) {
			t.Errorf("%s: what it prints is in no contract", cmd.CommandPath())
		}
	}
}

// crossing are the names of all types that stand in the contract or in a route.
func crossing() []string {
	types := []string{"Error"}
	for _, p := range contract() {
		types = append(types, namesOf(p.objects)...)
	}
	for _, r := range control.Routes() {
		types = append(types, r.Takes, r.Gives)
	}
	return types
}
