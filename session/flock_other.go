//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package session

import (
	"os"
	"time"
)

// lock leaves locking to bbolt, which has another kind of lock here.
func lock(*os.File, bool, time.Duration) error { return nil }
