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
