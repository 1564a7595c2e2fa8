//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// whileRead returns a context that ends when nobody reads any more what is written
// to w, for verbs that may have nothing to write for long: writing is the only other
// way to find out. From then on such a write fails, and does not end the process.
// The caller has to leave.
func whileRead(ctx context.Context, w io.Writer) (_ context.Context, leave func()) {
	pipes := make(chan os.Signal, 1)
	signal.Notify(pipes, syscall.SIGPIPE)
	ctx, cancel := context.WithCancelCause(ctx)
	looked := make(chan struct{})
	go func() {
		defer close(looked)
		for ctx.Err() == nil {
			if abandoned(w) {
				cancel(io.ErrClosedPipe)
			}
			select {
			case <-ctx.Done():
			case <-time.After(100 * time.Millisecond):
			}
		}
	}()
	return ctx, func() {
		cancel(nil)
		<-looked
		signal.Stop(pipes)
	}
}

// abandoned reports whether w is a pipe or a socket that nobody reads.
func abandoned(w io.Writer) bool {
	file, ok := w.(syscall.Conn)
	if !ok {
		return false
	}
	raw, err := file.SyscallConn()
	if err != nil {
		return false
	}
	gone := false
	err = raw.Control(func(fd uintptr) {
		fds := []unix.PollFd{{Fd: int32(fd)}}
		n, err := unix.Poll(fds, 0)
		gone = err == nil && n > 0 && fds[0].Revents&(unix.POLLERR|unix.POLLHUP) != 0
	})
	return err == nil && gone
}
