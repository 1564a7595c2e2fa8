package session

import (
	"sync"
	"time"
)

// serverClock tells the server's time, as far as its answers have shown it.
// Sightings in answers are timed by it, so that they compare with the dates that
// the server itself puts on envelopes.
type serverClock struct {
	local func() time.Time

	mu     sync.Mutex
	offset time.Duration
}

func (c *serverClock) now() time.Time { return c.at(c.local()) }

// at returns what the server's clock said at a moment of the local one.
func (c *serverClock) at(local time.Time) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return local.Add(c.offset)
}

// pushed learns from a date that lies in the server's past, such as that of an
// envelope.
func (c *serverClock) pushed(date int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if d := time.Unix(int64(date), 0).Sub(c.local()); d > c.offset {
		c.offset = d
	}
}

// answered learns from a date that the server set between two moments of the
// local clock. Dates are whole seconds, cut off.
func (c *serverClock) answered(date int, sent, received time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	low := time.Unix(int64(date), 0).Sub(received)
	high := time.Unix(int64(date)+1, 0).Sub(sent)
	c.offset = min(max(c.offset, low), high)
}
