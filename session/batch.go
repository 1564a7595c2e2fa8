package session

import (
	"bytes"
	"encoding/binary"
	"maps"
	"math"
	"slices"

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
	generation uint32
	seal       *sealer
	recent     *recent
	notes      notes

	peers map[ID]*peerEntry
	names map[string]*nameEntry
	// owed is the highest key of the outbox, once it is known.
	owed uint64
	puts map[string]map[string][]byte // bucket -> key -> value; nil deletes
	seen uint32                       // tells history entries of one second apart
}

type peerEntry struct {
	rec   *record.Peer // nil: not in the book
	known bool         // it stood in the file before this batch
	dirty bool
}

type nameEntry struct {
	rec    *record.Name // nil: nobody's
	stored int64        // when the file says that it was confirmed
	dirty  bool
}

func (f *File) newBatch(tx *bbolt.Tx) *batch {
	return &batch{
		tx:         tx,
		generation: f.meta.get().Generation,
		seal:       f.seal,
		recent:     &f.recent,
		notes:      notes{peers: make(map[ID]int64), names: make(map[string]bearing), dialogs: make(map[int64]evidence)},
		peers:      make(map[ID]*peerEntry),
		names:      make(map[string]*nameEntry),
		puts:       make(map[string]map[string][]byte),
	}
}

func (b *batch) peer(id ID) *peerEntry {
	if e, ok := b.peers[id]; ok {
		return e
	}
	e := &peerEntry{}
	if v := b.tx.Bucket([]byte(bucketPeers)).Get(id.key()); v != nil {
		e.known = true
		// One damaged record is one person to be seen again, not a reason to stop.
		if rec := new(record.Peer); rec.Parse(v) == nil {
			b.seal.reveal(id.key(), rec)
			rec.FactsAt = max(rec.FactsAt, b.confirmedPeer(id))
			e.rec = rec
		}
	}
	b.peers[id] = e
	return e
}

func (b *batch) name(lower string) *nameEntry {
	if e, ok := b.names[lower]; ok {
		return e
	}
	e := &nameEntry{}
	if v := b.tx.Bucket([]byte(bucketNames)).Get([]byte(lower)); v != nil {
		if rec := new(record.Name); rec.Parse(v) == nil {
			e.stored = rec.At
			rec.At = max(rec.At, b.confirmedName(lower, owner(rec)))
			e.rec = rec
		}
	}
	b.names[lower] = e
	return e
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

// row is one put, or a delete if the value is nil.
type row struct {
	bucket     string
	key, value []byte
	peers      int64 // how many more peers the file holds for it: 1, 0 or -1
}

// rows returns what the batch comes to, in the order of buckets and, within one,
// of keys: scattered puts cost bbolt a hundred times as much as sorted ones.
func (b *batch) rows() []row {
	out := make([]row, 0, len(b.peers)+len(b.names)+8)
	for _, bucket := range buckets() {
		switch bucket {
		case bucketPeers:
			out = b.peerRows(out)
		case bucketNames:
			out = b.nameRows(out)
		default:
			puts := b.puts[bucket]
			keys := slices.Sorted(maps.Keys(puts))
			if bucket == bucketState { // the account's date after what it covers of channels
				slices.Reverse(keys)
			}
			for _, key := range keys {
				out = append(out, row{bucket: bucket, key: []byte(key), value: puts[key]})
			}
		}
	}
	return out
}

func (b *batch) peerRows(out []row) []row {
	ids := make([]ID, 0, len(b.peers))
	for id, e := range b.peers {
		if e.dirty && (e.rec != nil || e.known) {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, compareIDs)
	var space []byte // holds keys and values
	for _, id := range ids {
		e := b.peers[id]
		r := row{bucket: bucketPeers}
		switch {
		case e.rec == nil:
			r.peers = -1
		case !e.known:
			r.peers = 1
		}
		from := len(space)
		space = id.appendKey(space)
		r.key = space[from:len(space):len(space)]
		if e.rec != nil {
			from = len(space)
			space = b.seal.append(space, r.key, e.rec)
			r.value = space[from:len(space):len(space)]
		}
		out = append(out, r)
	}
	return out
}

func (b *batch) nameRows(out []row) []row {
	names := make([]string, 0, len(b.names))
	for name, e := range b.names {
		if e.dirty {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	var space []byte
	for _, name := range names {
		r := row{bucket: bucketNames, key: []byte(name)}
		if rec := b.names[name].rec; rec != nil {
			from := len(space)
			space = rec.Append(space)
			r.value = space[from:len(space):len(space)]
		}
		out = append(out, r)
	}
	return out
}
