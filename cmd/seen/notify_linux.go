package main

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// monotonic tells a service manager that reloads by signal (Type=notify-reload)
// that this reload came after its signal.
func monotonic() string {
	var now unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &now); err != nil {
		return ""
	}
	return fmt.Sprintf("\nMONOTONIC_USEC=%d", now.Nano()/1000)
}
