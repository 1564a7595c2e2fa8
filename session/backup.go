package session

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"go.etcd.io/bbolt"
)

// Backup writes a copy of the session file to w: everything that was harvested or
// changed before the call, as of one moment, in a file that [Open] takes. It
// returns the number of bytes.
//
// The bot goes on meanwhile, and the writer waits for nothing. What the writer
// replaces is kept until the copy is done, so the file grows by as much as is
// written meanwhile, which is used again afterwards. So w should take what it is
// given: a disk does, in a second for a million peers, and somebody at the other end
// of a slow line does not. Only a file that outgrows what is mapped of it ahead
// waits for the copy: 64 GiB are, but on Windows and with 32 bits nothing is.
//
// The copy has the auth key. A bot that runs from two copies at once is signed out
// by the server (AUTH_KEY_DUPLICATED); and one that runs from a copy after the
// other has run on gets again what the other has handled since. A sealed file's
// copy is sealed with the same key.
func (f *File) Backup(ctx context.Context, w io.Writer) (int64, error) {
	if err := f.Flush(ctx); err != nil {
		return 0, err
	}
	f.db.whole.Lock() // so that nobody rewrites the file and waits for the transaction
	defer f.db.whole.Unlock()
	var n int64
	err := f.db.View(func(tx *bbolt.Tx) (err error) {
		n, err = tx.WriteTo(untilDone{ctx, w})
		return err
	})
	if err != nil {
		return n, fmt.Errorf("back up: %w", err)
	}
	return n, nil
}

// untilDone is a writer that ends with a context.
type untilDone struct {
	ctx context.Context
	w   io.Writer
}

func (u untilDone) Write(p []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	return u.w.Write(p)
}

// ReadFrom copies in larger pieces than io.Copy does.
func (u untilDone) ReadFrom(r io.Reader) (int64, error) {
	return io.CopyBuffer(struct{ io.Writer }{u}, r, make([]byte, 1<<20))
}

// WriteFile makes a file of mode 0600, whatever the umask, lets write fill it, and
// gives it the name path when all of it is on the disk. A file that has the name
// already is left as it is, and the error is fs.ErrExist, unless it is to be
// replaced. After an error nothing is left behind.
func WriteFile(path string, replace bool, write func(w io.Writer) error) (err error) {
	if _, err := os.Lstat(path); err == nil && !replace {
		return &fs.PathError{Op: "write", Path: path, Err: fs.ErrExist}
	}
	file, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".part-*")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, cause(err))
	}
	name := file.Name()
	defer func() {
		if err != nil {
			err = fmt.Errorf("write %s: %w", path, err)
			_ = file.Close() // it may be closed
			_ = os.Remove(name)
		}
	}()
	if err := file.Chmod(0o600); err != nil {
		return err
	}
	w := bufio.NewWriterSize(file, 1<<20)
	if err := write(w); err != nil {
		return err
	}
	if err := errors.Join(w.Flush(), file.Sync(), file.Close()); err != nil {
		return cause(err)
	}
	if replace {
		return errors.Join(os.Rename(name, path), syncFolder(filepath.Dir(path)))
	}
	if err := publish(name, path); errors.Is(err, errReplaced) {
		return fs.ErrExist
	} else if err != nil {
		return err
	}
	return nil
}

// spool makes a copy beside the file, which remove removes. There is one at a time.
func (f *File) spool(ctx context.Context) (copied *os.File, remove func(), err error) {
	f.spooling.Lock()
	name := leftover(f.db.path, "check")
	remove = func() {
		if copied != nil {
			_ = copied.Close() // it was of no further use
		}
		_ = os.Remove(name) // sweep does it otherwise
		f.spooling.Unlock()
	}
	size, err := f.Size()
	if err == nil {
		err = roomFor(filepath.Dir(name), size)
	}
	if err == nil {
		copied, err = newPrivate(name)
	}
	if err == nil {
		_, err = f.Backup(ctx, copied)
	}
	if err != nil {
		remove()
		return nil, nil, err
	}
	return copied, remove, nil
}
