package main

import (
	"slices"
	"strings"
	"testing"
)

func TestWhatIsLostIsSaid(t *testing.T) {
	store := client{stores: true}
	for want, kept := range map[string][]int{
		"all there":                          {1000, 1000, 1000},
		"lost 1":                             {1000, 999, 1000},
		"lost 1,000":                         {0, 1000, 1000},
		"has 1,001, which is more than came": {1000, 1001, 1000},
	} {
		var list []result
		for _, n := range kept {
			list = append(list, result{Users: 1000, Kept: n})
		}
		if got := store.fate(list, ""); got != want {
			t.Errorf("%v is %q, want %q", kept, got, want)
		}
	}
	if got := store.fate([]result{{Users: 1, Kept: 1}}, "took too long"); !strings.Contains(got, "took too long") {
		t.Errorf("a round that failed is %q", got)
	}
}

func TestRatiosAreOfTheSameRounds(t *testing.T) {
	// The machine is ten times slower in the second round; the client takes twice
	// as long in each.
	base := []result{{Round: 0, Wall: 1}, {Round: 1, Wall: 10}, {Round: 2, Wall: 1}}
	list := []result{{Round: 0, Wall: 2}, {Round: 1, Wall: 20}}
	if got := ratio(list, base, result.wall); got != 2 {
		t.Errorf("ratio is %v", got)
	}
	if got := ratio(list, nil, result.wall); got != 0 {
		t.Errorf("ratio to nothing is %v", got)
	}
	if got := median([]float64{3, 1, 2, 10}); got != 2.5 {
		t.Errorf("median is %v", got)
	}
}

func TestClientsTakeTurns(t *testing.T) {
	s := settings{users: 100, slow: 10, rounds: 3, sizes: []int{1}, few: []string{"slow"}}
	ready := []program{{client: client{name: bareName}}, {client: client{name: "fast"}}, {client: client{name: "slow"}}}
	var order []string
	for round := range s.rounds {
		for _, j := range jobs(s, ready, round) {
			order = append(order, j.name+thousands(j.users))
		}
	}
	want := []string{
		"bare100", "fast100", "bare10", "slow10",
		"fast100", "bare100", "slow10", "bare10",
		"bare100", "fast100", "slow10", "bare10",
	}
	if !slices.Equal(order, want) {
		t.Errorf("order is %q", order)
	}
}

func TestTheReadmeKeepsWhatIsAroundTheTable(t *testing.T) {
	text := "above\n\n" + begins + "old\n" + ends + "\nbelow\n"
	for range 2 {
		var err error
		if text, err = between(text, "new\n"); err != nil {
			t.Fatal(err)
		}
	}
	if want := "above\n\n" + begins + "\nnew\n\n" + ends + "\nbelow\n"; text != want {
		t.Errorf("got %q", text)
	}
	for _, broken := range []string{"", begins, ends + begins} {
		if _, err := between(broken, ""); err == nil {
			t.Errorf("%q has no place for a table", broken)
		}
	}
}
