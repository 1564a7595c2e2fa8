package session

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

// database is the open bbolt database, which rewriting replaces by another one.
type database struct {
	path string

	// whole is held by what needs the file as a whole for longer than a
	// transaction, so that none of it waits with mu in its hand.
	whole sync.Mutex

	mu   sync.RWMutex
	db   *bbolt.DB
	file *os.File // the one that db has
	// broken is why nothing can be written any more: a transaction ended in a
	// damaged page, and may have taken bbolt's lock with it.
	broken error

	// roots are those of the last state that was read.
	roots atomic.Pointer[roots]

	// doubt is a transaction of which nobody knows whether it is on the disk, or 0:
	// see commit.
	doubt atomic.Int64
	// after lets a commit that succeeded look as if its last sync had failed; tests
	// set it.
	after func() error
}

// View runs fn in a read transaction. fn must not begin another one. A damaged
// page is ErrDamaged.
func (d *database) View(fn func(tx *bbolt.Tx) error) error {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return closed(guarded(func() error { return d.db.View(fn) }))
}

// Update runs fn in a read-write transaction. There is one at a time. After a
// damaged page there is none any more.
func (d *database) Update(fn func(tx *bbolt.Tx) error) error {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return closed(d.update(fn))
}

// update is Update for whoever holds mu.
func (d *database) update(fn func(tx *bbolt.Tx) error) error {
	if d.broken != nil {
		return d.broken
	}
	err := guarded(func() error { return d.db.Update(fn) })
	if errors.Is(err, ErrDamaged) {
		d.broken = err
	}
	return err
}

func closed(err error) error {
	if errors.Is(err, bolterrors.ErrDatabaseNotOpen) {
		return ErrClosed
	}
	return err
}

// Close lets go of the lock.
func (d *database) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.broken != nil {
		return errors.Join(unlock(d.file), d.file.Close()) // bbolt's Close may wait for ever
	}
	return d.db.Close()
}

// rewrite makes a new file, lets fill write all that it is to hold, and puts it in
// place of the old one. Nobody reads or writes meanwhile.
func (d *database) rewrite(what string, fill func(next, old *bbolt.DB) error) error {
	d.whole.Lock()
	defer d.whole.Unlock()
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.broken != nil {
		return d.broken
	}
	if d.doubt.Load() != 0 {
		return errors.New("the last commit failed")
	}
	next, err := newDatabase(leftover(d.path, what), d.file)
	if err != nil {
		return fmt.Errorf("make new file: %w", err)
	}
	next.db.NoSync = true // one at the end is enough: nobody has the file yet
	err = guarded(func() error { return fill(next.db, d.db) })
	next.db.NoSync = false
	if err != nil {
		return errors.Join(fmt.Errorf("copy: %w", err), next.discard())
	}
	if err := errors.Join(next.db.Sync(), os.Rename(next.path, d.path)); err != nil {
		return errors.Join(err, next.discard())
	}
	old := d.db
	d.db, d.file = next.db, next.file
	// From here on the new file is the session file, whatever else fails.
	if e := errors.Join(syncFolder(filepath.Dir(d.path)), old.Close()); e != nil {
		return fmt.Errorf("after the change of files: %w", e)
	}
	return nil
}

// compact copies what is there into a new file, without what is unused.
func (d *database) compact() error {
	return d.rewrite("compact", func(next, old *bbolt.DB) error { return bbolt.Compact(next, old, 1<<20) })
}

// newDatabase makes an empty database, locked before anybody else can see what
// comes into it, and owned as the file is that it is to replace.
func newDatabase(path string, like *os.File) (*database, error) {
	file, err := newPrivate(path)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(keepOwner(file, like), lock(file, true, 0)); err != nil {
		return nil, errors.Join(err, file.Close(), os.Remove(path))
	}
	db, err := openBolt(file, 0)
	if err != nil {
		return nil, errors.Join(err, os.Remove(path))
	}
	return &database{path: path, db: db, file: file}, nil
}

// newPrivate makes a file that is nobody else's to read. One that a crash has left
// there may be removed by whoever has the lock of the session file.
func newPrivate(path string) (*os.File, error) {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	if err := file.Chmod(0o600); err != nil { // the umask may have taken the owner's bits
		return nil, errors.Join(err, file.Close(), os.Remove(path))
	}
	return file, nil
}

// discard removes a database that is of no use.
func (d *database) discard() error { return errors.Join(d.db.Close(), os.Remove(d.path)) }

// leftover is the name of a file while it is written, in the folder of the session
// file.
func leftover(path, what string) string {
	return filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+"."+what)
}

// sweep removes what crashes have left: they hold secrets, and whoever has the
// lock of the session file knows that nobody is writing them.
func sweep(path string) {
	for _, what := range []string{"compact", "rekey", "repair", "check"} {
		_ = os.Remove(leftover(path, what)) // there is none, nearly always
	}
}

// syncFolder makes a rename in it durable.
func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
