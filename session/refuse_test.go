package session

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"hash/fnv"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/f48b34c0/seen/session/internal/record"
)

// refused opens a file that must not be opened, nor changed by that.
func refused(t *testing.T, path string, opts *Options, want error) {
	t.Helper()
	before, _ := os.ReadFile(path)
	f, err := Open(path, opts)
	if err == nil {
		_ = f.Close()
		t.Fatal("opened")
	}
	if !errors.Is(err, want) {
		t.Errorf("got %v, want %v", err, want)
	}
	if n := strings.Count(err.Error(), path); n != 1 {
		t.Errorf("the path stands %d times in %v", n, err)
	}
	if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
		t.Error("the file changed")
	}
}

func TestEveryBadFileHasItsOwnRefusal(t *testing.T) {
	sound, err := os.ReadFile(fullFile(t, nil))
	if err != nil {
		t.Fatal(err)
	}
	l := layoutOf(t, bytes.Clone(sound))
	free := l.file.Metas()[0].Free
	last := l.file.Metas()[0].Page
	damage := func(do func(d []byte) []byte) []byte { return do(bytes.Clone(sound)) }
	for _, tt := range []struct {
		name string
		data []byte
		want error
		says string
	}{
		{"empty", nil, ErrEmpty, ""},
		{"cut off in the middle", sound[:len(sound)/2/pageSize*pageSize+100], ErrDamaged, "it was cut off, and lacks"},
		{"cut off after the first page", sound[:pageSize], ErrDamaged, "it was cut off"},
		{"cut off in the first page", sound[:50], ErrNotSession, ""},
		{"no whole meta page", damage(func(d []byte) []byte { d[30]++; d[pageSize+30]++; return d }), ErrDamaged, "neither meta page is whole"},
		{"no list of free pages", damage(func(d []byte) []byte { clear(d[free*pageSize : (free+1)*pageSize]); return d }), ErrDamaged, "should be the list of free pages"},
		{"a root that is none", damage(func(d []byte) []byte {
			root := l.file.Metas()[0].Root
			clear(d[root*pageSize : (root+1)*pageSize])
			return d
		}), ErrDamaged, ""},
		{"a root outside of the file", damage(func(d []byte) []byte {
			return withRoot(t, d, last, 1<<40)
		}), ErrDamaged, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "bot.session")
			if err := os.WriteFile(path, tt.data, 0o600); err != nil {
				t.Fatal(err)
			}
			refused(t, path, nil, tt.want)
			if _, err := Open(path, nil); !strings.Contains(err.Error(), tt.says) {
				t.Errorf("%v does not say %q", err, tt.says)
			}
			// The lock is free again.
			if file, err := os.Open(path); err != nil {
				t.Error(err)
			} else {
				if err := lock(file, true, 0); err != nil {
					t.Errorf("the file is still locked: %v", err)
				}
				_ = file.Close()
			}
		})
	}
}

// A file that is not there is made, unless it was to exist.
func TestMissingFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bot.session")
	refused(t, path, &Options{Existing: true}, fs.ErrNotExist)
	if left, _ := os.ReadDir(filepath.Dir(path)); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// A link is followed, wherever the file is written anew; one that leads nowhere is
// refused, and one into a folder that is not safe.
func TestSymbolicLinks(t *testing.T) {
	path := fullFile(t, nil)
	dir := t.TempDir()
	link := filepath.Join(dir, "link.session")
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	f, err := Open(link, nil)
	if err != nil {
		t.Fatal(err)
	}
	if f.Path() != link {
		t.Errorf("the path is %s", f.Path())
	}
	if err := f.Compact(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path, &Options{LockTimeout: 1}); !errors.Is(err, ErrLocked) {
		t.Errorf("the file behind the link is not locked: %v", err)
	}
	_ = f.Close()
	if err := Rekey(t.Context(), link, nil, NewKey()); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode().Type() != fs.ModeSymlink {
		t.Errorf("the link is gone: %v", err)
	}
	if n := countSecrets(t, path, secrets(t, map[string]Entry{"": {}})); n != 0 {
		t.Errorf("%d secrets are left behind the link", n)
	}

	nowhere := filepath.Join(dir, "nowhere.session")
	if err := os.Symlink(filepath.Join(dir, "not", "there"), nowhere); err != nil {
		t.Fatal(err)
	}
	refused(t, nowhere, nil, ErrDangling)

	open := filepath.Join(dir, "open")
	if err := os.Mkdir(open, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(open, "bot.session"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(open, 0o777); err != nil {
		t.Fatal(err)
	}
	into := filepath.Join(dir, "into.session")
	if err := os.Symlink(filepath.Join(open, "bot.session"), into); err != nil {
		t.Fatal(err)
	}
	refused(t, into, nil, ErrUnsafeFolder)
	in := filepath.Join(open, "in.session")
	if err := os.Symlink(path, in); err != nil {
		t.Fatal(err)
	}
	refused(t, in, nil, ErrUnsafeFolder)
}

// A process that dies while it makes a file leaves none.
func TestNewFileHasItsNameWhenItIsWhole(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "bot.session")
	var wg sync.WaitGroup
	done := make(chan struct{})
	wg.Go(func() {
		for {
			select {
			case <-done:
				return
			default:
			}
			if data, err := os.ReadFile(path); err == nil {
				if file, err := os.Open(path); err == nil {
					if look(file, int64(len(data))) == nil || len(data) == 0 {
						_ = file.Close()
					}
				}
				if len(data) == 0 {
					t.Error("the file is there, and empty")
					return
				}
			}
		}
	})
	for range 20 {
		f, err := Open(path, nil)
		if err != nil {
			t.Fatal(err)
		}
		_ = f.Close()
	}
	close(done)
	wg.Wait()
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// A damaged page that is met while the file is open is an error and ends nothing
// else: not the process, not what does not need that page, not Close.
func TestDamagedPageMetLaterIsAnError(t *testing.T) {
	path := fullFile(t, nil)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	l := layoutOf(t, data)
	page, rows := l.leaf(bucketPeers)
	id, _, _ := strings.Cut(strings.TrimPrefix(rows[0], "peers/"), "/")
	for name, spoil := range map[string]func(d []byte){
		"zeros":               func(d []byte) { clear(d) },
		"an element far away": func(d []byte) { copy(d[16+4:], []byte{0xFF, 0xFF, 0xFF, 0x3F}) },
		"a count too many":    func(d []byte) { d[10], d[11] = 0xFF, 0xFF },
	} {
		t.Run(name, func(t *testing.T) {
			d := bytes.Clone(data)
			spoil(d[page*pageSize : (page+1)*pageSize])
			path := filepath.Join(t.TempDir(), "bot.session")
			if err := os.WriteFile(path, d, 0o600); err != nil {
				t.Fatal(err)
			}
			f, err := Open(path, nil)
			if err != nil {
				t.Fatal(err)
			}
			failed := false
			for _, err := range f.Book().All() {
				if err != nil {
					failed = true
					if !errors.Is(err, ErrDamaged) {
						t.Errorf("the listing ends with %v", err)
					}
				}
			}
			if !failed {
				t.Error("the listing says nothing of it")
			}
			var n int64
			for _, c := range strings.TrimPrefix(id, "user ") {
				n = n*10 + int64(c-'0')
			}
			if p, err := f.Book().Peer(UserID(fullBot)); err != nil || p.FirstName != "Bot" {
				t.Errorf("the bot itself is %v, %v", p, err)
			}
			// The writer meets it too: it stops, and says why.
			f.add(called(person(int(n)), "New"))
			if err := f.Flush(t.Context()); err == nil && name != "an element far away" {
				t.Error("written to a damaged page")
			} else if err != nil && !errors.Is(err, ErrDamaged) {
				t.Errorf("the writer says %v", err)
			}
			closed := make(chan struct{})
			go func() {
				_ = f.Close() // it may fail, and must return
				close(closed)
			}()
			select {
			case <-closed:
			case <-time.After(20 * time.Second):
				t.Fatal("Close waits for ever")
			}
			if f, err := Open(path, nil); err != nil {
				t.Errorf("the lock is not free: %v", err)
			} else {
				_ = f.Close()
			}
		})
	}
}

// A bug of ours is none of the file's.
func TestPanicOfOursIsNoDamage(t *testing.T) {
	f := mustOpen(t)
	for name, bug := range map[string]func(){
		"a panic": func() { panic("a bug") },
		"a nil":   func() { var m *record.Meta; _ = m.Schema },
		"a bound": func() { _ = buckets()[f.Book().Counts().Users+100] },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("taken for damage")
				}
			}()
			_ = f.db.View(func(*bbolt.Tx) error { bug(); return nil })
		})
	}
	// And the file goes on.
	put(t, f, person(1))
	if err := f.Flush(context.Background()); err != nil {
		t.Error(err)
	}
}

// withRoot gives a meta page another root, and the checksum for it.
func withRoot(t *testing.T, d []byte, meta int, root uint64) []byte {
	t.Helper()
	b := d[meta*pageSize+16:]
	binary.NativeEndian.PutUint64(b[16:], root)
	sum := fnv.New64a()
	_, _ = sum.Write(b[:56])
	binary.NativeEndian.PutUint64(b[56:], sum.Sum64())
	return d
}
