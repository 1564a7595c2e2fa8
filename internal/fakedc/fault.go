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
	// method is "*" for any.
	method string
	// count is how many calls are left; negative means all.
	count  int
	code   int
	error  string
	silent bool
	delay  time.Duration
	ending ending
	// malice makes what comes with the answer; nil for nothing.
	malice func() malice
}

// ending is what becomes of the answer to a call that was carried out.
type ending byte

const (
	answered ending = iota
	// cutOff answers break off in the middle, with the connection.
	cutOff
	// lost answers never come.
	lost
)

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
		if x.method != method && x.method != "*" {
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

// hit carries a fault out as far as it comes before the call. What becomes of the
// answer is in the fault that it returns.
func (f *faults) hit(ctx context.Context, key *authKey, method string) (fault, error) {
	x, ok := f.next(method)
	if !ok {
		return x, nil
	}
	if err := sleep(ctx, x.delay); err != nil {
		return x, err
	}
	switch {
	case x.silent:
		return x, errSilent
	case x.error != "":
		if endsSignIn(x.error) {
			key.signIn(nil)
		}
		return x, tgerr.New(x.code, x.error)
	}
	return x, nil
}
