package fakedc

import (
	"sync/atomic"
	"time"
)

// clock is a world's: the story's, which messages are dated by, and the server's
// own, which MTProto goes by.
type clock struct {
	base   func() time.Time
	offset atomic.Int64
	// skew is how far the server's own is from the machine's.
	skew atomic.Int64
}

func (c *clock) now() time.Time { return c.base().Add(time.Duration(c.offset.Load())) }

func (c *clock) advance(d time.Duration) { c.offset.Add(int64(d)) }

// server is what message ids, salts and lifetimes of keys go by.
func (c *clock) server() time.Time { return time.Now().Add(time.Duration(c.skew.Load())) }

// jump moves the story's clock forward or back, and the server's own with it when
// real is set.
func (c *clock) jump(d time.Duration, real bool) {
	c.offset.Add(int64(d))
	if real {
		c.skew.Add(int64(d))
	}
}
