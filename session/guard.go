package session

import (
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
)

// errTimeout: somebody else has the lock.
var errTimeout = errors.New("locked")

// guarded runs fn, and turns what a damaged page makes of it into an error. bbolt
// panics on some, and follows others out of the file, which is a fault of memory
// that would end the process. Every other panic goes on.
//
// What fn has read may be anything after that, and a transaction may have been
// left half done: see database.Update.
func guarded(fn func() error) (err error) {
	old := debug.SetPanicOnFault(true) // of this goroutine
	defer func() {
		debug.SetPanicOnFault(old)
		if r := recover(); r != nil {
			if !byDamage(r) {
				panic(r)
			}
			err = damaged("a page makes no sense (%v)", r)
		}
	}()
	return fn()
}

// byDamage reports whether a panic comes from bbolt, or from an address that a
// damaged page has named.
func byDamage(reason any) bool {
	if _, ok := reason.(interface{ Addr() uintptr }); ok {
		return true
	}
	pcs := make([]uintptr, 64)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs)])
	// The frames of the panic itself come first, and what panicked after them.
	for panicking := false; ; {
		f, more := frames.Next()
		switch inRuntime := strings.HasPrefix(f.Function, "runtime."); {
		case f.Function == "runtime.gopanic":
			panicking = true
		case panicking && !inRuntime:
			return strings.HasPrefix(f.Function, "go.etcd.io/bbolt")
		}
		if !more {
			return false
		}
	}
}

func damaged(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrDamaged, fmt.Sprintf(format, args...))
}
