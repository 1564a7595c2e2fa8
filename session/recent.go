package session

import (
	"cmp"
	"sync"
)

// recent remembers when peers and names were confirmed last, to the second. The
// file does not: a sighting that says nothing new is written twice a day at
// most. But envelopes that overtake each other are seconds apart, and to order
// them by the stored time would let an older one win.
//
// It is bounded: it keeps the latest 16,384 to 32,768 of each, and of users, who
// write all day, four times as many. What it has
// forgotten is ordered by the stored time, which is right for everything that is
// not out of order.
type recent struct {
	mu    sync.Mutex
	peers generations[ID, confirmed]
	names generations[string, confirmed]
	users generations[int64, packed]
	// renamed are the latest names of users who are not in the book as a whole.
	renamed generations[ID, renaming]
}

// confirmed is a confirmation, and the one before it. A transaction that sees the
// file as it was before a confirmation must not know of that: it would take what
// it is about to apply for outdated. One that sees the file after it has to know.
type confirmed struct{ last, before confirmation }

// confirmation is when something was confirmed, and by whom if it is a name; the
// zero ID says that it was nobody's from then on.
type confirmation struct {
	id ID
	at int64
	tx int // the transaction from which on it holds
}

// in returns what a transaction may know.
func (c confirmed) in(tx int) confirmation {
	switch {
	case c.last.tx <= tx:
		return c.last
	case c.before.tx <= tx:
		return c.before
	default:
		return confirmation{}
	}
}

const (
	perGeneration = 1 << 14
	usersAtOnce   = 4 * perGeneration
)

// generations is a map that forgets the older half when it is full.
type generations[K comparable, V any] struct {
	young, old map[K]V
	most       int // in one half; perGeneration if it is 0
}

func (g *generations[K, V]) get(k K) (V, bool) {
	if v, ok := g.young[k]; ok {
		return v, true
	}
	v, ok := g.old[k]
	return v, ok
}

func (g *generations[K, V]) put(k K, v V) {
	if g.young == nil || len(g.young) >= cmp.Or(g.most, perGeneration) {
		g.young, g.old = make(map[K]V), g.young
	}
	g.young[k] = v
}

// replace is put for what is there already: it stays as young as it was, so that
// those who come again and again do not push out each other.
func (g *generations[K, V]) replace(k K, v V) {
	if _, ok := g.young[k]; ok {
		g.young[k] = v
		return
	}
	g.old[k] = v
}

// peer returns when a peer's facts were confirmed last, or 0.
func (r *recent) peer(id ID, tx int) int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	c, _ := r.peers.get(id)
	return c.in(tx).at
}

// name returns who was last seen to bear a name, and when; 0 if that is not
// remembered.
func (r *recent) name(name string, tx int) (ID, int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	c, _ := r.names.get(name)
	n := c.in(tx)
	return n.id, n.at
}

// publish makes known what a batch has confirmed, to the transactions from tx on.
// It comes before the commit of that one, so that none sees the one without the
// other.
func (r *recent) publish(b *batch, tx int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for id, e := range b.peers {
		if c, have := r.peers.get(id); e.noted && (have || !e.told()) {
			r.peers.put(id, confirmed{confirmation{at: e.confirmed, tx: tx}, c.last})
		}
	}
	for name, e := range b.names {
		if c, have := r.names.get(name); e.noted && (have || !e.told()) {
			r.names.put(name, confirmed{confirmation{e.borne.id, e.borne.at, tx}, c.last})
		}
	}
	for id, s := range b.renamed {
		have, _ := r.renamed.get(id)
		r.renamed.put(id, have.after(s, tx))
	}
	for user, d := range b.dialogs {
		if !d.noted {
			continue
		}
		e := d.last
		if have, _ := r.remembered(user); have.at > e.at && e != (evidence{}) {
			// It was borne out since.
			e.at, e.ours, e.message = have.at, have.ours, max(have.message, e.message)
		}
		r.users.put(user, e.pack())
	}
}

// bearing says who bore a name when.
type bearing struct {
	id ID
	at int64
}

// confirmedName returns when that peer was last seen to bear the name, or 0; for
// the zero ID, since when it was nobody's.
func (b *batch) confirmedName(e *nameEntry, id ID) int64 {
	n := e.borne
	if !e.noted {
		n.id, n.at = b.recent.name(e.lower, b.tx.ID())
	}
	if n.id != id {
		return 0
	}
	return n.at
}

// told reports whether the row that is written says what is noted. The file says
// it to everybody then. Somebody who was forgotten is not to be remembered here.
func (e *peerEntry) told() bool {
	return e.dirty && !e.forgotten && e.rec != nil && e.rec.FactsAt == e.confirmed
}

// Since when a name is nobody's is told by no row.
func (e *nameEntry) told() bool {
	return e.dirty && !nobodys(e.rec) && owner(e.rec) == e.borne.id && e.rec.At == e.borne.at
}

func (e *peerEntry) note(at int64) { e.confirmed, e.noted = at, true }

func (e *nameEntry) note(id ID, at int64) { e.borne, e.noted = bearing{id, at}, true }
