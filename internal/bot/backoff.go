package bot

import (
	"math/rand/v2"
	"time"

	"github.com/cenkalti/backoff/v4"
)

const (
	firstRetry = 100 * time.Millisecond
	longRetry  = 30 * time.Second
	// steady is how long a connection has to live for the next failure to be a
	// first one. gotd forgets all failures as soon as it is connected, so a server
	// that takes connections and drops them would be called ten times a second.
	steady = 10 * time.Second
)

// reconnects says when to connect again: twice as long after every failure, and
// never at the moment when everybody else does.
type reconnects struct {
	now     func() time.Time
	random  func() float64 // in [0, 1)
	wait    time.Duration
	readied time.Time
}

func newBackoff() backoff.BackOff { return &reconnects{now: time.Now, random: rand.Float64} }

// NextBackOff returns how long to wait after a failure: half to one and a half
// times what its number in the row asks for.
func (r *reconnects) NextBackOff() time.Duration {
	if !r.readied.IsZero() && r.now().Sub(r.readied) >= steady {
		r.wait = 0
	}
	r.readied = time.Time{}
	r.wait = min(max(2*r.wait, firstRetry), longRetry)
	return time.Duration((0.5 + r.random()) * float64(r.wait))
}

// Reset is called when a connection is ready.
func (r *reconnects) Reset() { r.readied = r.now() }
