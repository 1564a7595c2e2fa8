//go:build !linux

package session

// holder finds the process that has a lock on the file: nowhere but on Linux.
func holder(string) int { return 0 }
