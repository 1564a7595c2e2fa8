package session

import (
	"bytes"
	"fmt"

	"go.etcd.io/bbolt"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"github.com/f48b34c0/seen/session/internal/record"
)

// The census counts peers by the class of their hash and dialogs by their
// standing. The writer keeps it up with every row, in the row's transaction, so
// that telling it costs nothing however many there are.

// HashCounts is how many peers of the file have an access hash of which class.
type HashCounts struct{ Full, Min, None int64 }

// HashCounts returns the number of peers in the file by the class of their
// hash. What waits to be written is not in it.
func (b *Book) HashCounts() HashCounts {
	c := b.file.meta.get().GetCensus()
	return HashCounts{Full: c.GetFull(), Min: c.GetMin(), None: c.GetPeers() - c.GetFull() - c.GetMin()}
}

// Standings returns how many dialogs of the file have which standing. What waits
// to be written is not in it.
func (f *File) Standings() map[Standing]int64 {
	out := make(map[Standing]int64)
	for s, n := range f.meta.get().GetCensus().GetStandings() {
		if n != 0 {
			out[Standing(s)] = n
		}
	}
	return out
}

// tally counts what a row changes. It is called before the row is written.
func tally(c *record.Census, bucket *bbolt.Bucket, r row) {
	switch r.bucket {
	case bucketPeers:
	case bucketDialogs:
	default:
		return
	}
	if !r.fresh {
		census(c, r.bucket, bucket.Get(r.key), -1)
	}
	census(c, r.bucket, r.value, 1)
}

// census counts one record, nil for none, in or out.
func census(c *record.Census, bucket string, value []byte, by int64) {
	switch {
	case value == nil:
	case bucket == bucketPeers:
		const hashClass = 2 // its number in record.Peer
		c.Peers += by
		switch record.HashClass(varint(value, hashClass)) {
		case record.HashClass_HASH_CLASS_FULL:
			c.Full += by
		case record.HashClass_HASH_CLASS_MIN:
			c.Min += by
		}
	case bucket == bucketDialogs:
		const standing = 1 // its number in record.Dialog
		if c.Standings == nil {
			c.Standings = make(map[uint32]int64)
		}
		c.Standings[uint32(varint(value, standing))] += by
	}
}

// varint returns one field of a record without decoding the rest; 0 if it is not
// there.
func varint(value []byte, field protowire.Number) uint64 {
	for len(value) > 0 {
		num, typ, n := protowire.ConsumeTag(value)
		if n < 0 {
			return 0
		}
		value = value[n:]
		if num == field && typ == protowire.VarintType {
			v, n := protowire.ConsumeVarint(value)
			if n < 0 {
				return 0
			}
			return v
		}
		if n = protowire.ConsumeFieldValue(num, typ, value); n < 0 {
			return 0
		}
		value = value[n:]
	}
	return 0
}

// recount counts everything, if nobody has yet or if somebody has written who
// does not count. It takes a second for some hundred thousand peers, once.
func recount(db *database, meta *record.Meta) error {
	if c := meta.Census; c != nil && c.Peers == meta.Users+meta.Chats+meta.Channels {
		return nil
	}
	meta.Census, meta.Users, meta.Chats, meta.Channels = &record.Census{}, 0, 0, 0
	for _, name := range []string{bucketPeers, bucketDialogs} {
		if err := countBucket(db, name, meta); err != nil {
			return fmt.Errorf("count %s: %w", name, err)
		}
	}
	return db.Update(func(tx *bbolt.Tx) error {
		v, err := proto.Marshal(meta)
		if err != nil {
			return err
		}
		return tx.Bucket([]byte(bucketMeta)).Put([]byte(keyMeta), v)
	})
}

// countBucket reads a bucket in pages, as every listing.
func countBucket(db *database, name string, meta *record.Meta) error {
	var from []byte
	for {
		n := 0
		err := db.View(func(tx *bbolt.Tx) error {
			cursor := tx.Bucket([]byte(name)).Cursor()
			for k, v := cursor.Seek(from); k != nil && n < maxRows; k, v = cursor.Next() {
				n++
				from = append(bytes.Clone(k), 0)
				census(meta.Census, name, v, 1)
				if name == bucketPeers {
					count(meta, k, 1)
				}
			}
			return nil
		})
		if err != nil || n < maxRows {
			return err
		}
	}
}
