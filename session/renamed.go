package session

// An updateUserName may overtake the envelope that shows its user first. It makes
// no record, so what it says is remembered until there is a whole one, and then
// said again: an older sighting must not give anybody a name that they had lost.
// That memory is bounded as [recent] is.

// renamed applies what overtook a sighting that has just made a record, or
// completed a min one.
func (s *sighting) renamed(b *batch) error {
	if s.namesOnly {
		b.remember(s)
		return nil
	}
	later := b.renaming(s.id)
	if later == nil || later.at <= s.at {
		return nil
	}
	return later.apply(b)
}

// remember keeps the latest names of somebody who is not in the book as a whole.
func (b *batch) remember(s *sighting) {
	if have := b.renaming(s.id); have != nil && have.at > s.at {
		return
	}
	b.noteNames(s.id, &sighting{ // the rest of it belongs to the queue
		id: s.id, at: s.at, origin: s.origin,
		namesOnly: true, firstName: s.firstName, lastName: s.lastName, usernames: s.usernames,
	})
}

func (b *batch) noteNames(id ID, s *sighting) {
	if b.renamed == nil {
		b.renamed = make(map[ID]*sighting)
	}
	b.renamed[id] = s
}

// renaming returns the latest names that somebody was said to have before they
// were in the book as a whole, or nil.
func (b *batch) renaming(id ID) *sighting {
	if s, ok := b.renamed[id]; ok {
		return s
	}
	b.recent.mu.Lock()
	defer b.recent.mu.Unlock()
	r, _ := b.recent.renamed.get(id)
	return r.in(b.tx.ID())
}

// renaming is the latest names of somebody, and those before. As with what was
// confirmed, a transaction that sees the file without them must not know of them: a
// reader says them again in their place among what waits, and if they were said too
// early, whoever took over a name meanwhile would be taken for late.
type renaming struct {
	last, before *sighting
	tx, beforeTx int
}

// after is how a renaming goes on from a transaction on.
func (r renaming) after(s *sighting, tx int) renaming {
	if s == nil { // who was forgotten is forgotten here too
		return renaming{}
	}
	return renaming{last: s, tx: tx, before: r.last, beforeTx: r.tx}
}

// in returns what a transaction may know.
func (r renaming) in(tx int) *sighting {
	switch {
	case r.tx <= tx:
		return r.last
	case r.beforeTx <= tx:
		return r.before
	default:
		return nil
	}
}
