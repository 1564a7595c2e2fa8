package main

import (
	"errors"
	"os"
	"time"

	"go.etcd.io/bbolt"
)

// Bucket is what the pages of a bucket hold.
type Bucket struct {
	Name       string
	Rows       int
	Size, Used int64 // bytes of its pages, and what of them is in use
	Depth      int
}

// survey adds up the pages of every bucket that has any, and returns the size of
// the file as well.
func survey(path string) (list []Bucket, size int64, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, 0, err
	}
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{ReadOnly: true, Timeout: time.Second})
	if err != nil {
		return nil, 0, err
	}
	rest := info.Size()
	err = db.View(func(tx *bbolt.Tx) error {
		return tx.ForEach(func(name []byte, b *bbolt.Bucket) error {
			s := b.Stats()
			if size := int64(s.BranchAlloc + s.LeafAlloc); size > 0 {
				list = append(list, Bucket{string(name), s.KeyN, size, int64(s.BranchInuse + s.LeafInuse), s.Depth})
				rest -= size
			}
			return nil
		})
	})
	return append(list, Bucket{Name: "free", Size: rest}), info.Size(), errors.Join(err, db.Close())
}
