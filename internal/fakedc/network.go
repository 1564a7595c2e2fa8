package fakedc

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// network is what is wrong with the connections of a world.
type network struct {
	// delay is added to every frame, both ways.
	delay atomic.Int64
	// busy is false while nothing else is wrong, which is nearly always.
	busy atomic.Bool

	mu sync.Mutex
	// codes are transport errors that answer the next frames.
	codes []int32
	// tears is how many of the frames to come break off in the middle.
	tears int
	// bent is how many of the frames to come have a bit turned over.
	bent int
}

func (n *network) slow(d time.Duration) { n.delay.Store(int64(d)) }

func (n *network) answer(code int32, count int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.codes = append(n.codes, slices.Repeat([]int32{code}, count)...)
	n.busy.Store(true)
}

func (n *network) tear(count int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.tears += count
	n.busy.Store(true)
}

func (n *network) bend(count int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.bent += count
	n.busy.Store(true)
}

func (n *network) mend() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.delay.Store(0)
	n.codes, n.tears, n.bent = nil, 0, 0
	n.busy.Store(false)
}

// code is the transport error for the frame that has just come, or 0.
func (n *network) code() int32 {
	if !n.busy.Load() {
		return 0
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.codes) == 0 {
		return 0
	}
	code := n.codes[0]
	n.codes = n.codes[1:]
	return code
}

// torn says whether the frame that is about to go breaks off.
func (n *network) torn() bool {
	if !n.busy.Load() {
		return false
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.tears == 0 {
		return false
	}
	n.tears--
	return true
}

// damage turns over a bit of a frame, if it is one's turn.
func (n *network) damage(frame []byte) {
	if !n.busy.Load() {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.bent > 0 {
		n.bent--
		frame[len(frame)-1] ^= 1
	}
}
