package session

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.etcd.io/bbolt"
)

// during is a writer that lets something happen at every write.
type during struct {
	io.Writer
	happens func(n int)
	n       int
}

func (d *during) Write(p []byte) (int, error) {
	d.n++
	d.happens(d.n)
	return d.Writer.Write(p)
}

// The writer commits while the backup is written, and the backup is the book of
// the moment at which it was asked for.
func TestBackupIsTheBookOfTheMomentAndHoldsNobodyUp(t *testing.T) {
	for name, key := range map[string]*Key{"plain": nil, "sealed": NewKey()} {
		t.Run(name, func(t *testing.T) {
			path := fullFile(t, key)
			want := exported(t, path, key)
			f, err := Open(path, &Options{Key: key})
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close() //nolint:errcheck // the test ends
			dir := t.TempDir()
			to := filepath.Join(dir, "copy.session")
			compacted := make(chan error, 1)
			err = WriteFile(to, false, func(w io.Writer) error {
				_, err := f.Backup(t.Context(), &during{Writer: w, happens: func(n int) {
					// Commits, in the middle of the backup.
					put(t, f, person(50000+n), called(person(1000+n), "Renamed meanwhile"))
					if n == 2 {
						// Who wants to rewrite the file waits, and keeps nobody else waiting.
						go func() { compacted <- f.Compact(context.Background()) }()
					}
					if n > 2 {
						if _, err := f.Book().Peer(UserID(1001)); err != nil {
							t.Error(err)
						}
					}
				}})
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			if err := <-compacted; err != nil {
				t.Error(err)
			}
			if info, err := os.Stat(to); err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("mode %v, %v", info.Mode(), err)
			}
			if found := checked(t, to, key); len(found) > 0 {
				t.Errorf("found in the backup: %v", found)
			}
			if diff := cmp.Diff(want, exported(t, to, key)); diff != "" {
				t.Error(diff)
			}
			if p, err := f.Book().Peer(UserID(50003)); err != nil || p.FirstName != "Person 50003" {
				t.Errorf("what came meanwhile is %v, %v", p, err)
			}
		})
	}
}

// What was harvested before the backup was asked for is in it, though it waited to
// be written.
func TestBackupHasWhatWaited(t *testing.T) {
	f := mustOpen(t)
	to := filepath.Join(t.TempDir(), "copy.session")
	for n := range 100 {
		f.add(person(1 + n))
	}
	err := WriteFile(to, false, func(w io.Writer) error {
		_, err := f.Backup(t.Context(), w)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(exported(t, to, nil)); n != 100 {
		t.Errorf("%d are in the backup", n)
	}
}

func TestBackupEndsWithItsContext(t *testing.T) {
	path := fullFile(t, nil)
	f, err := Open(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // the test ends
	ctx, cancel := context.WithCancel(t.Context())
	_, err = f.Backup(ctx, &during{Writer: io.Discard, happens: func(n int) {
		if n == 2 {
			cancel()
		}
	}})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("ended with %v", err)
	}
	// Nothing is pinned, and nobody waits.
	put(t, f, person(1))
	if err := f.Compact(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestWrittenFileIsThereAsAWholeOrNotAtAll(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "copy")
	only := func(want string) {
		t.Helper()
		list, err := os.ReadDir(dir)
		if err != nil || want == "" && len(list) != 0 || want != "" && (len(list) != 1 || list[0].Name() != "copy") {
			t.Errorf("in the folder: %v, %v", list, err)
		}
		if data, _ := os.ReadFile(path); string(data) != want {
			t.Errorf("the file is %q, want %q", data, want)
		}
	}
	writes := func(s string) func(io.Writer) error {
		return func(w io.Writer) error {
			if info, err := os.ReadDir(dir); err == nil {
				for _, e := range info {
					if i, err := e.Info(); err == nil && i.Mode().Perm() != 0o600 {
						t.Errorf("%s has mode %v while it is written", e.Name(), i.Mode())
					}
				}
			}
			_, err := io.WriteString(w, s)
			return err
		}
	}
	failed := errors.New("failed")
	if err := WriteFile(path, false, func(w io.Writer) error { _ = writes("half")(w); return failed }); !errors.Is(err, failed) {
		t.Error(err)
	}
	only("")
	old := syscall.Umask(0o777)
	err := WriteFile(path, false, writes("one"))
	syscall.Umask(old)
	if err != nil {
		t.Error(err)
	}
	only("one")
	if err := WriteFile(path, false, writes("two")); !errors.Is(err, fs.ErrExist) {
		t.Error(err)
	}
	only("one")
	if err := WriteFile(path, true, func(w io.Writer) error { _ = writes("half")(w); return failed }); !errors.Is(err, failed) {
		t.Error(err)
	}
	only("one")
	if err := WriteFile(path, true, writes("two")); err != nil {
		t.Error(err)
	}
	only("two")
	// Somebody else was faster.
	_ = os.Remove(path)
	err = WriteFile(path, false, func(w io.Writer) error { return os.WriteFile(path, []byte("theirs"), 0o600) })
	if !errors.Is(err, fs.ErrExist) {
		t.Error(err)
	}
	only("theirs")
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

// An open file is checked as it is, and goes on meanwhile.
func TestOpenFileIsChecked(t *testing.T) {
	for name, key := range map[string]*Key{"plain": nil, "sealed": NewKey()} {
		t.Run(name, func(t *testing.T) {
			f, err := Open(fullFile(t, key), &Options{Key: key})
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close() //nolint:errcheck // the test ends
			check := func() (found []string) {
				t.Helper()
				done, err := f.Check(t.Context(), func(e Finding) { found = append(found, e.String()) })
				if err != nil {
					t.Fatal(err)
				}
				if done.Peers != f.Book().Counts() {
					t.Errorf("looked at %v, and there are %v", done.Peers, f.Book().Counts())
				}
				if left, _ := filepath.Glob(filepath.Join(filepath.Dir(f.Path()), ".*")); len(left) > 0 {
					t.Errorf("left behind: %v", left)
				}
				return found
			}
			f.add(person(60000)) // not in the file yet
			if found := check(); len(found) > 0 {
				t.Errorf("found %v", found)
			}
			err = f.db.Update(func(tx *bbolt.Tx) error {
				return setRow(bucketPeers, UserID(1500).key(), []byte("\xff"))(tx)
			})
			if err != nil {
				t.Fatal(err)
			}
			if found := check(); len(found) != 1 || found[0] != "peers user 1500: does not decode" {
				t.Errorf("found %v", found)
			}
		})
	}
	if err := roomFor(t.TempDir(), 1<<60); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("there is room for anything: %v", err)
	}
}
