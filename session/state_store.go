package session

import (
	"bytes"
	"context"
	"encoding/binary"

	"go.etcd.io/bbolt"

	"github.com/f48b34c0/seen/session/internal/record"
)

// stateSnapshot is what of the update state may be stored and is not yet.
type stateSnapshot struct {
	account  *record.State // nil if it did not change
	channels map[int64]int64
}

// snapshot takes what may be stored. The writer calls it before it takes the
// queue: see writer.commit.
func (s *state) snapshot() stateSnapshot {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out stateSnapshot
	pts, qts, date := s.mark(sequence{kind: sequencePts}), s.mark(sequence{kind: sequenceQts}), s.mark(sequence{kind: sequenceDate})
	if s.found && (s.dirty || pts.dirty || qts.dirty || date.dirty) {
		out.account = &record.State{Pts: pts.value, Qts: qts.value, Date: date.value, Seq: s.seq}
		s.dirty, pts.dirty, qts.dirty, date.dirty = false, false, false, false
	}
	for seq, m := range s.marks {
		if seq.kind != sequenceChannel || !m.dirty {
			continue
		}
		if out.channels == nil {
			out.channels = make(map[int64]int64)
		}
		out.channels[seq.channel] = m.value
		m.dirty = false
	}
	return out
}

// restore gives back a snapshot that came to nothing.
func (s *state) restore(was stateSnapshot) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if was.account != nil {
		s.dirty = true
	}
	for id, pts := range was.channels {
		if m := s.mark(sequence{sequenceChannel, id}); m.set {
			m.dirty = true
		} else {
			m.value, m.set, m.dirty = pts, true, true
		}
	}
}

// apply puts the snapshot into a batch.
func (s stateSnapshot) apply(b *batch) error {
	for id, pts := range s.channels {
		b.putBytes(bucketState, channelKey(id), u64(uint64(pts)))
	}
	if s.account == nil {
		return nil
	}
	return b.put(bucketState, []byte(keyAccount), s.account)
}

// page is how many keys a listing reads at a time: an open transaction stops the
// writer when the file grows, so none is kept open while somebody else's code
// runs.
const page = 1000

// ForEachChannels calls f for every channel whose pts is stored.
func (s *state) ForEachChannels(ctx context.Context, _ int64, f func(ctx context.Context, channel int64, pts int) error) error {
	type entry struct {
		id, pts int64
	}
	from := channelKey(0)
	for {
		var entries []entry
		err := s.db.View(func(tx *bbolt.Tx) error {
			c := tx.Bucket([]byte(bucketState)).Cursor()
			for k, v := c.Seek(from); k != nil && len(entries) < page; k, v = c.Next() {
				if len(k) != keySize || k[0] != prefixChannel || len(v) != 8 {
					continue
				}
				entries = append(entries, entry{
					int64(binary.BigEndian.Uint64(k[1:])), int64(binary.BigEndian.Uint64(v)),
				})
				from = append(bytes.Clone(k), 0)
			}
			return nil
		})
		if err != nil {
			return err
		}
		for _, e := range entries {
			if err := f(ctx, e.id, int(e.pts)); err != nil {
				return err
			}
		}
		if len(entries) < page {
			return nil
		}
	}
}

// UpdateState is how far the file's bot has come in the account's updates:
// everything up to here is in the file, and handlers have finished with it.
// See core.telegram.org/api/updates.
type UpdateState struct{ Pts, Qts, Date, Seq int }

// UpdateState returns the stored state, and false if the bot has never signed
// in.
func (f *File) UpdateState() (UpdateState, bool, error) {
	rec := &record.State{}
	var found bool
	err := f.db.View(func(tx *bbolt.Tx) (err error) {
		found, err = load(tx, bucketState, []byte(keyAccount), rec)
		return err
	})
	return UpdateState{int(rec.Pts), int(rec.Qts), int(rec.Date), int(rec.Seq)}, found, err
}

// ChannelPts returns how far the file's bot has come in a channel's updates, and
// false for a channel of which none was received.
func (f *File) ChannelPts(channel int64) (int, bool, error) {
	return f.state.GetChannelPts(context.Background(), 0, channel)
}
