package session

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
)

// apart runs f on a thread that ends with it, so that what f does to the thread
// ends too.
func apart(f func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread() // and never unlocked
		f()
	}()
	<-done
}

// The file system is mounted anew, read-only, for one thread.
func TestReadOnlyFileSystemIsRefused(t *testing.T) {
	path := fullFile(t, nil)
	dir := filepath.Dir(path)
	apart(func() {
		if err := syscall.Unshare(syscall.CLONE_NEWNS); err != nil {
			t.Logf("mounting is not allowed here: %v", err)
			return
		}
		const bind, readOnly = syscall.MS_BIND, syscall.MS_BIND | syscall.MS_REMOUNT | syscall.MS_RDONLY
		for _, m := range []struct {
			from, to string
			flags    uintptr
		}{{"none", "/", syscall.MS_REC | syscall.MS_PRIVATE}, {dir, dir, bind}, {dir, dir, readOnly}} {
			if err := syscall.Mount(m.from, m.to, "", m.flags, ""); err != nil {
				t.Errorf("mount: %v", err)
				return
			}
		}
		defer syscall.Unmount(dir, syscall.MNT_DETACH) //nolint:errcheck // it ends with the thread
		refused(t, path, nil, ErrReadOnly)
		refused(t, filepath.Join(dir, "new.session"), nil, ErrReadOnly)
		if err := Rekey(t.Context(), path, nil, NewKey()); err == nil {
			t.Error("written anew")
		}
		// It can be checked all the same.
		if _, err := Check(t.Context(), path, nil, func(f Finding) { t.Error(f) }); err != nil {
			t.Error(err)
		}
	})
}

// The thread gives up its rights, as far as it has any that others have not.
func TestUnreadableFileIsRefused(t *testing.T) {
	path := fullFile(t, nil)
	if err := os.Chmod(path, 0); err != nil {
		t.Fatal(err)
	}
	apart(func() {
		if os.Geteuid() == 0 {
			const nobody = 65534
			for dir := filepath.Dir(path); dir != os.TempDir() && dir != "/"; dir = filepath.Dir(dir) {
				_ = os.Chmod(dir, 0o755) //nolint:gosec // of this test
			}
			if _, _, errno := syscall.RawSyscall(syscall.SYS_SETFSUID, nobody, 0, 0); errno != 0 {
				t.Log(errno)
				return
			}
		}
		refused(t, path, nil, fs.ErrPermission)
		if _, err := Check(t.Context(), path, nil, nil); !errors.Is(err, fs.ErrPermission) {
			t.Errorf("check: %v", err)
		}
	})
}
