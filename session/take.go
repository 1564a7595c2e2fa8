package session

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/f48b34c0/seen/session/internal/pages"
)

// follow returns the path that a symbolic link leads to, and any other path as it
// is. Both folders have to be safe: whoever can replace the link can replace the
// file. The file itself would be replaced in place of the link otherwise, when it
// is written anew, and the old one, secrets and all, stay where the link had led.
func follow(path string) (string, error) {
	info, err := os.Lstat(path)
	if err != nil || info.Mode().Type() != fs.ModeSymlink {
		return path, nil // what is wrong with it is told by those who open it
	}
	if err := checkFolder(filepath.Dir(path)); err != nil {
		return "", err
	}
	at, err := filepath.EvalSymlinks(path)
	if errors.Is(err, fs.ErrNotExist) {
		to, _ := os.Readlink(path)
		return "", fmt.Errorf("%w: %s", ErrDangling, to)
	}
	return at, err
}

// take opens the session file and locks it, and only then looks what it is: as
// long as somebody writes to it, it may look like anything. A file that is not
// there is made under another name, and gets its own when it is whole.
func take(path string, o Options) (file *os.File, fresh bool, err error) {
	if err := checkFolder(filepath.Dir(path)); err != nil {
		return nil, false, err
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && !o.Existing:
		file, err = makeFile(path)
		return file, true, opening(err)
	case err != nil:
		return nil, false, opening(err)
	}
	if err := checkType(info); err != nil {
		return nil, false, err
	}
	file, err = os.OpenFile(path, os.O_RDWR, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, false, errReplaced
	}
	if err != nil {
		return nil, false, opening(err)
	}
	if err := secure(file, path, o.LockTimeout); err != nil {
		return nil, false, errors.Join(err, file.Close())
	}
	return file, false, nil
}

// secure locks a file, looks whether it is one of ours, and takes it from the eyes
// of others.
func secure(file *os.File, path string, timeout time.Duration) error {
	if err := lock(file, true, timeout); err != nil {
		return held(err, path)
	}
	if !same(file, path) {
		return errReplaced
	}
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if err := look(file, info.Size()); err != nil {
		return err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return file.Chmod(0o600)
	}
	return nil
}

func held(err error, path string) error {
	if errors.Is(err, errTimeout) {
		return &LockedError{Path: path, PID: holder(path)}
	}
	return err
}

// look refuses what bbolt would not: it takes whatever opens for its own, and
// falls over a file that ends early.
func look(file *os.File, size int64) error {
	if size == 0 {
		return ErrEmpty
	}
	p, err := pages.Open(file, size)
	switch {
	case errors.Is(err, pages.ErrNotBolt):
		return ErrNotSession
	case err != nil:
		return damaged("%v", err)
	}
	last := p.Metas()[0]
	if n := p.Lacks(last); n > 0 {
		return damaged("it was cut off, and lacks %d bytes", n)
	}
	if !p.FreeListIsOne(last) {
		return damaged("page %d should be the list of free pages", last.Free)
	}
	return nil
}

// makeFile makes an empty file beside the path, locked, and with no right for
// anybody else whatever the umask.
func makeFile(path string) (*os.File, error) {
	file, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".new-*")
	if err != nil {
		return nil, err
	}
	// The umask may have taken the owner's bits.
	if err = errors.Join(file.Chmod(0o600), lock(file, true, 0)); err != nil {
		return nil, errors.Join(err, file.Close(), os.Remove(file.Name()))
	}
	return file, nil
}

// opening turns what a system call says into one of our refusals.
func opening(err error) error {
	if errors.Is(err, syscall.EROFS) {
		return ErrReadOnly
	}
	return cause(err)
}

// cause drops the path of an error, which is told already.
func cause(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	return err
}

func checkType(info fs.FileInfo) error {
	switch {
	case info.IsDir():
		return ErrIsFolder
	case !info.Mode().IsRegular():
		return fmt.Errorf("%w: no regular file", ErrNotSession)
	}
	return nil
}

// checkFolder refuses a folder in which somebody else could replace the file.
func checkFolder(dir string) error {
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s: %w", dir, ErrNoFolder)
	case err != nil:
		return err
	case !info.IsDir():
		return fmt.Errorf("%s is not a folder", dir)
	case info.Mode().Perm()&0o022 != 0 && info.Mode()&os.ModeSticky == 0:
		return fmt.Errorf("%s: %w", dir, ErrUnsafeFolder)
	}
	return nil
}

// same reports whether an open file is still the one at the path.
func same(file *os.File, path string) bool {
	here, err := file.Stat()
	if err != nil {
		return false
	}
	there, err := os.Stat(path)
	return err == nil && os.SameFile(here, there)
}
