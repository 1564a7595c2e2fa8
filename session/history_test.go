package session

import (
	"fmt"
	"testing"
)

// Dates are whole seconds. What changes twice within one is told twice, whether it
// is written at once or not, and nobody else's history is in the way.
func TestChangesOfOneSecondAreAllKept(t *testing.T) {
	named := func(id, at int64, name string) *sighting {
		s := bearer(id, at)
		s.firstName = name
		return s
	}
	for _, apart := range []bool{false, true} {
		f := mustOpen(t)
		for _, s := range []*sighting{
			named(1001, 900, "A"), named(1002, 900, "X"), named(1000, 900, "K"),
			named(1001, 1000, "B"), named(1002, 1000, "Y"), named(1000, 1000, "L"),
			named(1001, 1000, "C"), named(1001, 1000, "D"), named(1002, 1000, "Z"),
			named(1001, 1001, "E"),
		} {
			f.add(s)
			if apart {
				put(t, f)
			}
		}
		put(t, f)
		for id, want := range map[int64]string{1000: "K>L ", 1001: "A>B B>C C>D D>E ", 1002: "X>Y Y>Z "} {
			got := ""
			for c, err := range f.Book().History(UserID(id)) {
				if err != nil {
					t.Fatal(err)
				}
				got += fmt.Sprintf("%s>%s ", c.Old, c.New)
			}
			if got != want {
				t.Errorf("written apart: %v: the history of %d is %q, want %q", apart, id, got, want)
			}
		}
	}
}
