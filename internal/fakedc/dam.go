package fakedc

import "context"

// damStep is how many pushes go through an opened dam before it is asked again
// whether the connections have room.
const damStep = 64

// dam holds back pushes while it is closed, and answers never: a burst can be made
// ready first, and then comes as fast as the client takes it.
type dam struct {
	closed bool
	behind []late
}

// send must be called with the switchboard's lock held.
func (b *switchboard) send(c *conn, p parcel) {
	if b.dam.closed {
		b.dam.behind = append(b.dam.behind, late{c, p})
		return
	}
	c.out.put(p)
}

func (b *switchboard) hold() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.dam.closed = true
}

// release lets everything go that was held back, in its order. What is pushed
// meanwhile comes after it.
func (b *switchboard) release(ctx context.Context) (pushes int, err error) {
	for {
		if err := b.settle(ctx); err != nil {
			return pushes, err
		}
		n, more := b.releaseSome()
		pushes += n
		if !more {
			return pushes, nil
		}
	}
}

func (b *switchboard) releaseSome() (n int, more bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	n = min(damStep, len(b.dam.behind))
	for i, l := range b.dam.behind[:n] {
		l.conn.out.put(l.parcel)
		b.dam.behind[i] = late{}
	}
	b.dam.behind = b.dam.behind[n:]
	if len(b.dam.behind) == 0 {
		b.dam = dam{}
		return n, false
	}
	return n, true
}
