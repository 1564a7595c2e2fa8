package session

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"maps"
	"math"
	"slices"
	"strings"

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

	// What was read and perhaps changed. The maps are made when they are needed:
	// most batches are those of a reader who asks for one peer.
	peers   map[ID]*peerEntry
	names   map[string]*nameEntry
	dialogs map[int64]*dialogEntry
	renamed map[ID]*sighting // nil for one who was forgotten
	cursors [places]*bbolt.Cursor
	// owed is the highest key of the outbox, once it is known.
	owed uint64
	puts map[string]map[string][]byte // bucket -> key -> value; nil deletes
	seen uint32                       // tells history entries of one second apart
}

// places are the buckets that are read through a cursor of the batch: to make one
// for every key costs as much as to find it.
const (
	inPeers = iota
	inNames
	inDialogs
	places
)

type peerEntry struct {
	id    ID
	rec   *record.Peer // nil: not in the book
	known bool         // it stood in the file before this batch
	dirty bool
	noted bool
	// confirmed is when the facts were confirmed last, if noted.
	confirmed int64
	own       record.Peer // room for rec
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
		generation: f.meta.get().Generation,
		seal:       f.seal,
		recent:     &f.recent,
	}
}

// stored returns what the file has under a key.
func (b *batch) stored(place int, bucket string, key []byte) []byte {
	c := b.cursors[place]
	if c == nil {
		c = b.tx.Bucket([]byte(bucket)).Cursor()
		b.cursors[place] = c
	}
	if k, v := c.Seek(key); bytes.Equal(k, key) {
		return v
	}
	return nil
}

func (b *batch) peer(id ID) *peerEntry {
	if e, ok := b.peers[id]; ok {
		return e
	}
	e := &peerEntry{id: id}
	var space [keySize]byte
	key := id.appendKey(space[:0])
	if v := b.stored(inPeers, bucketPeers, key); v != nil {
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
	return e
}

func (b *batch) name(lower string) *nameEntry {
	if e, ok := b.names[lower]; ok {
		return e
	}
	e := &nameEntry{lower: lower}
	var space [maxUsername]byte
	if v := b.stored(inNames, bucketNames, append(space[:0], lower...)); v != nil {
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
	if v := b.stored(inDialogs, bucketDialogs, binary.BigEndian.AppendUint64(space[:0], uint64(user))); v != nil {
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

// row is one put, or a delete if the value is nil.
type row struct {
	bucket     string
	key, value []byte
	peers      int64 // how many more peers the file holds for it: 1, 0 or -1
	fresh      bool  // nothing stood under the key
}

// rows returns what the batch comes to, in the order of buckets and, within one,
// of keys: scattered puts cost bbolt a hundred times as much as sorted ones.
func (b *batch) rows() []row {
	out := make([]row, 0, len(b.peers)+len(b.names)+len(b.dialogs)+8)
	for _, bucket := range buckets() {
		switch bucket {
		case bucketPeers:
			out = b.peerRows(out)
		case bucketNames:
			out = b.nameRows(out)
		case bucketDialogs:
			out = b.dialogRows(out)
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
	dirty := make([]*peerEntry, 0, len(b.peers))
	for _, e := range b.peers {
		if e.dirty && (e.rec != nil || e.known) {
			dirty = append(dirty, e)
		}
	}
	slices.SortFunc(dirty, func(x, y *peerEntry) int { return compareIDs(x.id, y.id) })
	var space []byte // holds keys and values
	for _, e := range dirty {
		r := row{bucket: bucketPeers, fresh: !e.known}
		switch {
		case e.rec == nil:
			r.peers = -1
		case !e.known:
			r.peers = 1
		}
		r.key, space = cutOff(space, e.id.appendKey)
		if e.rec != nil {
			r.value, space = cutOff(space, func(to []byte) []byte { return b.seal.append(to, r.key, e.rec) })
		}
		out = append(out, r)
	}
	return out
}

func (b *batch) nameRows(out []row) []row {
	dirty := make([]*nameEntry, 0, len(b.names))
	for _, e := range b.names {
		if e.dirty {
			dirty = append(dirty, e)
		}
	}
	slices.SortFunc(dirty, func(x, y *nameEntry) int { return strings.Compare(x.lower, y.lower) })
	var space []byte
	for _, e := range dirty {
		r := row{bucket: bucketNames}
		r.key, space = cutOff(space, func(to []byte) []byte { return append(to, e.lower...) })
		if e.rec != nil {
			r.value, space = cutOff(space, e.rec.Append)
		}
		out = append(out, r)
	}
	return out
}

func (b *batch) dialogRows(out []row) []row {
	dirty := make([]*dialogEntry, 0, len(b.dialogs))
	for _, e := range b.dialogs {
		if e.dirty && (e.known || !e.gone) {
			dirty = append(dirty, e)
		}
	}
	slices.SortFunc(dirty, func(x, y *dialogEntry) int { return cmp.Compare(x.user, y.user) })
	var space []byte
	for _, e := range dirty {
		r := row{bucket: bucketDialogs, fresh: !e.known}
		r.key, space = cutOff(space, func(to []byte) []byte { return binary.BigEndian.AppendUint64(to, uint64(e.user)) })
		if !e.gone {
			r.value, space = cutOff(space, e.rec.Append)
		}
		out = append(out, r)
	}
	return out
}

// cutOff returns what a function appends to a space, and the space that is left
// after it. Many small values share one piece of memory like that.
func cutOff(space []byte, appendTo func([]byte) []byte) (value, rest []byte) {
	from := len(space)
	space = appendTo(space)
	return space[from:len(space):len(space)], space
}
