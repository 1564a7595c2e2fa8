package session

import (
	"context"
	"fmt"
	"sync"
	"time"

	"go.etcd.io/bbolt"
	"google.golang.org/protobuf/proto"

	"github.com/f48b34c0/seen/session/internal/record"
)

const (
	// gather is how long the writer collects before it writes.
	gather = 5 * time.Millisecond
	// stateWait is how long a changed update state waits if nothing else does.
	stateWait = time.Second
	// maxRows bounds one transaction: bbolt keeps a page whole until the commit,
	// so the cost of one grows faster than its size.
	maxRows = 5000
)

// writer is the only goroutine that writes to the file, and the only path to
// disk.
type writer struct {
	file *File

	wake   chan struct{} // something waits
	later  chan struct{} // the update state changed
	hurry  chan struct{} // somebody waits for the commit
	quit   chan struct{}
	failed chan struct{}
	done   sync.WaitGroup

	mu      sync.Mutex
	waiters []chan error
	broken  error
	closed  bool

	// fault makes transaction n of a flush fail; tests set it.
	fault func(n int) error
}

func newWriter(f *File) *writer {
	w := &writer{
		file:   f,
		wake:   make(chan struct{}, 1),
		later:  make(chan struct{}, 1),
		hurry:  make(chan struct{}, 1),
		quit:   make(chan struct{}),
		failed: make(chan struct{}),
	}
	w.done.Go(w.run)
	return w
}

func poke(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// now asks for a write within the gathering time, soon for one within a second.
func (w *writer) now()  { poke(w.wake) }
func (w *writer) soon() { poke(w.later) }

func (w *writer) run() {
	for {
		select {
		case <-w.quit:
			w.flush()
			return
		case <-w.wake:
			w.pause(gather)
		case <-w.later:
			select {
			case <-w.quit:
			case <-w.wake:
				w.pause(gather)
			case <-time.After(stateWait):
			}
		}
		w.flush()
	}
}

// pause lets more arrive, unless somebody waits for the commit.
func (w *writer) pause(d time.Duration) {
	select {
	case <-time.After(d):
	case <-w.hurry:
	case <-w.quit:
	}
}

// flushed waits for the commit of everything queued so far.
func (w *writer) flushed(ctx context.Context) error {
	c := make(chan error, 1)
	w.mu.Lock()
	switch {
	case w.broken != nil:
		w.mu.Unlock()
		return w.broken
	case w.closed:
		w.mu.Unlock()
		return ErrClosed
	}
	w.waiters = append(w.waiters, c)
	w.mu.Unlock()
	poke(w.hurry)
	w.now()
	select {
	case err := <-c:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// flush writes what waits. The snapshot of the update state comes first: what it
// covers was queued before it was set, so it is in what is taken afterwards. The
// state goes into the last transaction, and after a failure none is tried.
func (w *writer) flush() {
	w.mu.Lock()
	waiters, broken := w.waiters, w.broken
	w.waiters = nil
	w.mu.Unlock()
	err := broken
	if err == nil {
		if err = w.commit(); err != nil {
			err = fmt.Errorf("write session file: %w", err)
			w.mu.Lock()
			w.broken = err
			w.mu.Unlock()
			close(w.failed)
		}
	}
	for _, c := range waiters {
		c <- err
	}
}

func (w *writer) commit() error {
	snapshot := w.file.state.snapshot()
	changes := w.file.queue.take()
	rows, notes, tx, err := w.plan(changes, snapshot)
	if err != nil {
		return err
	}
	// Nobody else writes, so the transactions that follow are numbered from here.
	w.file.recent.publish(notes, tx+(len(rows)+maxRows-1)/maxRows)
	for n := 0; len(rows) > 0; n++ {
		part := rows[:min(maxRows, len(rows))]
		began := time.Now()
		if err := w.transact(n, part); err != nil {
			return err
		}
		w.file.writes.note(len(part), time.Since(began))
		rows = rows[len(part):]
	}
	w.file.queue.done()
	return nil
}

// plan works out the rows, what they confirm, and the transaction that it saw. It
// reads, so that a transaction, which costs a write
// even if it changes nothing, is begun only if something changed.
func (w *writer) plan(changes []change, snapshot stateSnapshot) (rows []row, n notes, tx int, err error) {
	err = w.file.db.View(func(now *bbolt.Tx) error {
		b := w.file.newBatch(now)
		for _, c := range changes {
			if err := c.apply(b); err != nil {
				return err
			}
		}
		if err := snapshot.apply(b); err != nil {
			return err
		}
		rows, n, tx = b.rows(), b.notes, now.ID()
		return nil
	})
	return rows, n, tx, err
}

// transact writes one transaction, and with it how many peers there are.
func (w *writer) transact(n int, rows []row) error {
	var counted *record.Meta
	err := w.file.db.Update(func(tx *bbolt.Tx) error {
		if w.fault != nil {
			if err := w.fault(n); err != nil {
				return err
			}
		}
		counted = proto.CloneOf(w.file.meta.get())
		for _, r := range rows {
			bucket := tx.Bucket([]byte(r.bucket))
			if r.peers != 0 {
				count(counted, r.key, r.peers)
			}
			tally(counted.Census, bucket, r)
			if r.value == nil {
				if err := bucket.Delete(r.key); err != nil {
					return err
				}
				continue
			}
			if err := bucket.Put(r.key, r.value); err != nil {
				return err
			}
		}
		v, err := proto.Marshal(counted)
		if err != nil {
			return err
		}
		return tx.Bucket([]byte(bucketMeta)).Put([]byte(keyMeta), v)
	})
	if err == nil {
		w.file.meta.edit(func(m *record.Meta) {
			m.Users, m.Chats, m.Channels = counted.Users, counted.Chats, counted.Channels
			m.Census = counted.Census
		})
	}
	return err
}

func count(m *record.Meta, key []byte, by int64) {
	id, _ := idFromKey(key)
	switch id.Kind {
	case User:
		m.Users += by
	case Chat:
		m.Chats += by
	case Channel:
		m.Channels += by
	}
}

func (w *writer) err() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.broken
}

// stop writes what waits and ends the goroutine.
func (w *writer) stop() error {
	w.mu.Lock()
	w.closed = true
	w.mu.Unlock()
	close(w.quit)
	w.done.Wait()
	// Whoever asked for a commit between the last flush and closed.
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range w.waiters {
		c <- ErrClosed
	}
	return w.broken
}
