//go:build !linux

package main

// monotonic is for systemd alone.
func monotonic() string { return "" }
