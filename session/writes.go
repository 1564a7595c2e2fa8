package session

import (
	"sync"
	"time"
)

// Writes counts what was written to a file since it was opened.
type Writes struct {
	// Commits is the number of transactions, and Rows of the records in them.
	Commits, Rows int64
	// Took is how long they took in all.
	Took time.Duration
	// Within counts the transactions that took no longer than the bound of
	// [CommitBounds] with the same index.
	Within []int64
}

// CommitBounds are the bounds of [Writes.Within].
func CommitBounds() []time.Duration {
	const ms = time.Millisecond
	return []time.Duration{ms, 2 * ms, 5 * ms, 10 * ms, 25 * ms, 50 * ms, 100 * ms, 250 * ms, 500 * ms, time.Second, 5 * time.Second}
}

// Writes returns the counts so far.
func (f *File) Writes() Writes { return f.writes.get() }

// writes are the counts of a file.
type writes struct {
	mu  sync.Mutex
	sum Writes
}

func (w *writes) note(rows int, took time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.sum.Within == nil {
		w.sum.Within = make([]int64, len(CommitBounds()))
	}
	w.sum.Commits++
	w.sum.Rows += int64(rows)
	w.sum.Took += took
	for i, bound := range CommitBounds() {
		if took <= bound {
			w.sum.Within[i]++
		}
	}
}

func (w *writes) get() Writes {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := w.sum
	out.Within = make([]int64, len(CommitBounds()))
	copy(out.Within, w.sum.Within)
	return out
}
