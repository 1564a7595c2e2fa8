package bot

import (
	"sync"
	"time"
)

// Another bot is answered a few times an hour. Who greets it back with /start would
// otherwise be greeted for ever.
const (
	botAnswers = 3
	botWindow  = time.Hour
)

// turns bounds how often something is done for one and the same id.
type turns struct {
	most   int
	window time.Duration

	mu   sync.Mutex
	last map[int64][]time.Time
}

func newTurns(most int, window time.Duration) *turns {
	return &turns{most: most, window: window, last: make(map[int64][]time.Time)}
}

// take reports whether it is still somebody's turn, and counts it if so.
func (t *turns) take(id int64, at time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	const many = 1000 // ids that are kept though their window may be over
	if len(t.last) >= many {
		for other, list := range t.last {
			if at.Sub(list[len(list)-1]) >= t.window {
				delete(t.last, other)
			}
		}
	}
	var recent []time.Time
	for _, before := range t.last[id] {
		if at.Sub(before) < t.window {
			recent = append(recent, before)
		}
	}
	if len(recent) >= t.most {
		t.last[id] = recent
		return false
	}
	t.last[id] = append(recent, at)
	return true
}
