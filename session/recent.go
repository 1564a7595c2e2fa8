package session

import "sync"

// recent remembers when peers and names were confirmed last, to the second. The
// file does not: a sighting that says nothing new is written twice a day at
// most. But envelopes that overtake each other are seconds apart, and to order
// them by the stored time would let an older one win.
//
// It is bounded: it keeps the latest 16,384 to 32,768 of each. What it has
// forgotten is ordered by the stored time, which is right for everything that is
// not out of order.
type recent struct {
	mu    sync.Mutex
	peers generations[ID, int64]
	names generations[string, bearing]
}

// bearing says who bore a name when.
type bearing struct {
	id ID
	at int64
}

const perGeneration = 1 << 14

// generations is a map that forgets the older half when it is full.
type generations[K comparable, V any] struct{ young, old map[K]V }

func (g *generations[K, V]) get(k K) (V, bool) {
	if v, ok := g.young[k]; ok {
		return v, true
	}
	v, ok := g.old[k]
	return v, ok
}

func (g *generations[K, V]) put(k K, v V) {
	if g.young == nil || len(g.young) >= perGeneration {
		g.young, g.old = make(map[K]V), g.young
	}
	g.young[k] = v
}

func (g *generations[K, V]) drop(k K) {
	delete(g.young, k)
	delete(g.old, k)
}

// sawPeer records that a peer's facts were confirmed.
func (r *recent) sawPeer(id ID, at int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if have, _ := r.peers.get(id); at > have {
		r.peers.put(id, at)
	}
}

func (r *recent) dropPeer(id ID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.peers.drop(id)
}

func (r *recent) dropName(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.names.drop(name)
}

// peer returns when a peer's facts were confirmed last, or 0.
func (r *recent) peer(id ID) int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	at, _ := r.peers.get(id)
	return at
}

// sawName records that a peer was seen to bear a name; the zero ID, that its
// owner gave it up.
func (r *recent) sawName(name string, id ID, at int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if have, ok := r.names.get(name); !ok || have.id != id || at > have.at {
		r.names.put(name, bearing{id, at})
	}
}

// name returns when the peer was last seen to bear the name, or 0.
func (r *recent) name(name string, id ID) int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	if b, ok := r.names.get(name); ok && b.id == id {
		return b.at
	}
	return 0
}
