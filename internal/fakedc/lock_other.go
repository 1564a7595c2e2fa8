//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package fakedc

import (
	"errors"
	"os"
)

// lockFile is a lock while it is there. What a killed process has left has to be
// taken away by hand.
type lockFile struct{ *os.File }

func openLock(path string) (*lockFile, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil, errHeld
	}
	if err != nil {
		return nil, err
	}
	return &lockFile{f}, nil
}

func (l *lockFile) Close() error { return errors.Join(l.File.Close(), os.Remove(l.Name())) }
