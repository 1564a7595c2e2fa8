package fakedc

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/gotd/td/tgerr"
)

// errSilent is the answer that never comes.
var errSilent = errors.New("no answer")

// fault spoils the next calls of a method.
type fault struct {
	method string
	// count is how many calls are left; negative means all.
	count  int
	code   int
	error  string
	silent bool
	delay  time.Duration
}

type faults struct {
	mu   sync.Mutex
	list []*fault
}

func (f *faults) add(x *fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.list = append(f.list, x)
}

func (f *faults) clear() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.list = nil
}

// next uses up one call of the first fault for method.
func (f *faults) next(method string) (fault, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, x := range f.list {
		if x.method != method {
			continue
		}
		if x.count > 0 {
			x.count--
		}
		if x.count == 0 {
			f.list = slices.Delete(f.list, i, i+1)
		}
		return *x, true
	}
	return fault{}, false
}

func (f *faults) hit(ctx context.Context, method string) error {
	x, ok := f.next(method)
	if !ok {
		return nil
	}
	if x.delay > 0 {
		t := time.NewTimer(x.delay)
		defer t.Stop()
		select {
		case <-t.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	switch {
	case x.silent:
		return errSilent
	case x.error != "":
		return tgerr.New(x.code, x.error)
	}
	return nil
}
