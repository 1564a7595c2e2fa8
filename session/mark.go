package session

// mark is how far one sequence of updates has been handled, which is how far its
// value may be stored. The follower sets values as it hands updates out; a value
// becomes storable when every task that was handed out before it is finished.
//
// Tasks are told apart by the order in which they were handed out, not by their
// pts: an update out of a difference has none.
type mark struct {
	next  uint64              // ordinal of the next task
	low   uint64              // every task below is finished
	ended map[uint64]struct{} // finished tasks at or above low
	queue []point             // values set, in order, not yet storable

	value int64 // the latest storable value
	set   bool  // there is one
	dirty bool  // it is not yet written

	// holds is the task of the date that ends when there is a storable value, if
	// holding is set.
	holds   uint64
	holding bool
}

// point is a value that may be stored when every task below before is finished.
type point struct {
	value  int64
	before uint64
}

// begin hands out a task and returns its ordinal.
func (m *mark) begin() uint64 {
	m.next++
	return m.next - 1
}

// finish ends a task and reports whether a value became storable.
func (m *mark) finish(task uint64) bool {
	if m.ended == nil {
		m.ended = make(map[uint64]struct{})
	}
	m.ended[task] = struct{}{}
	for {
		if _, ok := m.ended[m.low]; !ok {
			break
		}
		delete(m.ended, m.low)
		m.low++
	}
	return m.settle()
}

// reach records that the follower has handed out everything up to value, and
// reports whether a value became storable.
func (m *mark) reach(value int64) bool {
	if n := len(m.queue); n > 0 && m.queue[n-1].before == m.next {
		m.queue[n-1].value = value
	} else {
		m.queue = append(m.queue, point{value, m.next})
	}
	return m.settle()
}

func (m *mark) settle() bool {
	moved := false
	for len(m.queue) > 0 && m.queue[0].before <= m.low {
		if v := m.queue[0].value; !m.set || v != m.value {
			m.value, m.set, m.dirty, moved = v, true, true, true
		}
		m.queue = m.queue[1:]
	}
	return moved
}
