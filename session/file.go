package session

import (
	"context"
	"errors"
	"hash/maphash"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"go.etcd.io/bbolt"
	"google.golang.org/protobuf/proto"

	"github.com/f48b34c0/seen/session/internal/record"
)

// File is an open session file: everything that one bot remembers between runs.
// All methods may be called at once.
type File struct {
	path   string // as it was opened; a link may lead elsewhere
	db     *database
	meta   meta
	seal   *sealer
	queue  queue
	state  *state
	write  *writer
	recent recent
	hot    hot
	writes writes
	close  func() error
	// stored is the session that gotd has stored last; nil if it has not.
	stored atomic.Pointer[[]byte]
	now    func() time.Time
	// owed is poked when the outbox grows.
	owed chan struct{}
	// spooling is held by who has a copy beside the file.
	spooling sync.Mutex
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

func newFile(db *database, rec *record.Meta, seal *sealer, o Options, fresh bool) (*File, error) {
	if err := recount(db, rec); err != nil {
		return nil, err
	}
	f := &File{db: db, meta: meta{rec: rec}, seal: seal, now: o.Now, owed: make(chan struct{}, 1)}
	f.queue.known.seed = maphash.MakeSeed()
	f.recent.users.most = usersAtOnce
	var err error
	if f.state, err = loadState(db); err != nil {
		return nil, err
	}
	f.write = newWriter(f, o)
	f.state.changed = f.write.soon
	f.close = sync.OnceValue(func() error {
		err := f.write.stop()
		if errors.Is(err, errHung) {
			return err // closing would wait for the write that hangs
		}
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
	return os.Remove(f.db.path)
}

// Close writes what waits to be written and lets go of the lock. A file that
// Open has made and that remembers nobody is removed. Later calls return what
// the first returned.
//
// An ErrUnwritten says that what waited is lost with the process. A disk that has
// not answered after five seconds is one; the file stays open and locked then.
func (f *File) Close() error { return f.close() }

// Path returns the path that the file was opened with.
func (f *File) Path() string { return f.path }

// Sealed reports whether the auth key and the access hashes are encrypted in the
// file.
func (f *File) Sealed() bool { return f.seal != nil }

// Size returns the size of the file in bytes.
func (f *File) Size() (int64, error) {
	info, err := os.Stat(f.Path())
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// Written returns when the file was written last, on this machine's clock.
func (f *File) Written() (time.Time, error) {
	info, err := os.Stat(f.Path())
	if err != nil {
		return time.Time{}, err
	}
	return info.ModTime(), nil
}

// BotID returns the bot that the file belongs to, or 0 if none has signed in
// with it yet.
func (f *File) BotID() int64 { return f.meta.get().BotId }

// Book returns the book of all peers that the bot has seen.
func (f *File) Book() *Book { return &Book{file: f} }

// Flush returns when everything that was harvested or changed before the call is
// in the file, or with ErrUnwritten when the next attempt to write it has failed.
func (f *File) Flush(ctx context.Context) error { return f.write.flushed(ctx) }

// Failed is closed when the file cannot be written and is not going to be tried
// again, for Err's reason: see [Options.Patience] and [Options.MaxWaiting]. What is
// remembered from then on is lost at the end of the process: stop.
func (f *File) Failed() <-chan struct{} { return f.write.failed }

// Err returns the error that closed Failed, or nil.
func (f *File) Err() error { return f.write.err() }

// add queues changes for the writer. It never waits.
func (f *File) add(changes ...change) {
	waiting := f.queue.add(changes)
	for _, c := range changes {
		if s, ok := c.(*sighting); ok {
			f.hot.drop(s.id)
		}
	}
	f.write.now()
	if waiting >= f.write.opts.MaxWaiting {
		poke(f.write.full)
	}
}

// view runs fn over a batch of what stands in the file. What waits is not in it
// until fn applies it.
func (f *File) view(fn func(b *batch) error) error {
	return f.db.View(func(tx *bbolt.Tx) error { return fn(f.newBatch(tx)) })
}

// counter counts events.
type counter = atomic.Int64
