package session

import (
	"math"

	"github.com/f48b34c0/seen/session/internal/record"
)

// recall adds to a record that was read what is known of it since. The writer makes
// notes of that, because it takes it out.
func (b *batch) recall(e *peerEntry) {
	if !b.writes {
		e.took = b.known.peek(e.id, b.tx.ID())
		e.rec.FactsAt = max(e.rec.FactsAt, borneOut(e.rec, e.took))
		return
	}
	e.took = b.known.take(e.id)
	at := borneOut(e.rec, e.took)
	if at == 0 {
		return
	}
	e.rec.FactsAt = max(e.rec.FactsAt, at)
	e.note(e.rec.FactsAt)
	for _, u := range e.rec.Usernames {
		n := b.name(fold(u.Name))
		if n.rec != nil && owner(n.rec) == e.id {
			n.rec.At = max(n.rec.At, at)
			n.note(e.id, n.rec.At)
		}
	}
}

// borneOut is when the record of the file and its names were seen to be right last,
// as far as that is known; 0 if it is not. What a min object says bears out the
// record of somebody of whom no other was seen.
func borneOut(rec *record.Peer, known [2]knownEntry) int64 {
	at := known[0].at
	if rec.Min {
		at = max(at, known[1].at)
	}
	return int64(at)
}

// agreed notes that a record is what a sighting that was applied says. What changed
// it may not be what other sightings said.
func (e *peerEntry) agreed(s *sighting, changed bool) {
	if changed {
		e.last = [2]*sighting{}
	}
	class := 0
	if s.min {
		class = 1
	}
	if s.print != 0 && s.at >= e.rec.FactsAt {
		e.last[class] = s
	}
}

// learnt returns what is going to be known when the batch is in the file, which is
// from transaction tx on.
func (b *batch) learnt(tx int) []knownEntry {
	out := make([]knownEntry, 0, len(b.peers))
	for id, e := range b.peers {
		if e.rec == nil {
			continue
		}
		for class, s := range e.last {
			k := e.took[class]
			switch {
			case s != nil && s.at > 0:
				k = knownEntry{key: knownKey(id, s.min), print: s.print, at: uint32(s.at)}
			case k.key == 0 || e.dirty:
				continue
			}
			due, ok := b.due(e, class == 1 && !e.rec.Min, s)
			if !ok || due >= math.MaxUint32 {
				continue
			}
			k.base, k.due, k.tx = k.at, uint32(due), uint32(tx)
			out = append(out, k)
		}
	}
	return out
}

// due is from when on the file wants to be told if an object is repeated, of which s
// is a sighting if it was seen in this batch. It is false if it would be told at
// once: names that the object bears are not the peer's, or not certain to be.
func (b *batch) due(e *peerEntry, partial bool, s *sighting) (due int64, ok bool) {
	due = e.rec.LastSeen + confirmAfter
	if partial { // it says nothing of a user's names, but of a channel's
		return due, e.id.Kind == User
	}
	if s != nil && len(s.usernames) != len(e.rec.Usernames) {
		return 0, false
	}
	for _, u := range e.rec.Usernames {
		n := b.name(fold(u.Name))
		if n.rec == nil || owner(n.rec) != e.id || n.rec.Contested {
			return 0, false
		}
		stored := n.stored
		if n.dirty {
			stored = n.rec.At
		}
		due = min(due, stored+confirmAfter)
	}
	return due, true
}
