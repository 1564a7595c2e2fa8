package session

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"sync"

	"github.com/gotd/td/telegram/updates"
	"go.etcd.io/bbolt"

	"github.com/f48b34c0/seen/session/internal/record"
)

// errNoState is what gotd's contract asks of the setters.
var errNoState = errors.New("no update state is stored")

// sequence names one row of updates that are counted: pts or qts of the account,
// or the pts of a channel.
type sequence struct {
	kind    sequenceKind
	channel int64
}

type sequenceKind uint8

const (
	sequencePts sequenceKind = iota + 1
	sequenceQts
	sequenceChannel
	// sequenceDate is the account's date. No update counts it, but a server that is
	// asked for the difference since a date tells of channels in which something has
	// happened after it: so it is not stored before what is to be known of a channel
	// that was new at that date.
	sequenceDate
)

// state is the update state, as the follower sets it and as far as it may be
// stored. It implements updates.StateStorage.
type state struct {
	db      *database
	changed func() // tells the writer

	mu    sync.Mutex
	found bool
	marks map[sequence]*mark
	// seq is stored as it is set: what nothing else counts cannot be fetched again.
	seq   int64
	dirty bool
}

var _ updates.StateStorage = (*state)(nil)

func loadState(db *database) (*state, error) {
	s := &state{db: db, marks: make(map[sequence]*mark), changed: func() {}}
	rec := &record.State{}
	err := db.View(func(tx *bbolt.Tx) (err error) {
		s.found, err = load(tx, bucketState, []byte(keyAccount), rec)
		return err
	})
	if s.found {
		s.seq = rec.Seq
		s.mark(sequence{kind: sequenceDate}).start(rec.Date)
		s.mark(sequence{kind: sequencePts}).start(rec.Pts)
		s.mark(sequence{kind: sequenceQts}).start(rec.Qts)
	}
	return s, err
}

// start sets the value that stands in the file.
func (m *mark) start(value int64) { m.value, m.set = value, true }

func (s *state) mark(seq sequence) *mark {
	m, ok := s.marks[seq]
	if !ok {
		m = &mark{}
		s.marks[seq] = m
	}
	return m
}

// reach records that everything up to a value was handed out.
func (s *state) reach(seq sequence, value int64) {
	s.mu.Lock()
	m := s.mark(seq)
	m.reach(value)
	s.free(m)
	s.mu.Unlock()
	s.changed()
}

// withhold keeps the date from being stored until a channel's first pts is, or
// until let is called.
func (s *state) withhold(channel int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if m := s.mark(sequence{sequenceChannel, channel}); !m.set && !m.holding {
		m.holds, m.holding = s.mark(sequence{kind: sequenceDate}).begin(), true
	}
}

// let gives up a channel of which there is no pts to be had.
func (s *state) let(channel int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.end(s.mark(sequence{sequenceChannel, channel}))
}

// free lets the date go on if a channel's mark held it and is storable now.
func (s *state) free(m *mark) {
	if m.set {
		s.end(m)
	}
}

func (s *state) end(m *mark) {
	if m.holding {
		m.holding = false
		s.mark(sequence{kind: sequenceDate}).finish(m.holds)
	}
}

// reachAll does that for the account.
func (s *state) reachAll(st updates.State) {
	_ = s.SetState(context.Background(), 0, st) // never fails: there is a state then
}

// stamp sets the date and the seq; 0 leaves what is there.
func (s *state) stamp(date, seq int) {
	_ = s.edit(func() {
		if date != 0 {
			s.setDate(date)
		}
		if seq != 0 {
			s.setSeq(seq)
		}
	})
}

// sweep forgets channels of which the file holds all that is to be known.
func (s *state) sweep() {
	s.mu.Lock()
	defer s.mu.Unlock()
	_ = s.db.View(func(tx *bbolt.Tx) error { // without it nothing is forgotten
		bucket := tx.Bucket([]byte(bucketState))
		for seq, m := range s.marks {
			if seq.kind == sequenceChannel && m.set && m.low == m.next && len(m.queue) == 0 &&
				bytes.Equal(bucket.Get(channelKey(seq.channel)), u64(uint64(m.value))) {
				delete(s.marks, seq)
			}
		}
		return nil
	})
}

// begin hands out a task of a sequence.
func (s *state) begin(seq sequence) uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.mark(seq).begin()
}

// finish ends a task.
func (s *state) finish(seq sequence, task uint64) {
	s.mu.Lock()
	m := s.mark(seq)
	moved := m.finish(task)
	s.free(m)
	s.mu.Unlock()
	if moved {
		s.changed()
	}
}

// rewind forgets what was handed out and not finished, so that a new run begins
// where the stored values are.
func (s *state) rewind() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for seq, m := range s.marks {
		if seq.kind == sequenceChannel && !m.dirty {
			delete(s.marks, seq)
			continue
		}
		s.marks[seq] = &mark{value: m.value, set: m.set, dirty: m.dirty}
	}
}

func (s *state) hasState() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.found
}

// GetState returns the state as far as it may be stored.
func (s *state) GetState(context.Context, int64) (updates.State, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.found {
		return updates.State{}, false, nil
	}
	return updates.State{
		Pts:  int(s.mark(sequence{kind: sequencePts}).value),
		Qts:  int(s.mark(sequence{kind: sequenceQts}).value),
		Date: int(s.mark(sequence{kind: sequenceDate}).value),
		Seq:  int(s.seq),
	}, true, nil
}

// edit runs f on an existing state and tells the writer.
func (s *state) edit(f func()) error {
	s.mu.Lock()
	if !s.found {
		s.mu.Unlock()
		return errNoState
	}
	f()
	s.mu.Unlock()
	s.changed()
	return nil
}

// SetState sets all four; the channels keep theirs.
func (s *state) SetState(_ context.Context, _ int64, st updates.State) error {
	s.mu.Lock()
	s.found = true
	s.mu.Unlock()
	return s.edit(func() {
		s.mark(sequence{kind: sequencePts}).reach(int64(st.Pts))
		s.mark(sequence{kind: sequenceQts}).reach(int64(st.Qts))
		s.setDate(st.Date)
		s.setSeq(st.Seq)
	})
}

func (s *state) setDate(date int) { s.mark(sequence{kind: sequenceDate}).reach(int64(date)) }

func (s *state) setSeq(seq int) {
	s.dirty = s.dirty || int64(seq) != s.seq
	s.seq = int64(seq)
}

// SetPts sets the account's pts.
func (s *state) SetPts(_ context.Context, _ int64, pts int) error {
	return s.edit(func() { s.mark(sequence{kind: sequencePts}).reach(int64(pts)) })
}

// SetQts sets the account's qts.
func (s *state) SetQts(_ context.Context, _ int64, qts int) error {
	return s.edit(func() { s.mark(sequence{kind: sequenceQts}).reach(int64(qts)) })
}

// SetDate sets the date.
func (s *state) SetDate(_ context.Context, _ int64, date int) error {
	return s.edit(func() { s.setDate(date) })
}

// SetSeq sets the seq.
func (s *state) SetSeq(_ context.Context, _ int64, seq int) error {
	return s.edit(func() { s.setSeq(seq) })
}

// SetDateSeq sets the date and the seq.
func (s *state) SetDateSeq(_ context.Context, _ int64, date, seq int) error {
	return s.edit(func() {
		s.setDate(date)
		s.setSeq(seq)
	})
}

// GetChannelPts returns a channel's pts.
func (s *state) GetChannelPts(_ context.Context, _, channel int64) (int, bool, error) {
	s.mu.Lock()
	m, ok := s.marks[sequence{sequenceChannel, channel}]
	if ok && m.set {
		pts := m.value
		s.mu.Unlock()
		return int(pts), true, nil
	}
	s.mu.Unlock()
	var pts int64
	var found bool
	err := s.db.View(func(tx *bbolt.Tx) error {
		v := tx.Bucket([]byte(bucketState)).Get(channelKey(channel))
		if found = len(v) == 8; found {
			pts = int64(binary.BigEndian.Uint64(v))
		}
		return nil
	})
	return int(pts), found, err
}

// SetChannelPts sets a channel's pts.
func (s *state) SetChannelPts(_ context.Context, _, channel int64, pts int) error {
	s.reach(sequence{sequenceChannel, channel}, int64(pts))
	return nil
}
