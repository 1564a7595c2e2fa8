package session

import (
	"fmt"
	"slices"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// Law 3 holds on a disk that fails as well: while a batch is half written, a name
// is answered with whom it belongs to when the whole is, or not for certain.
func TestHalfWrittenNamesAreNotAnsweredWrongly(t *testing.T) {
	names := []string{"x", "y"}
	rapid.Check(t, func(rt *rapid.T) {
		f, err := Open(t.TempDir()+"/bot.session", nil)
		if err != nil {
			rt.Fatal(err)
		}
		defer func() { _ = f.Close() }()
		onWriter(rt, f, func() { f.write.most, f.write.longest = 1, time.Hour }) // goes on when it is told to
		f.db.db.NoSync = true
		at := int64(1000)
		draw := func(most int) (list []change) {
			for range rapid.IntRange(1, most).Draw(rt, "sightings") {
				at += rapid.Int64Range(-8, 20).Draw(rt, "later")
				bears := slices.DeleteFunc(slices.Clone(names), func(n string) bool { return !rapid.Bool().Draw(rt, n) })
				list = append(list, bearer(rapid.Int64Range(1, 3).Draw(rt, "id"), at, bears...))
			}
			return list
		}
		f.add(draw(4)...)
		if err := f.Flush(t.Context()); err != nil {
			rt.Fatal(err)
		}
		var fails atomic.Int64
		fails.Store(rapid.Int64Range(0, 12).Draw(rt, "fails at"))
		f.write.fault = func(n int) error {
			if int64(n) == fails.Load() {
				return syscall.EIO
			}
			return nil
		}
		f.queue.add(draw(4))
		err = f.Flush(t.Context())
		answers := make(map[string]ID)
		for _, n := range names {
			if p, err := f.Book().ByName(n); err == nil {
				answers[n] = p.ID
			}
		}
		for fails.Store(-1); err != nil; {
			err = f.Flush(t.Context())
		}
		for n, id := range answers {
			if p, err := f.Book().ByName(n); err != nil || p.ID != id {
				rt.Error(fmt.Sprintf("%s was answered with %v, and belongs to %v, %v", n, id, p.ID, err))
			}
		}
	})
}
