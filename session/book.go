package session

import (
	"bytes"
	"iter"
	"sort"
	"time"

	"github.com/f48b34c0/seen/session/internal/record"
)

// Book is everyone that the bot has seen. Nothing evicts: a cache may forget, a
// book may not. Its answers include what was harvested and is not yet in the
// file. All methods may be called at once, and inside a listing too.
type Book struct{ file *File }

// Counts is how many peers the file holds, by kind.
type Counts struct{ Users, Chats, Channels int64 }

// Counts returns the number of peers in the file. What waits to be written is
// not counted.
func (b *Book) Counts() Counts {
	m := b.file.meta.get()
	return Counts{m.Users, m.Chats, m.Channels}
}

// Peer returns the peer with that id, or ErrNeverSeen.
func (b *Book) Peer(id ID) (Peer, error) {
	if b.file.queue.empty() {
		return b.stored(id)
	}
	// The queue is read before the file. A sighting that is committed in between
	// is seen twice, which changes nothing.
	waiting, err := b.around(id)
	if err != nil {
		return Peer{}, err
	}
	var p Peer
	err = b.file.view(func(batch *batch) error {
		if err := batch.applyAll(waiting); err != nil {
			return err
		}
		e := batch.peer(id)
		if e.rec == nil {
			return ErrNeverSeen
		}
		p = peerOf(id, e.rec)
		return nil
	})
	return p, err
}

// around returns the waiting sightings of a peer, and of those that claim a name
// which it bears.
func (b *Book) around(id ID) ([]*sighting, error) {
	ids := map[ID]struct{}{id: {}}
	for _, s := range b.file.queue.sightings(ids) {
		for _, u := range s.usernames {
			b.file.queue.claimants(fold(u.Name), ids)
		}
	}
	err := b.file.view(func(batch *batch) error {
		if e := batch.peer(id); e.rec != nil {
			for _, u := range e.rec.Usernames {
				b.file.queue.claimants(fold(u.Name), ids)
			}
		}
		return nil
	})
	return b.file.queue.sightings(ids), err
}

func (b *batch) applyAll(list []*sighting) error {
	for _, s := range list {
		if err := s.apply(b); err != nil {
			return err
		}
	}
	return nil
}

// ByName returns the peer that bears a username, in any case, without @. It
// returns ErrNeverSeen if nobody does, and the peer together with ErrContested
// if another one claimed the name within two seconds, or if what is known of it is
// half written and the disk fails: ask the server before use.
func (b *Book) ByName(name string) (Peer, error) {
	p, _, err := b.named(fold(name))
	return p, err
}

// Named is ByName that also returns when the name was confirmed last: trust in a
// name expires, trust in a hash does not. See [NameTrust].
func (b *Book) Named(name string) (Peer, time.Time, error) {
	p, at, err := b.named(fold(name))
	return p, unix(at), err
}

// named also returns when the name was confirmed last, in Unix seconds.
func (b *Book) named(name string) (p Peer, at int64, err error) {
	if b.file.queue.empty() {
		return b.storedName(name)
	}
	// Whose sightings matter is known only after the entry was read, and the queue
	// has to be read before the file. So guess the owner, read, and guess again if
	// the guess was wrong.
	var guess ID
	for range 4 {
		ids := map[ID]struct{}{guess: {}}
		b.file.queue.claimants(name, ids)
		waiting := b.file.queue.sightings(ids)
		var found ID
		p, at = Peer{}, 0
		err = b.file.view(func(batch *batch) error {
			if n := batch.name(name); n.rec != nil {
				found = owner(n.rec)
			}
			if err := batch.applyAll(waiting); err != nil {
				return err
			}
			n := batch.name(name)
			if n.rec == nil {
				return ErrNeverSeen
			}
			e := batch.peer(owner(n.rec))
			if e.rec == nil || !bears(e.rec, name) {
				return ErrNeverSeen // the entry is dropped when the name is next claimed
			}
			p, at = peerOf(owner(n.rec), e.rec), n.rec.At
			if n.rec.Contested || b.file.queue.unsure(ids) {
				return ErrContested
			}
			return nil
		})
		if found == guess || found == (ID{}) {
			break
		}
		guess = found
	}
	return p, at, err
}

// All lists the book in the order of kind and id, each peer once, though not
// from one moment: peers that are seen during the listing may be in it or not.
// No transaction is open while the caller's code runs, so a slow caller stops
// nobody. The sequence ends after its first error.
func (b *Book) All() iter.Seq2[Peer, error] { return b.list(0) }

// OfKind lists the peers of one kind, as All does.
func (b *Book) OfKind(k Kind) iter.Seq2[Peer, error] { return b.list(k) }

func (b *Book) list(kind Kind) iter.Seq2[Peer, error] {
	return func(yield func(Peer, error) bool) {
		from := ID{kind, 0}.key()
		space := make([]Peer, 0, page) // for one page after the other
		for from != nil {
			peers, next, err := b.page(space[:0], from, kind)
			if err != nil {
				yield(Peer{}, err)
				return
			}
			for _, p := range peers {
				if !yield(p, nil) {
					return
				}
			}
			from = next
		}
	}
}

// page appends the peers from a key on, and returns the key that the next page
// starts with; nil after the last.
func (b *Book) page(peers []Peer, from []byte, kind Kind) (_ []Peer, next []byte, err error) {
	waiting := b.file.queue.ids()
	err = b.file.view(func(batch *batch) error {
		c := batch.tx.Bucket([]byte(bucketPeers)).Cursor()
		k, v := c.Seek(from)
		for ; k != nil && (kind == 0 || k[0] == byte(kind)); k, v = c.Next() {
			if len(peers) == page {
				next = bytes.Clone(k)
				return nil
			}
			id, ok := idFromKey(k)
			var rec record.Peer
			if !ok || rec.Parse(v) != nil {
				continue // check reports it; one damaged record hides no other
			}
			batch.seal.reveal(k, &rec)
			peers = append(peers, peerOf(id, &rec))
		}
		return nil
	})
	if err != nil || len(waiting) == 0 {
		return peers, next, err
	}
	return b.overlay(peers, waiting, from, next, kind), next, nil
}

// overlay puts the peers that wait into a page, or in place of what the file
// says of them.
func (b *Book) overlay(peers []Peer, waiting []ID, from, next []byte, kind Kind) []Peer {
	at := make(map[ID]int, len(peers))
	for i, p := range peers {
		at[p.ID] = i
	}
	for _, id := range waiting {
		k := id.key()
		if kind != 0 && id.Kind != kind || bytes.Compare(k, from) < 0 || next != nil && bytes.Compare(k, next) >= 0 {
			continue
		}
		p, err := b.Peer(id)
		if err != nil {
			continue // an updateUserName of somebody never seen
		}
		if i, ok := at[id]; ok {
			peers[i] = p
		} else {
			at[id] = len(peers)
			peers = append(peers, p)
		}
	}
	// slices.SortFunc is compiled anew for every type, and that for a large one.
	sort.Slice(peers, func(i, j int) bool { return compareIDs(peers[i].ID, peers[j].ID) < 0 })
	return peers
}
