package main

import (
	"os"
	"path/filepath"
	"runtime/pprof"
)

// profile begins a profile of a measurement, if one was asked for. What it returns
// ends it.
func profile(args []string) (end func(), err error) {
	dir := os.Getenv("SCALE_PROFILE")
	if dir == "" {
		return func() {}, nil
	}
	f, err := os.Create(filepath.Join(dir, args[0]+"-"+args[len(args)-1]+".prof"))
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return nil, err
	}
	return func() {
		pprof.StopCPUProfile()
		_ = f.Close()
	}, nil
}
