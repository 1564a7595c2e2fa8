package session

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/f48b34c0/seen/session/internal/record"
)

func TestWhatWasSpentCountsForADay(t *testing.T) {
	noon := time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)
	at := func(d time.Duration) int64 { return noon.Add(d).Unix() }
	rec := &record.Spending{}
	spend := func(d time.Duration) { rec = spendingOf(rec, at(d)).add(at(d)).record() }
	spend(0)
	spend(time.Minute)
	spend(3 * time.Hour)
	for _, tt := range []struct {
		after       time.Duration
		used, limit int
		free        time.Duration // 0: at once
	}{
		{3 * time.Hour, 3, 4, 0},
		{3 * time.Hour, 3, 3, 24*time.Hour + 10*time.Minute},
		{3 * time.Hour, 3, 2, 24*time.Hour + 10*time.Minute},
		{3 * time.Hour, 3, 1, 27*time.Hour + 10*time.Minute}, // the setting was lowered
		{3 * time.Hour, 3, 0, 0},                             // no limit
		{24*time.Hour + 9*time.Minute, 3, 3, 24*time.Hour + 10*time.Minute},
		{24*time.Hour + 10*time.Minute, 1, 3, 0},
		{27*time.Hour + 10*time.Minute, 0, 1, 0},
		// The clock was put back: what it said before counts from now on.
		{-48 * time.Hour, 3, 3, -24*time.Hour + 10*time.Minute},
	} {
		s := spendingOf(rec, at(tt.after))
		var want time.Time
		if tt.free != 0 {
			want = noon.Add(tt.free)
		}
		if got := s.Free(tt.limit); s.Used() != tt.used || !got.Equal(want) {
			t.Errorf("after %v: %d used, and with a limit of %d free %v; want %d and %v",
				tt.after, s.Used(), tt.limit, got, tt.used, want)
		}
	}
}

// Whenever something is spent, no 24 hours hold more than the limit, and what is
// refused becomes possible when it was said to.
func TestNoDayHoldsMoreThanItsLimit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		limit := rapid.IntRange(1, 20).Draw(t, "limit")
		now := int64(1_700_000_000)
		rec := &record.Spending{}
		var spent []int64
		for _, pause := range rapid.SliceOfN(rapid.Int64Range(0, 7200), 1, 200).Draw(t, "pauses") {
			now += pause
			s := spendingOf(rec, now)
			until := s.Free(limit)
			if until.IsZero() {
				rec = s.add(now).record()
				spent = append(spent, now)
			} else if until.Unix() <= now || until.Unix() > now+budgetDay+slotLength ||
				!spendingOf(rec, until.Unix()).Free(limit).IsZero() {
				t.Fatalf("at %d it is free at %d", now, until.Unix())
			}
			day := 0
			for _, at := range spent {
				if at > now-budgetDay {
					day++
				}
			}
			if day > limit || len(rec.Slots) > int(budgetDay/slotLength)+1 {
				t.Fatalf("%d in a day of %d, in %d slots", day, limit, len(rec.Slots))
			}
		}
	})
}
