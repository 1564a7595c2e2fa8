package session

import (
	"hash/maphash"
	"math"
	"math/bits"
	"sync"
)

// known remembers what the file says of the peers that were seen lately: not what,
// but that it is just what an object of theirs said, by a fingerprint. Most objects
// repeat what is known, and are told by it apart from news before anything is made
// of them. Whoever is not in it is looked up in the file, so it may forget.
//
// An entry stands for a committed record and its names on which the same object,
// seen again, would change nothing but times before it is due. It is closed when
// anything is queued that is about the peer. The writer takes it out before it
// works on the peer, or on somebody else who claims a name of theirs, and makes
// notes of the time up to which it was borne out.
type known struct {
	mu   sync.Mutex
	seed maphash.Seed
	sets []knownSet
	// count is how many entries there are, and off says that there are to be none:
	// tests compare it with that.
	count int
	off   bool
}

// knownSet is where an entry of one hash can stand: a cache line or two.
type knownSet [4]knownEntry

// knownEntry is 32 bytes. Times are Unix seconds.
type knownEntry struct {
	key   uint64 // 0 if there is none
	print uint64
	at    uint32 // when it was seen last
	base  uint32 // when it was seen first; closedBase if nothing repeats it any more
	due   uint32 // from when on the file wants to be told again
	tx    uint32 // the transaction from which on it holds
}

// closedBase is the base of a closed entry.
const closedBase = math.MaxUint32

const (
	fewestSets = 1 << 6
	mostSets   = 1 << 18 // 32 MiB
)

// knownKey is the key of a peer's objects, of which min ones are a kind of their own.
func knownKey(id ID, min bool) uint64 {
	k := uint64(id.Num)<<3 | uint64(id.Kind)<<1
	if min {
		k |= 1
	}
	return k
}

func (e knownEntry) peer() ID { return ID{Kind(e.key >> 1 & 3), int64(e.key >> 3)} }

func (k *known) set(key uint64) *knownSet {
	const spread = 0x9e3779b97f4a7c15 // the highest bits of the product are the best
	return &k.sets[key*spread>>(64-bits.TrailingZeros(uint(len(k.sets))))]
}

func (k *known) find(key uint64) *knownEntry {
	if len(k.sets) == 0 {
		return nil
	}
	set := k.set(key)
	for i := range set {
		if set[i].key == key {
			return &set[i]
		}
	}
	return nil
}

// both finds the entries of a peer, the one of min objects second.
func (k *known) both(id ID) [2]*knownEntry {
	return [2]*knownEntry{k.find(knownKey(id, false)), k.find(knownKey(id, true))}
}

// repeats reports whether an object says what is known, and is not due to be
// written. The book counts it as seen then.
func (k *known) repeats(id ID, min bool, print uint64, at int64) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	e := k.find(knownKey(id, min))
	if e == nil || e.print != print || at < int64(e.base) || at >= int64(e.due) {
		return false
	}
	e.at = max(e.at, uint32(at))
	return true
}

// close makes whatever is said of a peer news.
func (k *known) close(id ID) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, e := range k.both(id) {
		if e != nil {
			e.base = closedBase
		}
	}
}

// take returns the entries of a peer, the one of min objects second, and takes
// them out.
func (k *known) take(id ID) (out [2]knownEntry) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for i, e := range k.both(id) {
		if e != nil {
			out[i], *e = *e, knownEntry{}
			k.count--
		}
	}
	return out
}

// peek returns the entries that a reader of a transaction may know of.
func (k *known) peek(id ID, tx int) (out [2]knownEntry) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for i, e := range k.both(id) {
		if e != nil && int64(e.tx) <= int64(tx) {
			out[i] = *e
		}
	}
	return out
}

// learn puts entries in, in the place of the oldest where there is no room.
func (k *known) learn(list []knownEntry) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.off {
		return
	}
	if k.sets == nil {
		k.sets = make([]knownSet, fewestSets)
	}
	for _, e := range list {
		if slots := len(k.sets) * len(knownSet{}); 2*k.count >= slots && len(k.sets) < mostSets {
			k.grow()
		}
		k.put(e)
	}
}

func (k *known) put(e knownEntry) {
	set := k.set(e.key)
	at := 0
	for i := range set {
		if set[i].key == e.key {
			at = i
			break
		}
		if set[i].at < set[at].at { // an empty one is the oldest
			at = i
		}
	}
	if set[at].key == 0 {
		k.count++
	}
	set[at] = e
}

// grow doubles the table. What stood in one set stands in one of two then, so all
// of it has room.
func (k *known) grow() {
	old := k.sets
	k.sets, k.count = make([]knownSet, 2*len(old)), 0
	for i := range old {
		for _, e := range old[i] {
			if e.key != 0 {
				k.put(e)
			}
		}
	}
}
