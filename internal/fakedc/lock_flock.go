//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package fakedc

import (
	"errors"
	"os"
	"syscall"
)

// lockFile is a lock while it is open. It ends with the process, however that ends.
type lockFile struct{ *os.File }

func openLock(path string) (*lockFile, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err == nil {
		return &lockFile{f}, nil
	}
	if errors.Is(err, syscall.EWOULDBLOCK) {
		err = errHeld
	}
	return nil, errors.Join(err, f.Close())
}
