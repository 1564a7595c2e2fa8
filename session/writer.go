package session

import (
	"context"
	"errors"
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
	// In a book of more peers than largeBook nearly every row stands on a page of its
	// own. A transaction of maxRows would take 60 MB, twice that until it is collected.
	largeBook    = 200_000
	maxRowsLarge = 2000
	// stopWait bounds the end of the writer. A disk may hang in a write, and
	// nothing but the end of the process takes that back.
	stopWait = 5 * time.Second
)

// writer is the only goroutine that writes to the file, and the only path to
// disk.
type writer struct {
	file *File
	opts Options

	wake   chan struct{} // something waits
	later  chan struct{} // the update state changed
	hurry  chan struct{} // somebody waits for the commit
	full   chan struct{} // too much waits
	quit   chan struct{}
	failed chan struct{}
	ended  chan struct{}

	// rest is what an earlier flush has planned and not written. Only the
	// writer's goroutine uses it.
	rest   []row
	learnt []knownEntry // what is known when they are written
	// most is how many rows a transaction takes, and longest the longest pause
	// between two attempts.
	most    int
	longest time.Duration

	mu      sync.Mutex
	waiters []chan error
	trouble trouble
	broken  error
	closed  bool

	// fault makes transaction n of a flush fail; tests set it.
	fault func(n int) error
}

func newWriter(f *File, o Options) *writer {
	w := &writer{
		file:    f,
		opts:    o,
		most:    maxRows,
		longest: maxPause,
		wake:    make(chan struct{}, 1),
		later:   make(chan struct{}, 1),
		hurry:   make(chan struct{}, 1),
		full:    make(chan struct{}, 1),
		quit:    make(chan struct{}),
		failed:  make(chan struct{}),
		ended:   make(chan struct{}),
	}
	go func() { // stop waits for it
		defer close(w.ended)
		w.run()
	}()
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
	for stop := false; !stop; {
		stop = w.await()
		w.flush()
	}
}

// await returns when there is something to write, with true for the last time.
func (w *writer) await() (stop bool) {
	if pause := w.trouble.pause; pause > 0 {
		return w.pause(pause, w.full)
	}
	select {
	case <-w.quit:
		return true
	case <-w.wake:
		return w.pause(gather, w.hurry)
	case <-w.later:
	}
	select {
	case <-w.quit:
		return true
	case <-w.wake:
		return w.pause(gather, w.hurry)
	case <-time.After(stateWait):
		return false
	}
}

// pause lets more arrive, unless there is a reason not to wait.
func (w *writer) pause(d time.Duration, unless chan struct{}) (stop bool) {
	select {
	case <-time.After(d):
	case <-unless:
	case <-w.quit:
		return true
	}
	return false
}

// flushed waits for the commit of everything queued so far, or for the next one
// to fail.
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

// flush writes what waits, and tells those who wait for it what came of it.
func (w *writer) flush() {
	w.mu.Lock()
	waiters, err := w.waiters, w.broken
	w.waiters = nil
	w.mu.Unlock()
	if err == nil {
		err = w.report(w.commit())
	}
	for _, c := range waiters {
		c <- err
	}
}

// commit writes everything that waits. The snapshot of the update state comes
// first: what it covers was queued before it was set, so it is in what is taken
// afterwards. The state goes into the last transaction, and after a failure none
// is tried. The next call goes on where this one has failed: rows are written
// whole, so doing the same again changes nothing, while to plan them anew over
// half of themselves would lose what they say of the other half.
func (w *writer) commit() error {
	if err := w.write(); err != nil {
		return err
	}
	if w.file.Book().total() > largeBook {
		w.most = min(w.most, maxRowsLarge)
	}
	snapshot := w.file.state.snapshot()
	taken := w.file.queue.take()
	p, err := w.plan(taken, snapshot)
	if err != nil {
		w.file.state.restore(snapshot)
		w.file.queue.giveBack()
		return err
	}
	w.file.recent.publish(p.batch, p.last)
	w.rest, w.learnt = p.rows, p.learnt
	return w.write()
}

// write writes the rows that were planned.
func (w *writer) write() error {
	for n := 0; len(w.rest) > 0; n++ {
		part := w.rest[:min(w.most, len(w.rest))]
		began := time.Now()
		if err := w.transact(n, part); err != nil {
			if n > 0 {
				w.file.queue.tear()
			}
			return err
		}
		w.file.writes.note(len(part), time.Since(began))
		w.rest = w.rest[len(part):]
	}
	w.file.queue.done(w.learnt)
	w.rest, w.learnt = nil, nil
	return nil
}

// plan is what a flush is going to do.
type plan struct {
	batch  *batch
	rows   []row
	learnt []knownEntry
	last   int // the transaction with the last row
}

// plan works out the rows, and what they confirm. It reads, so that a transaction,
// which costs a write even if it changes nothing, is begun only if something
// changed.
func (w *writer) plan(taken pending, snapshot stateSnapshot) (p plan, err error) {
	err = w.file.db.View(func(tx *bbolt.Tx) error {
		b := w.file.newBatch(tx)
		b.expect(taken)
		for _, c := range taken.changes {
			if err := c.apply(b); err != nil {
				return err
			}
		}
		if err := snapshot.apply(b); err != nil {
			return err
		}
		p.batch, p.rows = b, b.rows()
		// Nobody else writes, so the transactions that follow are numbered from here.
		p.last = tx.ID() + (len(p.rows)+w.most-1)/w.most
		p.learnt = b.learnt(p.last)
		return nil
	})
	return p, err
}

// transact writes one transaction, and with it how many peers there are.
func (w *writer) transact(n int, rows []row) error {
	var counted *record.Meta
	err := w.file.db.commit(func(tx *bbolt.Tx) error {
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
	if err == nil && counted == nil { // it was in the file already
		counted = &record.Meta{}
		err = w.file.db.View(func(tx *bbolt.Tx) error {
			_, err := load(tx, bucketMeta, []byte(keyMeta), counted)
			return err
		})
	}
	if err == nil {
		w.file.hot.dropRows(rows)
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

// errHung: a write has not returned within stopWait.
var errHung = errors.New("the disk does not answer")

// stop writes what waits and ends the goroutine. If that hangs, it is left to
// the end of the process, and so is the file.
func (w *writer) stop() error {
	w.mu.Lock()
	w.closed = true
	w.mu.Unlock()
	close(w.quit)
	select {
	case <-w.ended:
	case <-time.After(stopWait):
		return fmt.Errorf("%w: %w", ErrUnwritten, errHung)
	}
	// Whoever asked for a commit between the last flush and closed.
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range w.waiters {
		c <- ErrClosed
	}
	if w.broken != nil {
		return w.broken
	}
	return w.trouble.err
}
