package main

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// evict makes the system let go of what it keeps of a file in memory.
func evict(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), unix.Fadvise(int(f.Fd()), 0, 0, unix.FADV_DONTNEED), f.Close())
}
