//go:build !linux

package main

// Elsewhere there is no way to fill the disk of one process.
func diskMishaps() []mishap { return nil }
