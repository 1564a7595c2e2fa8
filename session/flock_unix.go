//go:build darwin || dragonfly || freebsd || (linux && !android) || netbsd || openbsd

package session

import (
	"errors"
	"os"
	"syscall"
	"time"
)

// unlock gives the lock back. Closing the file does not as long as it is mapped,
// and bbolt, once it has panicked, leaves it so.
func unlock(file *os.File) error { return syscall.Flock(int(file.Fd()), syscall.LOCK_UN) }

// lock takes the lock that bbolt takes, so that the file can be looked at before
// bbolt does: for writing, or together with others who read. bbolt takes it once
// more on the same open file, which changes nothing.
func lock(file *os.File, write bool, timeout time.Duration) error {
	how := syscall.LOCK_SH
	if write {
		how = syscall.LOCK_EX
	}
	for deadline := time.Now().Add(timeout); ; time.Sleep(10 * time.Millisecond) {
		err := syscall.Flock(int(file.Fd()), how|syscall.LOCK_NB)
		switch {
		case err == nil:
			return nil
		case errors.Is(err, syscall.EINTR):
		case !errors.Is(err, syscall.EWOULDBLOCK):
			return &os.SyscallError{Syscall: "flock", Err: err}
		case !time.Now().Before(deadline):
			return errTimeout
		}
	}
}
