package session

import (
	"github.com/f48b34c0/seen/session/internal/record"
)

// apply enters a sighting: the record by the rules of merge, then the names by
// the rules of claim.
func (s *sighting) apply(b *batch) error {
	e := b.peer(s.id)
	old := e.rec
	next := merge(old, s, b.generation)
	if next == nil {
		return s.renamed(b)
	}
	if next != old {
		e.rec, e.dirty = next, true
	} else if s.at > old.FactsAt && (!s.min || old.Min) {
		old.FactsAt = s.at // later sightings compare with it, though nothing is written
	}
	e.note(e.rec.FactsAt)
	if err := s.profile(b, old, e.rec); err != nil {
		return err
	}
	if err := s.claims(b, e); err != nil {
		return err
	}
	e.agreed(s, next != old)
	if old == nil {
		return s.renamed(b)
	}
	if err := s.changed(b, old, e.rec); err != nil || !old.Min {
		return err
	}
	return s.renamed(b)
}

// profile tells the dialog with a user that they are a bot, or deleted.
func (s *sighting) profile(b *batch, old, now *record.Peer) error {
	const telling = uint32(FlagBot | FlagDeleted)
	was, is := old.GetFlags()&telling, now.Flags&telling
	if was == is || s.id.Kind != User || now.Flags&uint32(FlagSelf) != 0 {
		return nil
	}
	e := &event{user: s.id.Num, at: s.at, what: back, reason: ReasonProfile}
	switch {
	case is&uint32(FlagDeleted) != 0:
		e.what = gone
	case is&uint32(FlagBot) != 0:
		e.what = machine
	}
	return e.apply(b)
}

// claims puts the names that the sighting bears and the record took from it
// before the rule of names.
func (s *sighting) claims(b *batch, e *peerEntry) error {
	if s.id.Kind == User && s.min && !e.rec.Min {
		return nil // a min user confirms no name
	}
	for _, u := range s.usernames {
		name := fold(u.Name)
		if !bears(e.rec, name) {
			continue
		}
		n := b.name(name)
		if nobodys(n.rec) && s.at < b.confirmedName(n, ID{}) {
			b.strip(e, name) // given up since
			continue
		}
		var holder *peerEntry
		if n.rec != nil {
			holder = b.peer(owner(n.rec))
		}
		owned := holder != nil && holder.rec != nil && bears(holder.rec, name)
		entry, v := claim(name, n.rec, owned, s)
		if v == claimWon && owned && owner(n.rec) != s.id {
			if err := b.move(name, u.Name, owner(n.rec), holder, s); err != nil {
				return err
			}
		}
		n.bear(entry)
		if v == claimWon {
			b.taken(name)
		}
		if v == claimRefused {
			b.strip(e, name)
		}
	}
	return nil
}

// bear puts an entry in place. One that says nothing but a later time is written
// when the stored time is old.
func (n *nameEntry) bear(entry *record.Name) {
	old := n.rec
	n.rec = entry
	n.note(owner(entry), entry.At)
	same := old != nil && owner(old) == owner(entry) && old.Contested == entry.Contested
	if !same || entry.At >= n.stored+confirmAfter {
		n.dirty = true
	}
}

// move takes a name from its former owner and writes both histories.
func (b *batch) move(lower, written string, from ID, holder *peerEntry, s *sighting) error {
	b.strip(holder, lower)
	err := b.note(from, s.at, &record.Change{
		What: record.Change_WHAT_MOVED, Old: written,
		OtherKind: uint32(s.id.Kind), OtherId: s.id.Num,
	})
	if err != nil {
		return err
	}
	return b.note(s.id, s.at, &record.Change{
		What: record.Change_WHAT_MOVED, New: written,
		OtherKind: uint32(from.Kind), OtherId: from.Num,
	})
}

// strip takes a name out of a record.
func (b *batch) strip(e *peerEntry, lower string) {
	next := e.rec.Copy()
	next.Usernames = without(e.rec.Usernames, lower)
	e.rec, e.dirty = next, true
}

// givenUpAt is when the peer may have given up a name at the earliest: right after
// it was seen to bear it last. Who bore it later than that is its next owner, even
// if they were seen before the peer was seen without it.
func (s *sighting) givenUpAt(n *record.Name) int64 {
	if s.namesOnly {
		return s.at // it is what tells of the change
	}
	return n.At
}

// changed gives up the names that the peer no longer bears and writes its
// history.
func (s *sighting) changed(b *batch, old, now *record.Peer) error {
	if old == now {
		return nil
	}
	for _, u := range old.Usernames {
		name := fold(u.Name)
		if bears(now, name) {
			continue
		}
		n := b.name(name)
		if n.rec != nil && owner(n.rec) == s.id {
			at := s.givenUpAt(n.rec)
			n.rec, n.dirty = givenUp(n.rec, at), true
			n.note(ID{}, at)
		}
	}
	if o, n := nameList(old.Usernames), nameList(now.Usernames); o != n {
		err := b.note(s.id, s.at, &record.Change{What: record.Change_WHAT_USERNAMES, Old: o, New: n})
		if err != nil {
			return err
		}
	}
	if o, n := peerOf(s.id, old).Name(), peerOf(s.id, now).Name(); o != n {
		return b.note(s.id, s.at, &record.Change{What: record.Change_WHAT_NAME, Old: o, New: n})
	}
	return nil
}
