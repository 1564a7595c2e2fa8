// Package build tells which build of the program this is.
package build

import (
	"runtime"
	"runtime/debug"
	"strings"
)

// Version returns the module's version, or the commit that it was built from,
// or "devel": whatever the toolchain stamped into the binary.
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "devel"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return "devel-" + s.Value[:12]
		}
	}
	return "devel"
}

// Go returns the version of the Go toolchain, without its "go" prefix.
func Go() string { return strings.TrimPrefix(runtime.Version(), "go") }
