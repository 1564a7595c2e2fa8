package session

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/f48b34c0/seen/session/internal/record"
)

// Behavior C23: 0600 at creation.
func TestFileIsPrivateWhateverTheUmask(t *testing.T) {
	for _, mask := range []int{0, 0o022, 0o777} {
		old := syscall.Umask(mask)
		path := filepath.Join(t.TempDir(), "bot.session")
		dir := filepath.Dir(path)
		if err := os.Chmod(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		f, err := Open(path, nil)
		syscall.Umask(old)
		if err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("umask %o: mode %v, %v", mask, info.Mode(), err)
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("a file that remembers nobody was left behind: %v", err)
		}
	}
}

// Whoever waits for the lock of a file that its owner then removes gets a file of
// its own, and not one that is nowhere.
func TestRemovedFileIsNotTakenOver(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bot.session")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 10 {
				f, err := Open(path, &Options{LockTimeout: 10 * time.Second})
				if err != nil {
					t.Error(err)
					return
				}
				if _, err := os.Stat(path); err != nil {
					t.Errorf("opened a file that is not there: %v", err)
				}
				if err := f.Close(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
}

// Behavior C23: an existing looser file is tightened.
func TestLooseFileIsTightened(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bot.session")
	f, err := Open(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	put(t, f, crowdSighting(1))
	_ = f.Close()
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if f, err = Open(path, nil); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	if info, _ := os.Stat(path); info.Mode().Perm() != 0o600 {
		t.Errorf("mode is %v", info.Mode())
	}
}

// Each refusal leaves what is there as it is; behavior C24 is another bot's file.
func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	bolt := func(name string, fill func(tx *bbolt.Tx) error) string {
		path := filepath.Join(dir, name)
		db, err := bbolt.Open(path, 0o600, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Update(fill); err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		return path
	}
	foreign := bolt("foreign", func(tx *bbolt.Tx) error {
		_, err := tx.CreateBucket([]byte("somebody"))
		return err
	})
	half := bolt("half", func(tx *bbolt.Tx) error {
		_, err := tx.CreateBucket([]byte(bucketMeta))
		return err
	})
	own := filepath.Join(dir, "own")
	f, err := Open(own, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.signedIn(42); err != nil {
		t.Fatal(err)
	}
	_ = f.Close()
	newer := filepath.Join(dir, "newer")
	if f, err = Open(newer, nil); err != nil {
		t.Fatal(err)
	}
	f.meta.edit(func(m *record.Meta) { m.Schema, m.BotId = schema+1, 42 })
	f.putMeta()
	_ = f.Close()
	unsafe := filepath.Join(dir, "unsafe")
	if err := os.Mkdir(unsafe, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(unsafe, 0o777); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, path string
		opts       *Options
		want       error
	}{
		{"text", write("text", []byte("this is a text and no database at all")), nil, ErrNotSession},
		{"short", write("short", []byte("x")), nil, ErrNotSession},
		{"zeros", write("zeros", make([]byte, 1<<16)), nil, ErrNotSession},
		{"a folder", dir, nil, ErrIsFolder},
		{"another program's database", foreign, nil, ErrNotSession},
		{"half a session file", half, nil, ErrNotSession},
		{"no folder", filepath.Join(dir, "none", "bot.session"), nil, ErrNoFolder},
		{"a folder that others may write to", filepath.Join(unsafe, "bot.session"), nil, ErrUnsafeFolder},
		{"another bot's", own, &Options{BotID: 43}, ErrOtherBot},
		{"a newer version's", newer, nil, ErrVersion},
	} {
		t.Run(tt.name, func(t *testing.T) {
			before, _ := os.ReadFile(tt.path)
			f, err := Open(tt.path, tt.opts)
			if err == nil {
				_ = f.Close()
				t.Fatal("opened")
			}
			if tt.want != nil && !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
			if after, _ := os.ReadFile(tt.path); !bytes.Equal(before, after) {
				t.Error("the file changed")
			}
		})
	}
	if left, _ := filepath.Glob(filepath.Join(unsafe, "*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// Behavior C25.
func TestLockedFileIsAnsweredWithItsHolder(t *testing.T) {
	f := mustOpen(t)
	_, err := Open(f.Path(), &Options{LockTimeout: 1})
	var locked *LockedError
	if !errors.As(err, &locked) || !errors.Is(err, ErrLocked) {
		t.Fatalf("got %v", err)
	}
	if _, err := os.Stat("/proc/locks"); err == nil && locked.PID != os.Getpid() {
		t.Errorf("the holder is %d, want %d", locked.PID, os.Getpid())
	}
}

func TestOneFileOneBot(t *testing.T) {
	f := mustOpen(t)
	if err := f.signedIn(42); err != nil {
		t.Fatal(err)
	}
	if err := f.signedIn(43); !errors.Is(err, ErrOtherBot) {
		t.Errorf("another bot signed in: %v", err)
	}
	if f.BotID() != 42 {
		t.Errorf("the file belongs to %d", f.BotID())
	}
}
