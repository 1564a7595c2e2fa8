package session

import (
	"cmp"
	"encoding/binary"
	"maps"
	"slices"
)

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
	var room arena
	for _, bucket := range buckets() {
		switch bucket {
		case bucketPeers:
			out = b.peerRows(out, &room)
		case bucketNames:
			out = b.nameRows(out, &room)
		case bucketDialogs:
			out = b.dialogRows(out, &room)
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

// keyed is an entry beside the beginning of its key, by which it is sorted: to look
// that up in the entries takes longer than the sorting.
type keyed struct {
	key   [maxUsername / 8]uint64
	entry any
}

// sorted sorts entries by their keys. It is one function for all kinds, because the
// library's is compiled anew for each.
func sorted(list []keyed) []keyed {
	slices.SortFunc(list, func(x, y keyed) int {
		for i := range x.key {
			if c := cmp.Compare(x.key[i], y.key[i]); c != 0 {
				return c
			}
		}
		return 0
	})
	return list
}

func (b *batch) peerRows(out []row, room *arena) []row {
	dirty := make([]keyed, 0, len(b.peers))
	for id, e := range b.peers {
		if e.dirty && (e.rec != nil || e.known) {
			dirty = append(dirty, keyed{[4]uint64{uint64(id.Kind), uint64(id.Num)}, e})
		}
	}
	for _, d := range sorted(dirty) {
		e, _ := d.entry.(*peerEntry)
		r := row{bucket: bucketPeers, fresh: !e.known}
		switch {
		case e.rec == nil:
			r.peers = -1
		case !e.known:
			r.peers = 1
		}
		r.key = room.keep(e.id.appendKey(room.space()))
		if e.rec != nil {
			r.value = room.keep(b.seal.append(room.space(), r.key, e.rec))
		}
		out = append(out, r)
	}
	return out
}

func (b *batch) nameRows(out []row, room *arena) []row {
	dirty := make([]keyed, 0, len(b.names))
	for name, e := range b.names {
		if e.dirty {
			k := keyed{entry: e}
			var padded [maxUsername]byte
			copy(padded[:], name)
			for i := range k.key {
				k.key[i] = binary.BigEndian.Uint64(padded[8*i:])
			}
			dirty = append(dirty, k)
		}
	}
	for _, d := range sorted(dirty) {
		e, _ := d.entry.(*nameEntry)
		r := row{bucket: bucketNames, key: room.keep(append(room.space(), e.lower...))}
		if e.rec != nil {
			r.value = room.keep(e.rec.Append(room.space()))
		}
		out = append(out, r)
	}
	return out
}

func (b *batch) dialogRows(out []row, room *arena) []row {
	dirty := make([]keyed, 0, len(b.dialogs))
	for user, e := range b.dialogs {
		if e.dirty && (e.known || !e.gone) {
			dirty = append(dirty, keyed{[4]uint64{uint64(user)}, e})
		}
	}
	for _, d := range sorted(dirty) {
		e, _ := d.entry.(*dialogEntry)
		r := row{bucket: bucketDialogs, fresh: !e.known}
		r.key = room.keep(binary.BigEndian.AppendUint64(room.space(), uint64(e.user)))
		if !e.gone {
			r.value = room.keep(e.rec.Append(room.space()))
		}
		out = append(out, r)
	}
	return out
}

// arena is where many small values stand together.
type arena struct{ free []byte }

// space returns where to append a value, which keep then cuts off.
func (a *arena) space() []byte {
	const piece, enough = 64 << 10, 1 << 10
	if cap(a.free)-len(a.free) < enough {
		a.free = make([]byte, 0, piece)
	}
	return a.free[len(a.free):]
}

func (a *arena) keep(value []byte) []byte {
	if n := len(a.free) + len(value); n <= cap(a.free) {
		a.free = a.free[:n]
	}
	return value[:len(value):len(value)]
}
