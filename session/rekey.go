package session

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"go.etcd.io/bbolt"
	"google.golang.org/protobuf/proto"

	"github.com/f48b34c0/seen/session/internal/record"
)

// Rekey encrypts the secrets of the session file at path with a key, changes the
// key that they are encrypted with, or puts them in the clear again: with a nil key.
// The secrets are the bot's auth key and all access hashes; names, texts and times
// stay readable. opts.Key is the key that the file has now, nil for none.
//
// The file is written anew under another name, and takes its place when it is whole
// and on the disk: whatever happens meanwhile, either the old file is there or the
// new one, and nothing of the old secrets is in the new one. What the disk keeps of
// a file that was removed, and copies of the file, are beyond reach.
//
// A wrong key is ErrWrongKey, and nothing is touched. Nobody may have the file open.
func Rekey(ctx context.Context, path string, opts *Options, to *Key) (err error) {
	o := opts.orDefaults()
	o.Existing = true
	at, err := follow(path)
	if err != nil {
		return fmt.Errorf("open %s: %w", path, err)
	}
	d, meta, seal, err := openDatabase(at, o)
	if errors.Is(err, ErrLocked) {
		return err
	}
	if err != nil {
		return fmt.Errorf("open %s: %w", path, err)
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	next := proto.CloneOf(meta)
	next.Sealing = nil
	var sealNext *sealer
	if to != nil {
		if next.Sealing, sealNext, err = newSealing(to); err != nil {
			return err
		}
	}
	r := resealing{ctx: ctx, meta: next, from: seal, to: sealNext}
	if err := d.rewrite("rekey", r.copy); err != nil {
		return fmt.Errorf("rekey %s: %w", path, err)
	}
	return nil
}

// resealing copies a file row by row, with the secrets sealed anew.
type resealing struct {
	ctx      context.Context
	meta     *record.Meta
	from, to *sealer
}

func (r resealing) copy(next, old *bbolt.DB) error {
	return old.View(func(tx *bbolt.Tx) error {
		return tx.ForEach(func(name []byte, b *bbolt.Bucket) error {
			c := b.Cursor()
			k, v := c.First()
			for first := true; first || k != nil; first = false {
				if err := r.ctx.Err(); err != nil {
					return err
				}
				err := next.Update(func(tx *bbolt.Tx) error {
					to, err := tx.CreateBucketIfNotExists(name)
					if err != nil {
						return err
					}
					to.FillPercent = 1
					for n := 0; k != nil && n < maxRows; n++ {
						sealed, err := r.row(string(name), k, v)
						if err != nil {
							return err
						}
						if err := to.Put(k, sealed); err != nil {
							return err
						}
						k, v = c.Next()
					}
					return nil
				})
				if err != nil {
					return err
				}
			}
			return nil
		})
	})
}

// row is what a row is in the new file.
func (r resealing) row(bucket string, k, v []byte) ([]byte, error) {
	switch {
	case bucket == bucketMeta && bytes.Equal(k, []byte(keyMeta)):
		return proto.Marshal(r.meta)
	case bucket == bucketAuth:
		plain, err := r.from.unboxed(v, bucket, k)
		if err != nil {
			return nil, err
		}
		return r.to.boxed(plain, bucket, k), nil
	case bucket == bucketPeers:
		rec := &record.Peer{}
		if proto.Unmarshal(v, rec) != nil { // a secret may be in it
			return nil, damaged("the record of %s does not decode", keyName(bucket, k))
		}
		if rec.AccessHash == nil && rec.SealedHash == nil {
			return v, nil
		}
		if !r.from.reveal(k, rec) {
			return nil, damaged("the access hash of %s does not open", keyName(bucket, k))
		}
		rec.SealedHash = nil
		return r.to.append(nil, k, rec), nil
	}
	return v, nil
}
