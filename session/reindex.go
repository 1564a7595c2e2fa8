package session

import (
	"encoding/binary"

	"google.golang.org/protobuf/proto"

	"github.com/f48b34c0/seen/session/internal/record"
)

// stubs enters those of whom nothing is left but a history. Only people in the
// book have one.
func (r *rebuild) stubs() error {
	return r.through(bucketHistory, func(s *shelf, k, _ []byte) error {
		id, _ := idFromKey(k)
		rec := s.peer(id)
		if rec == nil {
			rec = r.stub()
		} else if !isStub(rec) {
			return nil
		}
		r.seen(rec, int64(binary.BigEndian.Uint64(k[keySize:])))
		return s.putRecord(bucketPeers, id.key(), rec)
	})
}

// seen stretches the time of a stub.
func (r *rebuild) seen(rec *record.Peer, at int64) {
	if at <= 0 {
		return
	}
	rec.FirstSeen, rec.LastSeen = min(rec.FirstSeen, at), max(rec.LastSeen, at)
}

// names drops the entries whose owner is known and does not bear them. An owner who
// is not there was lost, and stays in the book by the name.
func (r *rebuild) names() error {
	return r.through(bucketNames, func(s *shelf, k, v []byte) error {
		n, wrong := readName(k, v)
		if wrong != "" {
			return nil // none was taken
		}
		id := owner(n)
		if id == (ID{}) {
			return nil
		}
		rec := s.peer(id)
		switch {
		case rec == nil:
			rec = r.stub()
		case bears(rec, string(k)):
			return nil
		case !isStub(rec):
			return s.tx.Bucket([]byte(bucketNames)).Delete(k)
		}
		rec.Usernames = append(rec.Usernames, &record.Username{Name: string(k), Editable: len(rec.Usernames) == 0})
		r.seen(rec, n.At)
		return s.putRecord(bucketPeers, id.key(), rec)
	})
}

// index enters the names that peers bear and that have no entry. Two who bear one
// have claimed it: see claim.
func (r *rebuild) index() error {
	return r.through(bucketPeers, func(s *shelf, k, v []byte) error {
		rec := &record.Peer{}
		if err := proto.Unmarshal(v, rec); err != nil {
			return err
		}
		id, _ := idFromKey(k)
		for _, u := range rec.Usernames {
			name := fold(u.Name)
			var entry *record.Name
			if v := s.get(bucketNames, []byte(name)); v != nil {
				entry = &record.Name{}
				if err := proto.Unmarshal(v, entry); err != nil {
					return err
				}
				if owner(entry) == id || entry.Shared {
					continue
				}
			}
			next, _ := claim(name, entry, entry != nil, &sighting{id: id, at: rec.FactsAt})
			next = proto.CloneOf(next)
			next.Shared = entry != nil
			if err := s.putRecord(bucketNames, []byte(name), next); err != nil {
				return err
			}
		}
		return nil
	})
}

// owed drops what is owed to somebody who is not in the book: it is never sent.
func (r *rebuild) owed() error {
	return r.through(bucketOutbox, func(s *shelf, k, v []byte) error {
		rec := &record.Owed{}
		if err := proto.Unmarshal(v, rec); err != nil {
			return err
		}
		if s.get(bucketPeers, (ID{Kind(rec.Kind), rec.Id}).key()) != nil {
			return nil
		}
		return s.tx.Bucket([]byte(bucketOutbox)).Delete(k)
	})
}

// lookups drops what says of a name that nobody has it, if somebody does.
func (r *rebuild) lookups() error {
	return r.through(bucketLookups, func(s *shelf, k, _ []byte) error {
		n, wrong := readName(k, s.get(bucketNames, k))
		if wrong != "" || owner(n) == (ID{}) {
			return nil
		}
		return s.tx.Bucket([]byte(bucketLookups)).Delete(k)
	})
}
