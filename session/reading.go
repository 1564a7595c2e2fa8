package session

import (
	"go.etcd.io/bbolt"

	"github.com/f48b34c0/seen/session/internal/record"
)

// What follows answers out of the file alone, for when nothing waits to be
// written: most look-ups of most programs. It says what a batch without changes
// would say, and takes a third of the time.

// stored returns a peer as the file has it.
func (b *Book) stored(id ID) (p Peer, err error) {
	err = b.file.db.View(func(tx *bbolt.Tx) error {
		from := b.file.db.reader(tx)
		var rec record.Peer
		if !b.file.read(&from, id, &rec) {
			return ErrNeverSeen
		}
		p = peerOf(id, &rec)
		return nil
	})
	return p, err
}

// storedName returns who bears a folded name by the file, and when that was
// confirmed last.
func (b *Book) storedName(name string) (p Peer, at int64, err error) {
	err = b.file.db.View(func(tx *bbolt.Tx) error {
		from := b.file.db.reader(tx)
		v := from.get(inNames, []byte(name))
		var entry record.Name
		if v == nil || entry.Parse(v) != nil {
			return ErrNeverSeen
		}
		var rec record.Peer
		id := owner(&entry)
		if !b.file.read(&from, id, &rec) || !bears(&rec, name) {
			return ErrNeverSeen // the entry is dropped when the name is next claimed
		}
		p, at = peerOf(id, &rec), entry.At
		if who, confirmed := b.file.recent.name(name, tx.ID()); who == id {
			at = max(at, confirmed)
		}
		at = max(at, borneOut(&rec, b.file.queue.known.peek(id, tx.ID())))
		if entry.Contested {
			return ErrContested
		}
		return nil
	})
	return p, at, err
}

// read reads a record, and reports whether there is one that can be read.
func (f *File) read(from *reader, id ID, into *record.Peer) bool {
	var space [keySize]byte
	key := id.appendKey(space[:0])
	v := from.get(inPeers, key)
	if v == nil || into.Parse(v) != nil {
		return false
	}
	f.seal.reveal(key, into)
	return true
}
