package control

import (
	"net"
	"syscall"
)

// userOf returns the user of the process at the other end, and one that nobody
// is if the kernel does not say: see SO_PEERCRED in unix(7).
func userOf(conn *net.UnixConn) int {
	const nobody = -2
	uid := nobody
	raw, err := conn.SyscallConn()
	if err != nil {
		return uid
	}
	_ = raw.Control(func(fd uintptr) { // then nobody it is
		if cred, err := syscall.GetsockoptUcred(int(fd), syscall.SOL_SOCKET, syscall.SO_PEERCRED); err == nil {
			uid = int(cred.Uid)
		}
	})
	return uid
}
