package session

import (
	"context"
	"errors"
	"os"
	"sync"
	"sync/atomic"

	"go.etcd.io/bbolt"
	"google.golang.org/protobuf/proto"

	"github.com/f48b34c0/seen/session/internal/record"
)

// File is an open session file: everything that one bot remembers between runs.
// All methods may be called at once.
type File struct {
	db     *database
	meta   meta
	queue  queue
	state  *state
	write  *writer
	recent recent
	close  func() error
	// owed is poked when the outbox grows.
	owed chan struct{}
}

// meta is the file's own record, kept in memory: only the writer changes it in
// the file.
type meta struct {
	mu  sync.RWMutex
	rec *record.Meta
}

func (m *meta) get() *record.Meta {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.rec
}

// edit replaces the record by a changed copy.
func (m *meta) edit(f func(*record.Meta)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	next := proto.CloneOf(m.rec)
	f(next)
	m.rec = next
}

func newFile(db *database, botID int64, fresh bool) (*File, error) {
	rec, err := prepare(db, botID)
	if err != nil {
		return nil, err
	}
	f := &File{db: db, meta: meta{rec: rec}, owed: make(chan struct{}, 1)}
	if f.state, err = loadState(db); err != nil {
		return nil, err
	}
	f.write = newWriter(f)
	f.state.changed = f.write.soon
	f.close = sync.OnceValue(func() error {
		err := f.write.stop()
		if fresh {
			err = errors.Join(err, f.discard())
		}
		return errors.Join(err, f.db.Close())
	})
	return f, nil
}

// discard removes a file that this process has made and in which nothing came to
// be remembered, neither a bot nor a wait: a command that failed leaves nothing
// behind. The lock is still held, so nobody else has begun to use it.
func (f *File) discard() error {
	if f.BotID() != 0 || f.Book().Counts() != (Counts{}) {
		return nil
	}
	// Or whoever starts again would ask again.
	if floods, err := f.Limits().Floods(); err != nil || len(floods) > 0 {
		return err
	}
	return os.Remove(f.Path())
}

// Close writes what waits to be written and lets go of the lock. A file that
// Open has made and that remembers nobody is removed. Later calls return what
// the first returned.
func (f *File) Close() error { return f.close() }

// Path returns the path that the file was opened with.
func (f *File) Path() string { return f.db.path }

// Size returns the size of the file in bytes.
func (f *File) Size() (int64, error) {
	info, err := os.Stat(f.Path())
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// BotID returns the bot that the file belongs to, or 0 if none has signed in
// with it yet.
func (f *File) BotID() int64 { return f.meta.get().BotId }

// Book returns the book of all peers that the bot has seen.
func (f *File) Book() *Book { return &Book{file: f} }

// Flush returns when everything that was harvested or changed before the call is
// in the file, or with the error that keeps it from getting there.
func (f *File) Flush(ctx context.Context) error { return f.write.flushed(ctx) }

// Failed is closed when the file cannot be written any more, for Err's reason.
// What is remembered from then on is lost at the end of the process: stop.
func (f *File) Failed() <-chan struct{} { return f.write.failed }

// Err returns the error that closed Failed, or nil.
func (f *File) Err() error { return f.write.err() }

// add queues changes for the writer. It never waits.
func (f *File) add(changes ...change) {
	f.queue.add(changes)
	f.write.now()
}

// view runs fn over a batch of what stands in the file. What waits is not in it
// until fn applies it.
func (f *File) view(fn func(b *batch) error) error {
	return f.db.View(func(tx *bbolt.Tx) error { return fn(f.newBatch(tx)) })
}

// counter counts events.
type counter = atomic.Int64
