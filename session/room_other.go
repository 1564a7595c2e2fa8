//go:build !(darwin || freebsd || linux)

package session

// roomFor does not know how much is free here.
func roomFor(string, int64) error { return nil }
