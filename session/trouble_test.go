package session

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gotd/td/telegram/updates"
	"github.com/gotd/td/tg"
	"go.etcd.io/bbolt"
	"pgregory.net/rapid"
)

// troubles are what a file has told its owner.
type troubles struct {
	mu   sync.Mutex
	told []error
}

func (t *troubles) hear(err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.told = append(t.told, err)
}

func (t *troubles) list() []error {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.told
}

func TestFullDiskIsToldOnceAndGoneOnWith(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var heard troubles
		f, err := Open(t.TempDir()+"/bot.session", &Options{OnTrouble: heard.hear})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = f.Close() }()
		put(t, f, crowdSighting(1))
		if err := f.state.SetState(t.Context(), 1, updates.State{Pts: 1}); err != nil {
			t.Fatal(err)
		}
		if err := f.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		var full atomic.Bool
		full.Store(true)
		f.write.fault = func(int) error {
			if full.Load() {
				return syscall.ENOSPC
			}
			return nil
		}
		began := time.Now()
		for n := 2; n <= 10; n++ {
			f.add(crowdSighting(n))
			if err := f.state.SetPts(t.Context(), 1, n); err != nil {
				t.Fatal(err)
			}
			if err := f.Flush(t.Context()); !errors.Is(err, ErrUnwritten) || !errors.Is(err, syscall.ENOSPC) {
				t.Fatalf("flush on a full disk: %v", err)
			}
		}
		if _, err := f.Book().Peer(UserID(10)); err != nil {
			t.Errorf("what could not be written is not to be seen: %v", err)
		}
		if now, ok := f.Trouble(); !ok || !errors.Is(now.Err, ErrUnwritten) || now.Waiting != 9 || now.Since.Sub(began) > time.Second {
			t.Errorf("trouble is %+v, %v", now, ok)
		}
		if st, _, _ := f.UpdateState(); st.Pts != 1 {
			t.Errorf("pts %d is in the file, and its peers are not", st.Pts)
		}
		full.Store(false)
		time.Sleep(maxPause)
		synctest.Wait()
		if _, ok := f.Trouble(); ok {
			t.Error("the disk is well, and the trouble goes on")
		}
		if st, _, _ := f.UpdateState(); st.Pts != 10 || f.Book().Counts().Users != 10 {
			t.Errorf("after the trouble: pts %d, %+v", st.Pts, f.Book().Counts())
		}
		if told := heard.list(); len(told) != 2 || !errors.Is(told[0], syscall.ENOSPC) || told[1] != nil {
			t.Errorf("told: %v", told)
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
}

// What waits is bounded by what it takes, whatever it is.
func TestEverythingThatWaitsTakesMemory(t *testing.T) {
	var q queue
	for _, c := range []change{crowdSighting(1), &event{user: 1}, changeFunc(func(*batch) error { return nil })} {
		before := q.bytes()
		if after := q.add([]change{c}); after < before+changeSize {
			t.Errorf("%T takes %d bytes", c, after-before)
		}
	}
}

func TestUnwritableFileFailsForGood(t *testing.T) {
	for _, tt := range []struct {
		name string
		opts Options
		add  int // people a second
		well time.Duration
		gone time.Duration
	}{
		{"after its patience", Options{Patience: time.Minute}, 1, 50 * time.Second, 70 * time.Second},
		{"when memory is full", Options{Patience: time.Hour, MaxWaiting: 100 * changeSize}, 3, 20 * time.Second, 40 * time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f, err := Open(t.TempDir()+"/bot.session", &tt.opts)
				if err != nil {
					t.Fatal(err)
				}
				f.write.fault = func(int) error { return syscall.EIO }
				n := 0
				after := func(d time.Duration) {
					for ; time.Duration(n)*time.Second < d; n++ {
						for i := range tt.add {
							f.add(crowdSighting(1 + n*tt.add + i))
						}
						time.Sleep(time.Second)
					}
					synctest.Wait()
				}
				after(tt.well)
				if err := f.Err(); err != nil {
					t.Errorf("after %s: %v", tt.well, err)
				}
				after(tt.gone)
				select {
				case <-f.Failed():
				default:
					t.Fatalf("it goes on after %s", tt.gone)
				}
				if err := f.Err(); !errors.Is(err, ErrUnwritten) || !errors.Is(err, syscall.EIO) {
					t.Errorf("reason: %v", err)
				}
				if err := f.Flush(t.Context()); !errors.Is(err, ErrUnwritten) {
					t.Errorf("flush: %v", err)
				}
				if err := f.Close(); !errors.Is(err, ErrUnwritten) {
					t.Errorf("close: %v", err)
				}
			})
		})
	}
}

// A write that never returns cannot be taken back, but it holds up nobody.
func TestDiskThatHangsDoesNotHangTheStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, err := Open(t.TempDir()+"/bot.session", nil)
		if err != nil {
			t.Fatal(err)
		}
		hung := make(chan struct{})
		f.write.fault = func(int) error {
			<-hung
			return nil
		}
		f.add(crowdSighting(1))
		flushed := make(chan error)
		go func() { flushed <- f.Flush(t.Context()) }()
		synctest.Wait()
		began := time.Now()
		if err := f.Close(); !errors.Is(err, ErrUnwritten) || time.Since(began) != stopWait {
			t.Errorf("closed after %s: %v", time.Since(began), err)
		}
		close(hung) // the end of the process would do that
		if err := <-flushed; err != nil {
			t.Error(err)
		}
		<-f.write.ended
		if err := f.db.Close(); err != nil {
			t.Error(err)
		}
	})
}

// What a damaged record says cannot be read, and must not stop what can.
func TestDamagedRecordDoesNotStopTheWriter(t *testing.T) {
	f := mustOpen(t)
	err := f.db.Update(func(tx *bbolt.Tx) error {
		return tx.Bucket([]byte(bucketDialogs)).Put(u64(1001), []byte("\xff\xff\xff"))
	})
	if err != nil {
		t.Fatal(err)
	}
	f.Outbox().Greet(Greeting{User: 1001, Message: 5, At: time.Unix(1000, 0), Text: "Hello"})
	put(t, f, crowdSighting(1))
	if n, err := f.Outbox().Len(); n != 1 || err != nil {
		t.Errorf("%d are owed, %v", n, err)
	}
}

// contents are all that a file holds, as text.
func contents(t fataler, f *File) string {
	t.Helper()
	var out bytes.Buffer
	err := f.db.View(func(tx *bbolt.Tx) error {
		for err := range tx.Check() {
			return err
		}
		for _, name := range buckets() {
			if name == bucketMeta { // made by chance
				continue
			}
			err := tx.Bucket([]byte(name)).ForEach(func(k, v []byte) error {
				fmt.Fprintf(&out, "%s %x %x\n", name, k, v)
				return nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatalf("%v", err)
	}
	fmt.Fprint(&out, f.Book().Counts())
	return out.String()
}

type fataler interface {
	Helper()
	Fatalf(string, ...any)
}

// Whatever transactions fail, and however often, the file comes to hold what it
// would without that: history and moved names too, which say what was before.
func TestFailedWritesLeaveNoTrace(t *testing.T) {
	rapid.Check(t, failWrites)
}

func failWrites(t *rapid.T) {
	dir, err := os.MkdirTemp("", "seen")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	open := func(name string) *File {
		f, err := Open(filepath.Join(dir, name), nil)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = f.Close() })
		if err := f.signedIn(42); err != nil {
			t.Fatal(err)
		}
		onWriter(t, f, func() { f.write.most, f.write.longest = 7, time.Microsecond })
		f.db.db.NoSync = true // it is not the disk that is tested
		return f
	}
	well, ill := open("well"), open("ill")
	for step := range rapid.IntRange(1, 5).Draw(t, "steps") {
		var changes []change
		first := rapid.IntRange(0, 3).Draw(t, "first")
		for i := range rapid.IntRange(1, 20).Draw(t, "people") {
			u := &tg.User{ID: int64(first + i + 1), FirstName: fmt.Sprint("Person ", step%2)}
			u.SetUsername(fmt.Sprintf("name_%d", i))
			s := sightUser(u)
			s.at = int64(1000 * (step + 1))
			changes = append(changes, s)
		}
		// What the attempts fail at: a transaction, or, from 10 on, the very last
		// sync of the commit before it.
		faults := rapid.SliceOfN(rapid.IntRange(0, 15), 0, 6).Draw(t, "faults")
		failed := 0
		fail := func(at int) error {
			if failed < len(faults) && faults[failed] == at {
				failed++
				return syscall.EIO
			}
			return nil
		}
		last := 0
		ill.write.fault = func(n int) error {
			last = n
			return fail(n)
		}
		ill.db.after = func() error { return fail(10 + last) }
		for _, f := range []*File{well, ill} {
			f.queue.add(clone(changes))
			if err := f.state.SetState(t.Context(), 1, updates.State{Pts: step + 1}); err != nil {
				t.Fatal(err)
			}
			for tries := 0; f.Flush(t.Context()) != nil; tries++ {
				if tries > len(faults) {
					t.Fatalf("%d faults, and attempt %d fails", len(faults), tries)
				}
			}
		}
	}
	if got, want := contents(t, ill), contents(t, well); got != want {
		t.Fatalf("after faults the file holds\n%s\nand without them\n%s", got, want)
	}
}

// onWriter lets something happen on the writer's goroutine: it may look at what tests
// change about it at any time.
func onWriter(t fataler, f *File, do func()) {
	t.Helper()
	f.add(changeFunc(func(*batch) error {
		do()
		return nil
	}))
	if err := f.Flush(context.Background()); err != nil {
		t.Fatalf("%v", err)
	}
}

// clone copies sightings, which the queue links to each other.
func clone(changes []change) []change {
	out := make([]change, len(changes))
	for i, c := range changes {
		s := *c.(*sighting)
		out[i] = &s
	}
	return out
}
