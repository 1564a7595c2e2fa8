package rawtl

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestBadCallsSayWhatIsWrong: every line of testdata/bad.txt is a call that cannot
// be made, and the lines below it are what is said: where, what was found, what is
// wanted, and what may be meant.
func TestBadCallsSayWhatIsWrong(t *testing.T) {
	const file = "testdata/bad.txt"
	var got bytes.Buffer
	schema, calls := New(), 0
	for line := range strings.Lines(string(readFile(t, file))) {
		line = strings.TrimSuffix(line, "\n")
		rest, isCall := strings.CutPrefix(line, "> ")
		if !isCall {
			if strings.HasPrefix(line, "#") || line == "" {
				fmt.Fprintln(&got, line)
			}
			continue
		}
		calls++
		method, params, _ := strings.Cut(rest, " ")
		call := Call{Method: method, Params: []byte(expand(params))}
		for strings.HasPrefix(string(call.Params), "--set ") {
			set, more, _ := strings.Cut(strings.TrimPrefix(string(call.Params), "--set "), " ")
			s, err := ParseSetting(set)
			if err != nil {
				t.Fatal(err)
			}
			call.Set, call.Params = append(call.Set, s), []byte(more)
		}
		fmt.Fprintln(&got, line)
		_, err := schema.Parse(t.Context(), call, friends{})
		e, ok := errors.AsType[*Error](err)
		if !ok {
			t.Errorf("%s: got %v", line, err)
			continue
		}
		fmt.Fprintln(&got, e)
		if e.Hint != "" {
			fmt.Fprintln(&got, "hint: "+e.Hint)
		}
	}
	if *update {
		if err := os.WriteFile(file, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(strings.Split(string(readFile(t, file)), "\n"), strings.Split(got.String(), "\n")); diff != "" {
		t.Error(diff)
	}
	if calls < 40 {
		t.Errorf("only %d calls", calls)
	}
}

// expand writes out what would make a line too long to read.
func expand(params string) string {
	switch params {
	case "DEEP":
		return strings.Repeat(`{"reply_to":`, 70) + "1" + strings.Repeat("}", 70)
	case "LONG":
		return `{"message":"` + strings.Repeat("x", MaxParams) + `"}`
	case "MANY":
		var names []string
		for i := range 201 {
			names = append(names, fmt.Sprintf(`"f%d":1`, i))
		}
		return "{" + strings.Join(names, ",") + "}"
	case "LATIN1":
		return "{\"message\":\"caf\xe9\"}"
	default:
		return params
	}
}

// FuzzCall: no JSON makes it panic, an error names the method, and what is taken
// prints, and is read again, as the same bytes.
func FuzzCall(f *testing.F) {
	for line := range strings.Lines(string(readFile(f, "testdata/bad.txt"))) {
		if rest, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "> "); ok {
			method, params, _ := strings.Cut(rest, " ")
			f.Add(method, expand(params), "peer", "@ann")
		}
	}
	facts := LoadFacts()
	for i, name := range facts.Methods() {
		if i%40 == 0 {
			f.Add(name, string(facts.Example(name)), "random_id", "1")
		}
	}
	schema := New()
	f.Fuzz(func(t *testing.T, method, params, path, text string) {
		call := Call{Method: method, Params: []byte(params), Set: []Setting{{path, text}}}
		req, err := schema.Parse(t.Context(), call, friends{})
		if err != nil {
			if e, ok := errors.AsType[*Error](err); !ok || e.Message == "" {
				t.Errorf("%s: %v", method, err)
			}
			return
		}
		sent, err := req.encode()
		if err != nil {
			t.Fatalf("%s %s is taken and cannot be sent: %v", method, params, err)
		}
		printed, err := req.JSON(View{Hashes: true, IDs: true})
		if err != nil || !json.Valid(printed) {
			t.Fatalf("%s prints as %s (%v)", method, printed, err)
		}
		again, err := schema.Parse(t.Context(), Call{Method: method, Params: printed}, nil)
		if err != nil {
			t.Fatalf("%s printed %s, which is not read: %v", method, printed, err)
		}
		back, err := again.encode()
		if err != nil || !bytes.Equal(back, sent) {
			t.Errorf("%s is sent as\n%x, and after printing as\n%x (%v)", method, sent, back, err)
		}
	})
}
