package session

import (
	"bytes"

	"google.golang.org/protobuf/proto"

	"github.com/f48b34c0/seen/session/internal/pages"
	"github.com/f48b34c0/seen/session/internal/record"
)

// singles decides about the records of which there is one, and which tell what to
// make of the others: the file's own, the auth key, the account's update state.
// Where one is not whole, the commit before may have it; and else any page, used
// or not, on which it once stood.
func (r *rebuild) singles() error {
	found := &singles{rebuild: r}
	if r.view != nil {
		found.look(bucketMeta, []byte(keyMeta), r.get(bucketMeta, []byte(keyMeta)))
		if err := found.settle(); err != nil {
			return err
		}
		found.look(bucketAuth, []byte(keySession), r.get(bucketAuth, []byte(keySession)))
		found.look(bucketState, []byte(keyAccount), r.get(bucketState, []byte(keyAccount)))
	}
	lost := func(bucket, key string) bool {
		return r.missing(bucket, []byte(key)) || r.view != nil && r.get(bucket, []byte(key)) != nil
	}
	for _, single := range []struct{ bucket, key string }{
		{bucketMeta, keyMeta}, {bucketAuth, keySession}, {bucketState, keyAccount},
	} {
		if found.has(single.bucket) || !lost(single.bucket, single.key) && single.bucket != bucketMeta {
			continue
		}
		if v := r.before(single.bucket, []byte(single.key)); v != nil {
			found.look(single.bucket, []byte(single.key), v)
		}
		if !found.has(single.bucket) {
			if err := found.search(single.bucket, []byte(single.key)); err != nil {
				return err
			}
		}
		if err := found.settle(); err != nil {
			return err
		}
	}
	return found.keep()
}

// singles are the candidates so far.
type singles struct {
	*rebuild
	newest *record.Meta
	auth   []byte // sealed as it was
	// unsure says that two auth keys were found, of which one is dead.
	unsure bool
	state  *record.State
}

func (s *singles) has(bucket string) bool {
	switch bucket {
	case bucketMeta:
		return s.meta != nil
	case bucketAuth:
		return s.auth != nil
	default:
		return s.state != nil
	}
}

// look takes a candidate, if it is whole and newer than the one before. Every one
// was committed once, so of update states the highest is right: what it covers was
// in the file.
func (s *singles) look(bucket string, k, v []byte) {
	if v == nil {
		return
	}
	switch bucket {
	case bucketMeta:
		if m, wrong := readMeta(v); wrong == "" && (s.newest == nil || m.Generation >= s.newest.Generation) {
			s.newest = m
		}
	case bucketAuth:
		if readAuth(k, v, s.seal) != "" {
			return
		}
		s.unsure = s.unsure || s.auth != nil && !s.sameAuth(s.auth, v)
		s.auth = bytes.Clone(v)
	case bucketState:
		rec := &record.State{}
		if readState(k, v, s.now) == "" && proto.Unmarshal(v, rec) == nil && (s.state == nil || rec.Pts > s.state.Pts) {
			s.state = rec
		}
	}
}

func (s *singles) sameAuth(a, b []byte) bool {
	x, errA := s.seal.unboxed(a, bucketAuth, []byte(keySession))
	y, errB := s.seal.unboxed(b, bucketAuth, []byte(keySession))
	return errA == nil && errB == nil && authKey(x) == authKey(y)
}

// search looks on all pages.
func (s *singles) search(bucket string, key []byte) error {
	return s.file.Scan().Stray(func(_ uint64, rows []pages.Row) error {
		for _, r := range rows {
			if !r.Bucket && bytes.Equal(r.Key, key) {
				s.look(bucket, r.Key, r.Value)
			}
		}
		return pages.Inside(rows, func(in string, r pages.Row) error {
			if in == bucket && bytes.Equal(r.Key, key) {
				s.look(bucket, r.Key, r.Value)
			}
			return nil
		})
	})
}

// settle takes the file's own record as found, and with it how the file is sealed.
func (s *singles) settle() (err error) {
	if s.meta = s.newest; s.meta == nil || s.inspector.meta != nil {
		return nil
	}
	s.inspector.meta = s.meta
	s.seal, err = admit(s.meta, Options{Key: s.opts.Key})
	return err
}

// keep writes the singles, and makes the file's own record if there is none.
func (s *singles) keep() error {
	if s.meta == nil {
		s.meta = newMeta()
		s.meta.Generation = 1
		if s.opts.Key != nil {
			var err error
			if s.meta.Sealing, s.seal, err = newSealing(s.opts.Key); err != nil {
				return err
			}
		}
		s.inspector.meta = s.meta
	}
	s.meta = proto.CloneOf(s.meta)
	switch {
	case len(s.self) == 1:
		s.meta.BotId = s.self[0].Num
	case s.meta.BotId == 0:
		s.meta.BotId = s.opts.BotID
	}
	s.bot = UserID(s.meta.BotId)
	if s.unsure || s.meta.BotId == 0 {
		s.auth = nil
	}
	s.done.SignedIn, s.done.Updates = s.auth != nil, s.state != nil
	if s.auth != nil {
		if err := s.add(bucketAuth, []byte(keySession), s.auth); err != nil {
			return err
		}
	}
	if s.state == nil {
		return nil
	}
	v, err := proto.Marshal(s.state)
	if err != nil {
		return err
	}
	return s.add(bucketState, []byte(keyAccount), v)
}

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
		if _, ok := deliveredTo(k); ok {
			return readLookup(k, v) == ""
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
