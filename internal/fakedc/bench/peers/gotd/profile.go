package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
)

// profile writes NAME.PASS.cpu.pprof and NAME.PASS.mem.pprof into the folder that
// PEERS_PROFILE names. What it returns ends the pass: the driver kills this process
// as soon as it hears that everything is stored.
func (t *tally) profile(pass int) (end func() error, err error) {
	if t.place.profile == "" {
		return func() error { return nil }, nil
	}
	create := func(what string) (*os.File, error) {
		return os.Create(filepath.Join(t.place.profile, fmt.Sprintf("%s.%d.%s.pprof", t.name, pass, what)))
	}
	spent, err := create("cpu")
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(spent); err != nil {
		return nil, errors.Join(err, spent.Close())
	}
	return func() error {
		pprof.StopCPUProfile()
		held, err := create("mem")
		if err != nil {
			return errors.Join(err, spent.Close())
		}
		runtime.GC() // as of now, and not of the last collection
		return errors.Join(pprof.WriteHeapProfile(held), held.Close(), spent.Close())
	}, nil
}
