package session

import (
	"bytes"

	"go.etcd.io/bbolt"
	"google.golang.org/protobuf/proto"

	"github.com/f48b34c0/seen/session/internal/pages"
	"github.com/f48b34c0/seen/session/internal/record"
)

// rebuild writes what an inspector can read into a new file.
type rebuild struct {
	*inspector
	db   *bbolt.DB
	opts Options
	done Repaired

	// older is the file as of the commit before the last; nil if that is not whole.
	older   *pages.View
	olderIn map[string]pages.Bucket

	meta    *record.Meta
	counted bool // meta is the file's own, not one of an earlier commit
	bot     ID

	// rows wait to be written; at is where each of them is.
	rows []row
	at   map[string]int
}

func newRebuild(i *inspector, next *database, o Options) *rebuild {
	r := &rebuild{inspector: i, counted: i.meta != nil, db: next.db, opts: o, olderIn: make(map[string]pages.Bucket), at: make(map[string]int)}
	if metas := i.file.Metas(); len(metas) == 2 {
		r.older = i.file.At(metas[1])
		for _, b := range r.older.Buckets(func(pages.Gap) {}) {
			r.olderIn[b.Name] = b
		}
	}
	if i.view == nil { // then everything is missing
		for _, name := range buckets() {
			i.gaps[name] = []pages.Gap{{}}
		}
	}
	return r
}

// shelf is the new file in one transaction.
type shelf struct{ tx *bbolt.Tx }

func (s *shelf) get(bucket string, k []byte) []byte { return s.tx.Bucket([]byte(bucket)).Get(k) }

func (s *shelf) put(bucket string, k, v []byte) error {
	b := s.tx.Bucket([]byte(bucket))
	b.FillPercent = 1 // nearly all come in order
	return b.Put(k, v)
}

func (s *shelf) peer(id ID) *record.Peer {
	rec := &record.Peer{}
	if v := s.get(bucketPeers, id.key()); v == nil || proto.Unmarshal(v, rec) != nil {
		return nil
	}
	return rec
}

func (s *shelf) putRecord(bucket string, k []byte, m proto.Message) error {
	v, err := proto.Marshal(m)
	if err != nil {
		return err
	}
	return s.put(bucket, k, v)
}

func (r *rebuild) edit(f func(s *shelf) error) error {
	return r.db.Update(func(tx *bbolt.Tx) error { return f(&shelf{tx}) })
}

// through goes through a bucket of the new file, a page in a transaction. What do
// writes behind the key that it was given is seen later.
func (r *rebuild) through(bucket string, do func(s *shelf, k, v []byte) error) error {
	for from, n := []byte(nil), maxRows; n == maxRows; {
		n = 0
		err := r.edit(func(s *shelf) error {
			var list []row
			c := s.tx.Bucket([]byte(bucket)).Cursor()
			for k, v := c.Seek(from); k != nil && len(list) < maxRows; k, v = c.Next() {
				list = append(list, row{key: bytes.Clone(k), value: bytes.Clone(v)})
			}
			if n = len(list); n > 0 {
				from = append(list[n-1].key, 0)
			}
			for _, row := range list {
				if err := do(s, row.key[:len(row.key):len(row.key)], row.value); err != nil {
					return err
				}
			}
			return r.ctx.Err()
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// add takes a row for the new file, in place of one that it has already.
func (r *rebuild) add(bucket string, k, v []byte) error {
	r.at[bucket+string(k)] = len(r.rows)
	r.rows = append(r.rows, row{bucket: bucket, key: bytes.Clone(k), value: bytes.Clone(v)})
	if len(r.rows) < maxRows {
		return nil
	}
	return r.flush()
}

// have returns a row that was added, or nil.
func (r *rebuild) have(bucket string, k []byte) (v []byte, err error) {
	if n, ok := r.at[bucket+string(k)]; ok {
		return r.rows[n].value, nil
	}
	err = r.db.View(func(tx *bbolt.Tx) error {
		v = bytes.Clone((&shelf{tx}).get(bucket, k))
		return nil
	})
	return v, err
}

func (r *rebuild) flush() error {
	rows := r.rows
	r.rows = nil
	clear(r.at)
	return r.edit(func(s *shelf) error {
		for _, row := range rows {
			if err := s.put(row.bucket, row.key, row.value); err != nil {
				return err
			}
		}
		return r.ctx.Err()
	})
}

func (r *rebuild) begin() error {
	return r.db.Update(func(tx *bbolt.Tx) error {
		for _, name := range buckets() {
			if _, err := tx.CreateBucket([]byte(name)); err != nil {
				return err
			}
		}
		for _, b := range r.strangers {
			if _, err := tx.CreateBucket([]byte(b.Name)); err != nil {
				return err
			}
		}
		return nil
	})
}

// collect takes all rows that stand where they should.
func (r *rebuild) collect() error {
	if r.view == nil {
		return nil
	}
	for _, bucket := range buckets() {
		err := r.each(bucket, func(k, v []byte) error { return r.take(bucket, k, v) })
		if err != nil {
			return err
		}
	}
	for _, b := range r.strangers {
		err := r.eachOf(b, func(k, v []byte) error { return r.add(b.Name, k, v) })
		if err != nil {
			return err
		}
	}
	return nil
}

// take decides about one row: it goes into the new file as it is, mended or not at
// all. Singles have been decided about.
func (r *rebuild) take(bucket string, k, v []byte) error {
	switch bucket {
	case bucketPeers:
		return r.takePeer(k, v)
	case bucketMeta:
		if string(k) == keyMeta {
			return nil
		}
	case bucketAuth:
		if string(k) == keySession {
			return nil
		}
	case bucketState:
		if string(k) == keyAccount {
			return nil
		}
	}
	if r.wrong(bucket, k, v) != "" {
		was := r.before(bucket, k)
		if was == nil || r.wrong(bucket, k, was) != "" {
			return nil
		}
		v = was
	}
	return r.add(bucket, k, v)
}

// before returns a row as the commit before had it, or nil.
func (r *rebuild) before(bucket string, k []byte) []byte {
	b, ok := r.olderIn[bucket]
	if !ok {
		return nil
	}
	return r.older.Get(b, k)
}

func (r *rebuild) takePeer(k, v []byte) error {
	id, rec, wrong := readPeer(k, v)
	if id == (ID{}) {
		return nil
	}
	if wrong != "" {
		if v = r.before(bucketPeers, k); v != nil {
			_, rec, wrong = readPeer(k, v)
		}
	}
	if wrong != "" || v == nil {
		rec = r.stub()
		v = nil
	}
	mended := v == nil || !r.seal.reveal(k, rec)
	if Flags(rec.Flags)&FlagSelf != 0 && id != r.bot {
		rec.Flags &^= uint32(FlagSelf)
		mended = true
	}
	if mended {
		v = r.seal.append(nil, k, rec)
	}
	return r.add(bucketPeers, k, v)
}

// stub is the record of somebody of whom nothing is known any more but that he was
// seen. It is as what a min object leaves: the next full one replaces it.
func (r *rebuild) stub() *record.Peer {
	at := r.meta.Created
	return &record.Peer{Min: true, FirstSeen: at, LastSeen: at}
}

func isStub(rec *record.Peer) bool { return rec.Min && rec.FactsAt == 0 }

// wrong is what is wrong with a row other than of a peer.
func (r *rebuild) wrong(bucket string, k, v []byte) (wrong string) {
	switch bucket {
	case bucketNames:
		_, wrong = readName(k, v)
	case bucketHistory:
		_, wrong = readChange(k, v)
	case bucketDialogs:
		wrong = readDialog(k, v)
	case bucketOutbox:
		_, wrong = readOwed(k, v)
	case bucketLookups:
		wrong = readLookup(k, v)
	case bucketState:
		wrong = readState(k, v, r.now)
	}
	return wrong
}
