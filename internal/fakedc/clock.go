package fakedc

import (
	"sync/atomic"
	"time"
)

// clock is the story's: what base says, and whatever the story waited.
type clock struct {
	base   func() time.Time
	offset atomic.Int64
}

func (c *clock) now() time.Time { return c.base().Add(time.Duration(c.offset.Load())) }

func (c *clock) advance(d time.Duration) { c.offset.Add(int64(d)) }
