package session

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"go.etcd.io/bbolt"
)

// Checked tells what a check has looked at.
type Checked struct {
	// Size is the size of the file in bytes.
	Size int64
	// Peers and Names are the records that were read, damaged ones among them.
	Peers Counts
	Names int64
	// Findings is the number of those that were told.
	Findings int64
}

// Check reads the session file at path from end to end and tells found what is
// wrong with it: pages that are not what they should be, by a reading of its own
// and by bbolt's; records that do not decode; names whose owners do not bear them,
// and borne names that the index does not have; records about nobody; counts that
// do not hold; an update state that cannot be; an auth key that is not whole.
//
// It changes nothing, asks nobody, and needs the lock: a file that another process
// has open is ErrLocked. Memory does not grow with the book. A file that is no
// session file, is of a newer version, or does not open with the key of opts, is
// refused as by [Open]; opts may be nil, and its BotID is not looked at. found is
// called from the calling goroutine and holds nothing up.
func Check(ctx context.Context, path string, opts *Options, found func(Finding)) (Checked, error) {
	o := opts.orDefaults()
	file, size, err := openToRead(path, o, os.O_RDONLY)
	if err != nil {
		return Checked{}, err
	}
	defer file.Close() //nolint:errcheck // it was only read
	i, err := inspect(ctx, file, size, o.Key, found)
	if err != nil {
		return Checked{}, fmt.Errorf("check %s: %w", path, err)
	}
	if err := i.check(); err != nil {
		return Checked{}, fmt.Errorf("check %s: %w", path, err)
	}
	if err := i.checkByBolt(path); err != nil {
		return Checked{}, fmt.Errorf("check %s: %w", path, err)
	}
	return i.done, nil
}

// Check is the same for the open file, as it is at the time of the call: it takes
// a copy, as [File.Backup] does and within the same bounds, and checks that. The
// copy lies beside the file until then, so that much space has to be free.
func (f *File) Check(ctx context.Context, found func(Finding)) (Checked, error) {
	file, remove, err := f.spool(ctx)
	if err != nil {
		return Checked{}, fmt.Errorf("check %s: %w", f.path, err)
	}
	defer remove()
	info, err := file.Stat()
	if err != nil {
		return Checked{}, err
	}
	i, err := inspectSealed(ctx, file, info.Size(), f.seal, found)
	if err == nil {
		err = i.check()
	}
	if err == nil {
		err = i.checkByBolt(file.Name())
	}
	if err == nil {
		i.done.Size, err = f.Size() // not that of the copy, which has nothing unused at its end
	}
	if err != nil {
		return Checked{}, fmt.Errorf("check %s: %w", f.path, err)
	}
	return i.done, nil
}

// openToRead opens and locks a file that may be damaged.
func openToRead(path string, o Options, flag int) (file *os.File, size int64, err error) {
	at, err := follow(path)
	if err == nil {
		var info fs.FileInfo
		if info, err = os.Stat(at); err == nil {
			err = checkType(info)
		}
	}
	if err == nil {
		file, err = os.OpenFile(at, flag, 0)
	}
	if err != nil {
		return nil, 0, fmt.Errorf("open %s: %w", path, opening(err))
	}
	err = held(lock(file, flag != os.O_RDONLY, o.LockTimeout), path)
	if err == nil {
		var info fs.FileInfo
		if info, err = file.Stat(); err == nil && info.Size() == 0 {
			err = ErrEmpty
		}
		if err == nil {
			return file, info.Size(), nil
		}
	}
	_ = file.Close() // the first error is the one to tell
	if errors.Is(err, ErrLocked) {
		return nil, 0, err
	}
	return nil, 0, fmt.Errorf("open %s: %w", path, err)
}

// check goes through all records. The pages have been read.
func (i *inspector) check() error {
	if i.view == nil {
		return nil // it has been told that nothing can be read
	}
	for _, step := range []func() error{
		i.checkPeers, i.checkNames, i.checkHistory, i.checkDialogs, i.checkOutbox,
		i.checkLookups, i.checkAuth, i.checkState,
	} {
		if err := step(); err != nil {
			return err
		}
	}
	i.checkMeta()
	return nil
}

// maxByBolt bounds what bbolt's own check is let say: a page may be wrong in many
// ways.
const maxByBolt = 100

// checkByBolt runs bbolt's own check. Nothing that was found here would make it
// find anything, or it would have been found here; but it is bbolt that has to
// live with the file. It runs only on a file that it cannot stumble over, since it
// runs in a goroutine of its own where nobody could catch it.
func (i *inspector) checkByBolt(path string) error {
	if i.torn {
		return nil
	}
	var wrong []error
	err := guarded(func() error {
		db, err := bbolt.Open(path, 0o600, &bbolt.Options{ReadOnly: true, Timeout: time.Second})
		if err != nil {
			return err
		}
		err = db.View(func(tx *bbolt.Tx) error {
			for err := range tx.Check() {
				if len(wrong) < maxByBolt {
					wrong = append(wrong, err)
				}
			}
			return nil
		})
		return errors.Join(err, db.Close())
	})
	if err != nil {
		return fmt.Errorf("bbolt's own check: %w", err)
	}
	for _, err := range wrong {
		i.tell(Finding{Problem: "bbolt says: " + err.Error(), Repair: repairRewrite})
	}
	return nil
}
