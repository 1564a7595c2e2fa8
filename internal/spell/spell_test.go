package spell

import "testing"

func TestDistanceCountsLetters(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want int
	}{
		{"", "", 0},
		{"", "abc", 3},
		{"limit", "limit", 0},
		{"limt", "limit", 1},   // one is missing
		{"limiit", "limit", 1}, // one too many
		{"lamit", "limit", 1},  // one is another
		{"ilmit", "limit", 2},  // two have changed places
		{"kitten", "sitting", 3},
	} {
		if got, back := Distance(tt.a, tt.b), Distance(tt.b, tt.a); got != tt.want || back != tt.want {
			t.Errorf("%q and %q: %d and %d, want %d", tt.a, tt.b, got, back, tt.want)
		}
	}
}
