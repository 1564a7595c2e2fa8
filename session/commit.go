package session

import (
	"errors"
	"fmt"

	"go.etcd.io/bbolt"
)

// commit runs fn in a read-write transaction. It returns nil if that is on the
// disk, or if the transaction of an earlier call is whose commit had failed: fn
// has not been called then. So whoever gets an error has to come again with the
// same fn before any other.
//
// A commit writes and syncs the data, and then the meta page that makes it valid.
// If anything before that page fails, bbolt rolls back and nothing has happened.
// If the last sync fails, the page is in memory, from where bbolt takes it for
// committed, and nobody knows whether it is on the disk, or ever will be: a
// second sync says nothing of pages that the first one has given up. To go on
// from there could leave two meta pages on the disk of which neither is right.
func (d *database) commit(fn func(tx *bbolt.Tx) error) error {
	if d.doubt.Load() != 0 {
		if landed, err := d.settle(); err != nil || landed {
			return err
		}
	}
	d.mu.RLock()
	defer d.mu.RUnlock()
	var id int
	err := d.update(func(tx *bbolt.Tx) error {
		id = tx.ID()
		return fn(tx)
	})
	if err == nil && d.after != nil {
		err = d.after()
	}
	if err == nil {
		return nil
	}
	if errors.Is(err, ErrDamaged) {
		return err // nothing is written any more
	}
	if now, e := visible(d.db); e != nil || now >= id {
		d.doubt.Store(int64(id))
	}
	return closed(err)
}

// visible returns the number of the last transaction that readers see.
func visible(db *bbolt.DB) (id int, err error) {
	err = db.View(func(tx *bbolt.Tx) error {
		id = tx.ID()
		return nil
	})
	return id, err
}

// settle ends the doubt about a transaction: the meta pages are written again,
// as they are read now, and synced, so that memory and disk agree. Then the file
// is opened anew, for bbolt has chosen its free pages by what it saw.
func (d *database) settle() (landed bool, err error) {
	d.mu.Lock() // which waits for all readers
	defer d.mu.Unlock()
	if err := d.reopen(); err != nil {
		return false, err
	}
	now, err := visible(d.db)
	if err != nil {
		return false, err
	}
	return int64(now) >= d.doubt.Swap(0), nil
}

func (d *database) reopen() error {
	metas := make([]byte, 2*d.db.Info().PageSize)
	if _, err := d.file.ReadAt(metas, 0); err != nil {
		return err
	}
	if _, err := d.file.WriteAt(metas, 0); err != nil {
		return err
	}
	if err := d.file.Sync(); err != nil {
		return err
	}
	// For a moment nobody has the lock. Whoever is quicker, is: the file is lost
	// to this process then.
	if err := d.db.Close(); err != nil {
		return fmt.Errorf("%w: %w", errLost, err)
	}
	o := Options{Existing: true}
	o.setDefaults()
	file, _, err := take(d.path, o)
	if err != nil {
		return fmt.Errorf("%w: %w", errLost, err)
	}
	db, err := openBolt(file, o.LockTimeout)
	if err != nil {
		return fmt.Errorf("%w: %w", errLost, err)
	}
	d.db, d.file = db, file
	return nil
}

// errLost: the file is closed and cannot be opened again.
var errLost = errors.New("open again")
