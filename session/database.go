package session

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

// database is the open bbolt database, which compacting replaces by another one.
type database struct {
	path string

	mu   sync.RWMutex
	db   *bbolt.DB
	file *os.File // what db has open and locked

	// doubt is a transaction of which nobody knows whether it is on the disk, or 0:
	// see commit.
	doubt atomic.Int64
	// after lets a commit that succeeded look as if its last sync had failed; tests
	// set it.
	after func() error
}

// openDatabase opens a bbolt file, and makes it only if asked to.
func openDatabase(path string, timeout time.Duration, create bool) (*database, error) {
	d := &database{path: path}
	return d, d.open(path, timeout, create)
}

func (d *database) open(path string, timeout time.Duration, create bool) error {
	var file *os.File
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{
		Timeout:         timeout,
		FreelistType:    bbolt.FreelistMapType,
		InitialMmapSize: initialMap,
		OpenFile: func(name string, flag int, mode os.FileMode) (_ *os.File, err error) {
			if !create {
				flag &^= os.O_CREATE
			}
			file, err = os.OpenFile(name, flag, mode)
			return file, err
		},
	})
	if err != nil {
		return err
	}
	growGently(db)
	d.db, d.file = db, file
	return nil
}

// View runs fn in a read transaction. fn must not begin another one.
func (d *database) View(fn func(tx *bbolt.Tx) error) error {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return closed(d.db.View(fn))
}

// Update runs fn in a read-write transaction.
func (d *database) Update(fn func(tx *bbolt.Tx) error) error {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return closed(d.db.Update(fn))
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
	return d.db.Close()
}

// compact copies what is there into a new file and puts it in place of the old
// one. The new file is locked before the old one is let go.
func (d *database) compact() (err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.doubt.Load() != 0 {
		return errors.New("the last commit failed")
	}
	name := filepath.Join(filepath.Dir(d.path), "."+filepath.Base(d.path)+".compact")
	// Left by a crash; whoever holds the lock of the session file may remove it.
	if err := os.Remove(name); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	made, err := openDatabase(name, 0, true)
	if err != nil {
		return fmt.Errorf("make new file: %w", errors.Join(err, os.Remove(name)))
	}
	next := made.db
	defer func() {
		if err != nil && d.db != next {
			err = errors.Join(err, next.Close(), os.Remove(name))
		}
	}()
	if err := bbolt.Compact(next, d.db, 1<<20); err != nil {
		return fmt.Errorf("copy: %w", err)
	}
	if err := next.Sync(); err != nil {
		return err
	}
	if err := os.Rename(name, d.path); err != nil {
		return err
	}
	old := d.db
	d.db, d.file = next, made.file
	// From here on the new file is the session file, whatever else fails.
	if e := errors.Join(syncFolder(filepath.Dir(d.path)), old.Close()); e != nil {
		return fmt.Errorf("after the change of files: %w", e)
	}
	return nil
}

// syncFolder makes a rename in it durable.
func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
