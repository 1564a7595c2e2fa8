package session

import "time"

// Backlog tells how far handlers are behind.
type Backlog struct {
	// Waiting is how many updates were received and are not handled yet.
	Waiting int
	// Oldest is how long the one has been waiting that has come first.
	Oldest time.Duration
}

// Backlog returns how far handlers are behind at this moment.
func (m *Memory) Backlog() Backlog {
	waiting, since := m.lanes.behind()
	if waiting == 0 {
		return Backlog{}
	}
	return Backlog{Waiting: waiting, Oldest: time.Since(since)}
}

// behind returns how many tasks are queued or being handled, and since when the
// first of them has been.
func (l *lanes) behind() (n int, since time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, tasks := range l.byChat {
		if len(tasks) > 0 && (since.IsZero() || tasks[0].since.Before(since)) {
			since = tasks[0].since
		}
	}
	return l.queued, since
}
