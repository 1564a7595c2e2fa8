package session

import (
	"bytes"
	"unsafe"

	"go.etcd.io/bbolt"

	"github.com/f48b34c0/seen/session/internal/pages"
)

// readIn is one of the buckets in which single keys are looked up all day.
type readIn int

const (
	inPeers readIn = iota
	inNames
	inDialogs
	inLookups
	places
)

func (p readIn) bucket() string {
	return [places]string{bucketPeers, bucketNames, bucketDialogs, bucketLookups}[p]
}

// reader looks up keys in a read transaction.
type reader struct {
	tx *bbolt.Tx
	// data is the file as the transaction sees it, as bbolt has mapped it, and size
	// that of a page. It is mapped no other way before the transaction ends.
	data  []byte
	size  int
	roots *roots
	// bolt are the buckets that had to be asked.
	bolt [places]*bbolt.Bucket
}

// roots are the pages that the buckets begin with in one state of the file. To find
// one in bbolt costs as much as to find a key.
type roots struct {
	db   *bbolt.DB // with another one, the numbers of transactions may come again
	tx   int
	page [places]uint64 // 0 for a small bucket, which has none
}

// reader returns the reader of a read transaction.
func (d *database) reader(tx *bbolt.Tx) reader {
	r := d.roots.Load()
	if r == nil || r.db != tx.DB() || r.tx != tx.ID() {
		r = &roots{db: tx.DB(), tx: tx.ID()}
		for p := range places {
			if b := tx.Bucket([]byte(p.bucket())); b != nil { // a damaged file may have lost it
				r.page[p] = uint64(b.Root())
			}
		}
		d.roots.Store(r)
	}
	info := tx.DB().Info()
	start := *(**byte)(unsafe.Pointer(&info.Data))
	return reader{tx: tx, data: unsafe.Slice(start, tx.Size()), size: info.PageSize, roots: r}
}

// get returns what stands under a key, or nil. It is valid as long as the
// transaction is.
func (r *reader) get(p readIn, key []byte) []byte {
	if root := r.roots.page[p]; root != 0 {
		if v, ok := pages.Find(r.data, r.size, root, key); ok {
			return v
		}
	}
	// A small bucket, or a damaged page, on which bbolt panics in a way that guarded
	// knows.
	if r.bolt[p] == nil {
		r.bolt[p] = r.tx.Bucket([]byte(p.bucket()))
	}
	return r.bolt[p].Get(bytes.Clone(key))
}
