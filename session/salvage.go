package session

import (
	"google.golang.org/protobuf/proto"

	"github.com/f48b34c0/seen/session/internal/pages"
	"github.com/f48b34c0/seen/session/internal/record"
)

// salvage looks for the rows that stood on pages which cannot be read, if there
// are any: on leaves to which nothing leads any more, and in the commit before the
// last. Where it is not known which pages are free, earlier versions of a row are
// among what is found, and of people who were forgotten; then the later one goes
// in, and the commit before comes first.
func (r *rebuild) salvage() error {
	if err := r.flush(); err != nil || !r.torn {
		return err
	}
	stray, sure := r.view, r.view != nil && r.view.Sure()
	if stray == nil {
		stray = r.file.Scan()
	}
	steps := []func() error{func() error { return r.stray(stray) }, r.earlier}
	if !sure {
		steps[0], steps[1] = steps[1], steps[0]
		r.tell(Finding{
			Problem: "which pages are free is not known: what is found on them may be out of date, and people who were forgotten may be back",
			Repair:  "of several versions the latest is kept",
		})
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func (r *rebuild) stray(view *pages.View) error {
	return view.Stray(func(_ uint64, rows []pages.Row) error {
		if err := pages.Inside(rows, r.find); err != nil {
			return err
		}
		bucket := r.bucketOf(rows)
		if bucket == "" {
			return r.ctx.Err()
		}
		for _, row := range rows {
			if err := r.find(bucket, row); err != nil {
				return err
			}
		}
		return r.ctx.Err()
	})
}

func (r *rebuild) earlier() error {
	for _, bucket := range buckets() {
		b, ok := r.olderIn[bucket]
		if !ok || len(r.gaps[bucket]) == 0 {
			continue
		}
		err := r.file.At(r.file.Metas()[1]).Each(b, func(row pages.Row) error { return r.find(bucket, row) }, func(pages.Gap) {})
		if err != nil {
			return err
		}
	}
	return nil
}

// find takes a row that may be missing, unless the new file has a later one.
func (r *rebuild) find(bucket string, row pages.Row) error {
	if row.Bucket || !r.missing(bucket, row.Key) || !r.fits(bucket, row.Key, row.Value) {
		return nil
	}
	have, err := r.have(bucket, row.Key)
	if err != nil || have != nil && age(bucket, have) >= age(bucket, row.Value) {
		return err
	}
	return r.take(bucket, row.Key, row.Value)
}

// age is when a row was true, as far as it tells.
func age(bucket string, v []byte) int64 {
	switch bucket {
	case bucketPeers:
		rec := &record.Peer{}
		_ = proto.Unmarshal(v, rec) // it has been read before
		return max(rec.FactsAt, rec.LastSeen)
	case bucketNames:
		rec := &record.Name{}
		_ = proto.Unmarshal(v, rec)
		return rec.At
	case bucketDialogs:
		rec := &record.Dialog{}
		_ = proto.Unmarshal(v, rec)
		return rec.At
	default:
		return 0
	}
}

// fits reports whether a row looks as those of a bucket do.
func (r *rebuild) fits(bucket string, k, v []byte) bool {
	switch bucket {
	case bucketPeers:
		_, _, wrong := readPeer(k, v)
		return wrong == ""
	case bucketLookups:
		if len(k) > 0 && k[0] == 0 {
			return noName(string(k)) && readLookup(k, v) == ""
		}
		rec := &record.Lookup{}
		return ValidUsername(string(k)) && strictly(v, rec) == "" && rec.VacantUntil > 0
	case bucketState:
		_, channel := stateChannel(k)
		return channel && r.wrong(bucket, k, v) == ""
	case bucketMeta, bucketAuth:
		return false // singles have been decided about
	default:
		return r.wrong(bucket, k, v) == ""
	}
}

// bucketOf tells by its rows to which bucket a leaf belonged. Names come before
// lookups: they fit those too.
func (r *rebuild) bucketOf(rows []pages.Row) string {
	best, most := "", len(rows)/2
	for _, bucket := range []string{
		bucketPeers, bucketHistory, bucketNames, bucketOutbox, bucketDialogs, bucketState, bucketLookups,
	} {
		n := 0
		for _, row := range rows {
			if !row.Bucket && r.fits(bucket, row.Key, row.Value) {
				n++
			}
		}
		if n > most {
			best, most = bucket, n
		}
	}
	return best
}
