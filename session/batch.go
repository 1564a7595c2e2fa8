package session

import (
	"bytes"
	"encoding/binary"
	"math"

	"go.etcd.io/bbolt"
	"google.golang.org/protobuf/proto"

	"github.com/f48b34c0/seen/session/internal/record"
)

// change is one thing that waits to be written.
type change interface {
	// apply works the change into a batch. It reads through the batch, so that it
	// sees the changes before it.
	apply(b *batch) error
}

// batch collects changes over one read transaction. It knows nothing of writing:
// the same code tells a reader what is going to stand in the file.
type batch struct {
	tx         *bbolt.Tx
	from       reader
	generation uint32
	seal       *sealer
	recent     *recent
	known      *known
	writes     bool // it is the writer's

	// What was read and perhaps changed. The maps are made when they are needed:
	// most batches are those of a reader who asks for one peer.
	peers   map[ID]*peerEntry
	names   map[string]*nameEntry
	dialogs map[int64]*dialogEntry
	renamed map[ID]*sighting // nil for one who was forgotten
	// owed is the highest key of the outbox, once it is known.
	owed uint64
	puts map[string]map[string][]byte // bucket -> key -> value; nil deletes
	seen uint32                       // tells history entries of one second apart
}

type peerEntry struct {
	id    ID
	rec   *record.Peer // nil: not in the book
	known bool         // it stood in the file before this batch
	dirty bool
	// forgotten is somebody who was forgotten, and perhaps seen again.
	forgotten bool
	noted     bool
	// confirmed is when the facts were confirmed last, if noted.
	confirmed int64
	// took is what was known of the peer before the batch, and last what has been
	// seen in it that agrees with the record: in a full object and in a min one.
	took [2]knownEntry
	last [2]*sighting
	own  record.Peer // room for rec
}

type nameEntry struct {
	lower  string
	rec    *record.Name // nil: nobody's
	stored int64        // when the file says that it was confirmed
	dirty  bool
	noted  bool
	borne  bearing // who was seen to bear it, if noted
	own    record.Name
}

type dialogEntry struct {
	user  int64
	rec   *record.Dialog
	known bool
	dirty bool
	gone  bool // it is to be deleted
	noted bool
	// last is what has borne the standing out last, if noted; zero if the user was
	// forgotten.
	last evidence
	own  record.Dialog
}

func (f *File) newBatch(tx *bbolt.Tx) *batch {
	return &batch{
		tx:         tx,
		from:       f.db.reader(tx),
		generation: f.meta.get().Generation,
		seal:       f.seal,
		recent:     &f.recent,
		known:      &f.queue.known,
	}
}

// expect makes a batch the writer's, with room for what was taken from the queue.
func (b *batch) expect(p pending) {
	b.writes = true
	b.peers = make(map[ID]*peerEntry, len(p.byID))
	b.names = make(map[string]*nameEntry, len(p.byName))
	b.dialogs = make(map[int64]*dialogEntry, len(p.byUser))
}

// stored returns what the file has under a key.
func (b *batch) stored(p readIn, key []byte) []byte { return b.from.get(p, key) }

func (b *batch) peer(id ID) *peerEntry {
	if e, ok := b.peers[id]; ok {
		return e
	}
	e := &peerEntry{id: id}
	var space [keySize]byte
	key := id.appendKey(space[:0])
	if v := b.stored(inPeers, key); v != nil {
		e.known = true
		// One damaged record is one person to be seen again, not a reason to stop.
		if e.own.Parse(v) == nil {
			e.rec = &e.own
			b.seal.reveal(key, e.rec)
			e.rec.FactsAt = max(e.rec.FactsAt, b.recent.peer(id, b.tx.ID()))
		}
	}
	if b.peers == nil {
		b.peers = make(map[ID]*peerEntry)
	}
	b.peers[id] = e
	if e.rec != nil {
		b.recall(e)
	}
	return e
}

func (b *batch) name(lower string) *nameEntry {
	if e, ok := b.names[lower]; ok {
		return e
	}
	e := &nameEntry{lower: lower}
	var space [maxUsername]byte
	if v := b.stored(inNames, append(space[:0], lower...)); v != nil {
		if e.own.Parse(v) == nil {
			e.rec = &e.own
			e.stored = e.rec.At
			e.rec.At = max(e.rec.At, b.confirmedName(e, owner(e.rec)))
		}
	}
	if b.names == nil {
		b.names = make(map[string]*nameEntry)
	}
	b.names[lower] = e
	if !nobodys(e.rec) { // whoever bears it may have been seen since
		if p := b.peer(owner(e.rec)); p.rec != nil && bears(p.rec, lower) {
			e.rec.At = max(e.rec.At, borneOut(p.rec, p.took))
		}
	}
	return e
}

// dialog reads a record. One that is damaged is one to be made anew.
func (b *batch) dialog(user int64) *dialogEntry {
	if e, ok := b.dialogs[user]; ok {
		return e
	}
	e := &dialogEntry{user: user}
	e.rec = &e.own
	var space [8]byte
	if v := b.stored(inDialogs, binary.BigEndian.AppendUint64(space[:0], uint64(user))); v != nil {
		e.known = true
		if e.rec.Parse(v) != nil {
			e.rec = &record.Dialog{}
		}
	}
	if rec := e.rec; rec.FirstMessage == 0 { // of a version that did not keep it
		rec.FirstMessage, rec.FirstStart = rec.GreetedMessage, rec.GreetedMessage
	}
	if b.dialogs == nil {
		b.dialogs = make(map[int64]*dialogEntry)
	}
	b.dialogs[user] = e
	return e
}

// changed says that the record is to be written.
func (e *dialogEntry) changed() { e.dirty, e.gone = true, false }

// forget deletes the record.
func (e *dialogEntry) forget() {
	e.rec, e.dirty, e.gone = &record.Dialog{}, true, true
	e.last, e.noted = evidence{}, true
}

// get reads a record of the other buckets. A damaged one is taken for none: it
// must not keep the writer from writing everything else.
func (b *batch) get(bucket string, key []byte, into proto.Message) (bool, error) {
	v, ok := b.puts[bucket][string(key)]
	if !ok {
		v = b.tx.Bucket([]byte(bucket)).Get(key)
	}
	if v == nil {
		return false, nil
	}
	if proto.Unmarshal(v, into) != nil {
		proto.Reset(into)
		return false, nil
	}
	return true, nil
}

func (b *batch) put(bucket string, key []byte, m proto.Message) error {
	v, err := proto.Marshal(m)
	if err != nil {
		return err
	}
	b.putBytes(bucket, key, v)
	return nil
}

// putBytes stores a value; nil deletes the key.
func (b *batch) putBytes(bucket string, key, v []byte) {
	if b.puts == nil {
		b.puts = make(map[string]map[string][]byte)
	}
	if b.puts[bucket] == nil {
		b.puts[bucket] = make(map[string][]byte)
	}
	b.puts[bucket][string(key)] = v
}

func (b *batch) note(id ID, at int64, c *record.Change) error {
	b.seen = max(b.seen, b.noted(id, at)) + 1
	return b.put(bucketHistory, historyKey(id, at, b.seen), c)
}

// noted returns the number of the last of a peer's changes in the file that are of
// one second; 0 if there is none.
func (b *batch) noted(id ID, at int64) uint32 {
	last := historyKey(id, at, math.MaxUint32)
	c := b.tx.Bucket([]byte(bucketHistory)).Cursor()
	k, _ := c.Seek(last)
	if !bytes.Equal(k, last) {
		if k == nil {
			k, _ = c.Last()
		} else {
			k, _ = c.Prev()
		}
	}
	if len(k) != len(last) || !bytes.HasPrefix(k, last[:len(last)-4]) {
		return 0
	}
	return binary.BigEndian.Uint32(k[len(k)-4:])
}
