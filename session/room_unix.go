//go:build darwin || freebsd || linux

package session

import (
	"fmt"
	"syscall"
)

// reserve is what is to stay free on the disk for the bot to go on.
const reserve = 64 << 20

// roomFor refuses a copy that would fill the disk: the bot could not write to it
// any more.
func roomFor(dir string, size int64) error {
	var fs syscall.Statfs_t
	if err := syscall.Statfs(dir, &fs); err != nil {
		return nil // the copy itself will tell
	}
	if free := int64(fs.Bavail) * int64(fs.Bsize); free-reserve < size {
		return fmt.Errorf("%w: %d bytes are free in %s, and it takes %d", syscall.ENOSPC, free, dir, size+reserve)
	}
	return nil
}
