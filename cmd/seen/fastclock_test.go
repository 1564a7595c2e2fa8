package main

import (
	"fmt"
	"time"
)

// fastClock shows the same time in every process, and goes faster than others by
// rate: what a story tells in seconds happened in hours. Telegram's dates are
// whole seconds, so no two steps of a story may share one; and since a bot works
// out the server's time from its own, both have to go equally fast.
type fastClock struct {
	from time.Time
	rate int64
}

// seenTestClock is the variable that gives a clock to the command under test.
const seenTestClock = "SEEN_TEST_CLOCK"

func (c fastClock) now() time.Time {
	return c.from.Add(time.Since(c.from) * time.Duration(c.rate))
}

// env is the clock as a variable of the environment.
func (c fastClock) env() string {
	return fmt.Sprintf("%s=%d %d", seenTestClock, c.from.UnixNano(), c.rate)
}

// clockOf returns the clock that the environment gives, or that of the machine.
func clockOf(env func(string) string) func() time.Time {
	var from int64
	var c fastClock
	if _, err := fmt.Sscan(env(seenTestClock), &from, &c.rate); err != nil {
		return time.Now
	}
	c.from = time.Unix(0, from)
	return c.now
}
