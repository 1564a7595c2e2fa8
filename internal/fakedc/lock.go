package fakedc

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// errHeld is what openLock says of a file that another process holds.
var errHeld = errors.New("held by another process")

// lockFolder lets one process at a time have a folder.
func lockFolder(dir string) (_ *lockFile, err error) {
	path := filepath.Join(dir, "lock")
	f, err := openLock(path)
	if errors.Is(err, errHeld) {
		return nil, fmt.Errorf("%s is in use by %s: stop it, or give each server a folder of its own", dir, holder(path))
	}
	if err != nil {
		return nil, fmt.Errorf("lock %s: %w", dir, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, f.Close())
		}
	}()
	if err := f.Truncate(0); err != nil {
		return nil, err
	}
	_, err = f.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	return f, err
}

// holder is who has written the lock file.
func holder(path string) string {
	data, err := os.ReadFile(path)
	pid, notANumber := strconv.Atoi(strings.TrimSpace(string(data)))
	if err != nil || notANumber != nil {
		return "another process"
	}
	return fmt.Sprintf("process %d", pid)
}
