package session

import (
	"cmp"
	"slices"
	"sync"

	"github.com/gotd/td/tg"
)

// queue holds what waits to be written, and shows it to readers meanwhile.
// Adding appends under a mutex and never waits for the writer: gotd starts a
// goroutine for every message without bound, so a harvest that waited would only
// pile them up.
type queue struct {
	mu      sync.RWMutex
	seq     uint64 // of the sighting that came last
	waiting pending
	// writing is what the writer has taken and not yet committed.
	writing pending
	known   known
	// torn says that a part of that is in the file, and the rest could not be
	// written.
	torn bool
}

// pending is a list of changes with an index of the sightings in it.
type pending struct {
	changes []change
	byID    map[ID]*sighting         // the latest; the earlier ones hang on prev
	byName  map[string]few[sighting] // folded names that are claimed
	byUser  map[int64]few[event]     // in their order
	forgets bool                     // somebody is to be forgotten
	size    int64                    // about how many bytes that is
}

// few is a list that mostly has one item.
type few[T any] struct {
	first *T
	more  []*T
}

func (f few[T]) add(item *T) few[T] {
	if f.first == nil {
		f.first = item
	} else {
		f.more = append(f.more, item)
	}
	return f
}

func (f few[T]) appendTo(list []*T) []*T {
	if f.first == nil {
		return list
	}
	return append(append(list, f.first), f.more...)
}

func (p *pending) add(c change) {
	p.changes = append(p.changes, c)
	switch c := c.(type) {
	case *sighting:
		p.size += c.size()
		p.show(c)
		return
	case *event:
		if p.byUser == nil {
			p.byUser = make(map[int64]few[event])
		}
		p.byUser[c.user] = p.byUser[c.user].add(c)
	case forgetting:
		p.forgets = true
	}
	p.size += changeSize
}

// show puts a sighting into the index.
func (p *pending) show(s *sighting) {
	if p.byID == nil {
		p.byID = make(map[ID]*sighting)
		p.byName = make(map[string]few[sighting])
	}
	s.prev = p.byID[s.id]
	p.byID[s.id] = s
	for _, u := range s.usernames {
		name := fold(u.Name)
		p.byName[name] = p.byName[name].add(s)
	}
}

// add returns about how many bytes wait now.
func (q *queue) add(changes []change) int64 {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, c := range changes {
		switch c := c.(type) {
		case *sighting:
			q.seq++
			c.seq = q.seq
			q.known.close(c.id)
		case forgetting:
			q.known.close(c.id)
		}
		q.waiting.add(c)
	}
	return q.waiting.size + q.writing.size
}

// repeats reports whether an object says what is known: see [known.repeats]. It
// does not where a name of its peer is claimed by somebody else in what waits, since
// it stands against that then.
func (q *queue) repeats(id ID, min bool, print uint64, at int64, name string, names []tg.Username) bool {
	q.mu.RLock()
	defer q.mu.RUnlock()
	for _, p := range []*pending{&q.writing, &q.waiting} {
		if len(p.byName) == 0 {
			continue
		}
		if p.disputes(id, name) || slices.ContainsFunc(names, func(u tg.Username) bool { return p.disputes(id, u.Username) }) {
			return false
		}
	}
	return q.known.repeats(id, min, print, at)
}

// disputes reports whether somebody else claims a name.
func (p *pending) disputes(id ID, name string) bool {
	if name == "" {
		return false
	}
	claims := p.byName[fold(name)]
	return claims.first != nil && claims.first.id != id ||
		slices.ContainsFunc(claims.more, func(s *sighting) bool { return s.id != id })
}

// take moves what waits to the writer. It stays visible until done.
func (q *queue) take() pending {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.writing, q.waiting = q.waiting, pending{}
	return q.writing
}

// giveBack puts what was taken back before what has come since.
func (q *queue) giveBack() {
	q.mu.Lock()
	defer q.mu.Unlock()
	since := q.waiting.changes
	q.waiting, q.writing = q.writing, pending{}
	for _, c := range since {
		q.waiting.add(c)
	}
}

// done forgets what was taken: it stands in the file now. Of the peers of whom
// nothing has come since, it is known what the file says.
func (q *queue) done(learnt []knownEntry) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.writing, q.torn = pending{}, false
	if q.waiting.forgets {
		return
	}
	q.known.learn(slices.DeleteFunc(learnt, func(e knownEntry) bool {
		_, news := q.waiting.byID[e.peer()]
		return news
	}))
}

// tear says that a part of what was taken is in the file.
func (q *queue) tear() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.torn = true
}

// unsure reports whether nobody can say what has become of the names of some peers,
// because what was taken tells of one of them: what is read of it may be the one
// half, and is no longer what the other half was to be entered in.
func (q *queue) unsure(ids map[ID]struct{}) bool {
	q.mu.RLock()
	defer q.mu.RUnlock()
	if !q.torn {
		return false
	}
	for id := range ids {
		if q.writing.byID[id] != nil {
			return true
		}
	}
	return false
}

// sightings returns the waiting sightings of some peers, oldest first.
func (q *queue) sightings(ids map[ID]struct{}) []*sighting {
	q.mu.RLock()
	defer q.mu.RUnlock()
	var out []*sighting
	for id := range ids {
		for _, p := range []*pending{&q.waiting, &q.writing} {
			for s := p.byID[id]; s != nil; s = s.prev {
				out = append(out, s)
			}
		}
	}
	slices.SortFunc(out, func(a, b *sighting) int { return cmp.Compare(a.seq, b.seq) })
	return out
}

// events returns the waiting events of a user, oldest first.
func (q *queue) events(user int64) []*event {
	q.mu.RLock()
	defer q.mu.RUnlock()
	return q.waiting.byUser[user].appendTo(q.writing.byUser[user].appendTo(nil))
}

// claimants adds the peers that claim a folded name in what waits.
func (q *queue) claimants(name string, to map[ID]struct{}) {
	q.mu.RLock()
	defer q.mu.RUnlock()
	for _, p := range []*pending{&q.writing, &q.waiting} {
		for _, s := range p.byName[name].appendTo(nil) {
			to[s.id] = struct{}{}
		}
	}
}

func (q *queue) empty() bool {
	q.mu.RLock()
	defer q.mu.RUnlock()
	return len(q.waiting.byID) == 0 && len(q.writing.byID) == 0
}

// ids returns the peers that wait, in no order.
func (q *queue) ids() []ID {
	q.mu.RLock()
	defer q.mu.RUnlock()
	out := make([]ID, 0, len(q.waiting.byID)+len(q.writing.byID))
	for _, p := range []*pending{&q.writing, &q.waiting} {
		for id := range p.byID {
			out = append(out, id)
		}
	}
	return out
}

// len returns how many changes wait, and bytes about how much memory they take.
func (q *queue) len() int {
	q.mu.RLock()
	defer q.mu.RUnlock()
	return len(q.waiting.changes) + len(q.writing.changes)
}

func (q *queue) bytes() int64 {
	q.mu.RLock()
	defer q.mu.RUnlock()
	return q.waiting.size + q.writing.size
}

// unwritten is the part of that which the writer has not taken yet.
func (q *queue) unwritten() int64 {
	q.mu.RLock()
	defer q.mu.RUnlock()
	return q.waiting.size
}

// changeSize is about what a change takes in memory, its share of the indexes
// included.
const changeSize = 512

// size is about how many bytes a sighting takes.
func (s *sighting) size() int64 {
	n := changeSize + len(s.firstName) + len(s.lastName) + len(s.title) + len(s.phone) + len(s.language)
	return int64(n + 128*len(s.usernames))
}
