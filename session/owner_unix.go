//go:build unix

package session

import (
	"os"
	"syscall"
)

// keepOwner gives a file to the owner of another one, as only root can: a file
// that root has rewritten would be closed to the bot that it belongs to.
func keepOwner(file, like *os.File) error {
	info, err := like.Stat()
	if err != nil {
		return err
	}
	owner, ok := info.Sys().(*syscall.Stat_t)
	if !ok || os.Geteuid() != 0 {
		return nil
	}
	return file.Chown(int(owner.Uid), int(owner.Gid))
}
