//go:build unix

package control

import "syscall"

// ownerOnly gives the socket its mode before bind makes it a file. Linux takes
// the mode over; where the system does not, Listen sets it right after.
func ownerOnly(_, _ string, conn syscall.RawConn) error {
	return conn.Control(func(fd uintptr) {
		_ = syscall.Fchmod(int(fd), 0o600) // not possible everywhere
	})
}
