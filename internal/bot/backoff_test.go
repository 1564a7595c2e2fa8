package bot

import (
	"testing"
	"time"
)

func TestRetriesComeEverMoreSeldom(t *testing.T) {
	c, random := &clock{noon}, 0.5
	r := &reconnects{now: c.now, random: func() float64 { return random }}
	ms := func(n int) time.Duration { return time.Duration(n) * time.Millisecond }
	want := func(d time.Duration) {
		t.Helper()
		if got := r.NextBackOff(); got != d {
			t.Errorf("got %v, want %v", got, d)
		}
	}
	r.Reset() // when it begins
	for _, d := range []int{100, 200, 400, 800, 1600, 3200, 6400, 12800, 25600, 30000, 30000} {
		want(ms(d))
		c.advance(ms(d))
	}
	// A connection that lives for a moment is none.
	r.Reset()
	c.advance(steady - 1)
	want(ms(30000))
	r.Reset()
	c.advance(steady)
	want(ms(100))
	// It died while it was made: that is not the success of an hour ago.
	c.advance(time.Hour)
	want(ms(200))
}

// No two bots that lose their server at one time come back at one time.
func TestRetriesAreSpread(t *testing.T) {
	c := &clock{noon}
	for _, random := range []float64{0, 0.25, 0.999999} {
		r := &reconnects{now: c.now, random: func() float64 { return random }}
		for _, mean := range []time.Duration{firstRetry, 2 * firstRetry} {
			if got, want := r.NextBackOff(), time.Duration((0.5+random)*float64(mean)); got != want {
				t.Errorf("at %v: got %v, want %v", random, got, want)
			}
		}
	}
	seen := make(map[time.Duration]bool)
	for range 100 {
		seen[newBackoff().NextBackOff()] = true
	}
	if len(seen) < 90 {
		t.Errorf("a hundred first retries come after %d different times", len(seen))
	}
}
