package answer

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestLinesAreNumberedAsTheyStandInTheFile(t *testing.T) {
	var got []int
	for line, err := range Lines(strings.NewReader("\n a \r\n\n\t\nb")) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, line.Number)
	}
	if want := []int{2, 5}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// Whatever an import is made of, it ends: with entries that can be, or with one
// error that can be told.
func FuzzEntries(f *testing.F) {
	f.Add(`{"kind":"user","id":1001,"usernames":["ann"],"last_seen":"2026-01-02T03:04:05Z"}` + "\n\n{}")
	f.Add(`{"kind":"chat","id":-1}`)
	f.Add("\x00\xff\n[]")
	f.Fuzz(func(t *testing.T, text string) {
		n, failed := 0, false
		for e, err := range Entries(strings.NewReader(text)) {
			if failed {
				t.Fatal("it goes on after an error")
			}
			if err != nil {
				failed = true
				if own, ok := errors.AsType[*Error](err); !ok || own.Code != Failed || own.Message == "" {
					t.Errorf("got %v", err)
				}
				continue
			}
			n++
			if e.Kind == "" || e.ID <= 0 || e.LastSeen.IsZero() {
				t.Errorf("got %+v", e)
			}
		}
		if n > strings.Count(text, "\n")+1 {
			t.Errorf("%d entries", n)
		}
	})
}
