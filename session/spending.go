package session

import (
	"time"

	"github.com/f48b34c0/seen/session/internal/record"
)

// budgetDay is how long something that was spent counts. Telegram does not say
// when its day begins: of any 24 hours, some 24 hours are its day.
const budgetDay = int64(24 * time.Hour / time.Second)

// slotLength is how exactly it is known when something was spent: a day is kept
// in 145 slots, however much was spent in it.
const slotLength = int64(10 * time.Minute / time.Second)

// Spending is what was spent of a daily budget in the last 24 hours.
type Spending struct{ slots []slot }

// slot is what was spent in ten minutes.
type slot struct{ at, count int64 }

// free is when the last moment of the slot is a day ago.
func (s slot) free() int64 { return s.at + slotLength + budgetDay }

// spendingOf is what counts at a time. A slot of the future counts as one of now:
// the clock was put back, and what it said before is worth nothing.
func spendingOf(rec *record.Spending, now int64) Spending {
	var s Spending
	for _, r := range rec.Slots {
		next := slot{min(r.At, slotOf(now)), r.Count}
		if next.free() > now && next.count > 0 {
			s = s.join(next)
		}
	}
	return s
}

func slotOf(at int64) int64 { return at - at%slotLength }

// join adds a slot that is not older than those that are there.
func (s Spending) join(next slot) Spending {
	if n := len(s.slots); n > 0 && s.slots[n-1].at >= next.at {
		s.slots[n-1].count += next.count
		return s
	}
	return Spending{append(s.slots, next)}
}

func (s Spending) add(at int64) Spending { return s.join(slot{slotOf(at), 1}) }

// Used returns how much counts.
func (s Spending) Used() int {
	var n int64
	for _, p := range s.slots {
		n += p.count
	}
	return int(n)
}

// Free returns when something can be spent again under a limit: the zero time if
// that is so at once. A limit of 0 is none. It is exact to ten minutes, and never
// too early.
func (s Spending) Free(limit int) time.Time {
	over := int64(s.Used()) - int64(limit) // how much has to be forgotten, less one
	if limit <= 0 || over < 0 {
		return time.Time{}
	}
	for _, p := range s.slots {
		if over -= p.count; over < 0 {
			return unix(p.free())
		}
	}
	return time.Time{} // not reached: over was less than what the slots hold
}

func (s Spending) record() *record.Spending {
	rec := &record.Spending{}
	for _, p := range s.slots {
		rec.Slots = append(rec.Slots, &record.Spending_Slot{At: p.at, Count: p.count})
	}
	return rec
}
