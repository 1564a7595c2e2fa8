package main

import (
	"context"
	"path/filepath"
)

// interop is where the programs of the other libraries are.
func interop(library string) string { return filepath.Join(home(), "..", "..", "interop", library) }

func gogram(ctx context.Context, bin string) (program, error) {
	exe, err := build(ctx, interop("gogram"), filepath.Join(bin, "gogram"))
	if err != nil {
		return program{}, err
	}
	version, err := moduleVersion(ctx, exe, "github.com/amarnathcjd/gogram")
	return program{args: []string{exe}, version: "gogram " + version}, err
}
