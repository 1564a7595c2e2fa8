package session

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/gotd/td/telegram/updates"
)

// disk makes the real writes and syncs of an open file fail, by putting another
// file under its descriptor.
type disk struct {
	t      *testing.T
	f      *File
	broken [2]int // one cannot be written, the other not even synced
	saved  int    // what belongs there, while it is broken
}

func newDisk(t *testing.T, f *File) *disk {
	t.Helper()
	d := &disk{t: t, f: f, saved: -1}
	readonly, err := os.Open(f.Path())
	if err != nil {
		t.Fatal(err)
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _, _ = readonly.Close(), r.Close(), w.Close() })
	d.broken = [2]int{int(readonly.Fd()), int(w.Fd())}
	return d
}

// fail breaks the disk, heal mends it. The lock keeps the file from being opened
// anew meanwhile, which would change its descriptor; it does not keep it from
// being written.
func (d *disk) fail(how int) {
	d.f.db.mu.RLock()
	defer d.f.db.mu.RUnlock()
	fd := int(d.f.db.file.Fd())
	var err error
	if d.saved, err = syscall.Dup(fd); err != nil {
		d.t.Fatal(err)
	}
	if err := syscall.Dup3(d.broken[how], fd, syscall.O_CLOEXEC); err != nil {
		d.t.Fatal(err)
	}
}

func (d *disk) heal() {
	if d.saved < 0 {
		return
	}
	d.f.db.mu.RLock()
	defer d.f.db.mu.RUnlock()
	if err := syscall.Dup3(d.saved, int(d.f.db.file.Fd()), syscall.O_CLOEXEC); err != nil {
		d.t.Fatal(err)
	}
	_ = syscall.Close(d.saved)
	d.saved = -1
}

// kill copies the file as it is between two writes, as a process that is killed
// there leaves it, and holds the copy against law 4.
func (d *disk) kill(name string) {
	d.t.Helper()
	d.f.db.mu.Lock()
	data, err := os.ReadFile(d.f.Path())
	d.f.db.mu.Unlock()
	if err != nil {
		d.t.Fatal(err)
	}
	if err := os.WriteFile(name, data, 0o600); err != nil {
		d.t.Fatal(err)
	}
	copied, err := Open(name, nil)
	if err != nil {
		d.t.Fatal(err)
	}
	defer func() { _ = copied.Close() }()
	st, _, err := copied.UpdateState()
	if err != nil {
		d.t.Fatal(err)
	}
	contents(d.t, copied) // which lets bbolt check it
	wantPeople(d.t, copied, st.Pts)
}

func wantPeople(t *testing.T, f *File, last int) {
	t.Helper()
	for n := 1; n <= last; n++ {
		if _, err := f.Book().Peer(UserID(int64(n))); err != nil {
			t.Fatalf("pts %d is in the file, and person %d is not: %v", last, n, err)
		}
	}
}

// The writes of a bot at work fail at random, in the middle of transactions and
// at their ends. Nothing is lost, the update state never stands in the file before
// its peers, and the database stays sound.
func TestRandomWriteErrorsLoseNothing(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	dir := t.TempDir()
	var heard troubles
	f, err := Open(filepath.Join(dir, "bot.session"), &Options{OnTrouble: heard.hear})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	onWriter(t, f, func() { f.write.most, f.write.longest = 50, time.Millisecond })
	if err := f.signedIn(42); err != nil {
		t.Fatal(err)
	}
	if err := f.state.SetState(t.Context(), 1, updates.State{Pts: 1}); err != nil {
		t.Fatal(err)
	}
	d := newDisk(t, f)
	const enough, step = 8, 20
	people, done := 0, make(chan struct{})
	var work sync.WaitGroup
	work.Go(func() {
		for {
			select {
			case <-done:
				return
			case <-time.After(3 * time.Millisecond): // so that it takes many commits
			}
			for range step {
				people++
				f.add(crowdSighting(people))
			}
			if err := f.state.SetPts(t.Context(), 1, people); err != nil {
				t.Error(err)
			}
		}
	})
	for n := 0; len(heard.list()) < 2*enough && n < 5000; n++ {
		time.Sleep(time.Duration(random.IntN(20_000)) * time.Microsecond)
		d.fail(random.IntN(2))
		time.Sleep(time.Duration(random.IntN(5000)) * time.Microsecond)
		d.heal()
		if n%10 == 5 {
			d.kill(filepath.Join(dir, "copy"))
		}
	}
	close(done)
	work.Wait()
	for err := f.Flush(t.Context()); err != nil; err = f.Flush(t.Context()) {
		t.Log("at the end: ", err)
	}
	told := heard.list()
	t.Logf("%d people, in trouble %d times", people, len(told)/2)
	if len(told) < 2*enough || len(told)%2 != 0 {
		t.Errorf("it told of troubles %d times: this test shows nothing", len(told))
	}
	if st, _, _ := f.UpdateState(); st.Pts != people || f.Book().Counts().Users != int64(people) {
		t.Errorf("at the end: pts %d, %+v", st.Pts, f.Book().Counts())
	}
	contents(t, f)
	wantPeople(t, f, people)
	d.kill(filepath.Join(dir, "copy"))
}
