package session

import (
	"bytes"
	"fmt"

	"go.etcd.io/bbolt"
	"google.golang.org/protobuf/proto"

	"github.com/f48b34c0/seen/session/internal/record"
)

// upgrades are the steps from one schema to the next; the first leads from 1 to
// 2. A step may be begun again after a crash: the version is set when it is done.
func upgrades() []func(db *database) error {
	return []func(db *database) error{
		dropPrivateChats,
	}
}

// upgrade brings a file of an older schema up to this one. Nothing is lost that
// a step does not exist to remove.
func upgrade(db *database, meta *record.Meta) error {
	for meta.Schema < schema {
		if err := upgrades()[meta.Schema-1](db); err != nil {
			return fmt.Errorf("upgrade from schema %d: %w", meta.Schema, err)
		}
		next := proto.CloneOf(meta)
		next.Schema++
		err := db.Update(func(tx *bbolt.Tx) error {
			v, err := proto.Marshal(next)
			if err != nil {
				return err
			}
			return tx.Bucket([]byte(bucketMeta)).Put([]byte(keyMeta), v)
		})
		if err != nil {
			return err
		}
		meta.Schema = next.Schema
	}
	return nil
}

// dropPrivateChats takes private chats out of the sources of records. Schema 1
// had them, so that one person was written down in the record of another, where
// forgetting did not find them.
func dropPrivateChats(db *database) error {
	return eachRecord(db, func(p *record.Peer) bool {
		changed := false
		for _, s := range []*record.Source{p.FirstSource, p.LastSource} {
			if s != nil && s.Chat > 0 {
				s.Chat, changed = 0, true
			}
		}
		return changed
	})
}

// eachRecord calls f for every record of a peer, and writes those back of which f
// reports that it changed them: a page in a transaction.
func eachRecord(db *database, f func(p *record.Peer) bool) error {
	var from []byte
	for {
		var changed []row
		n := 0
		err := db.View(func(tx *bbolt.Tx) error {
			c := tx.Bucket([]byte(bucketPeers)).Cursor()
			for k, v := c.Seek(from); k != nil && n < maxRows; k, v = c.Next() {
				n++
				from = append(bytes.Clone(k), 0)
				rec := &record.Peer{}
				if proto.Unmarshal(v, rec) != nil || !f(rec) {
					continue
				}
				v, err := proto.Marshal(rec)
				if err != nil {
					return err
				}
				changed = append(changed, row{key: bytes.Clone(k), value: v})
			}
			return nil
		})
		if err == nil && len(changed) > 0 {
			err = db.Update(func(tx *bbolt.Tx) error {
				for _, r := range changed {
					if err := tx.Bucket([]byte(bucketPeers)).Put(r.key, r.value); err != nil {
						return err
					}
				}
				return nil
			})
		}
		if err != nil || n < maxRows {
			return err
		}
	}
}
