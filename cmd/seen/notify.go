package main

import (
	"context"
	"net"
	"os"
	"strconv"
	"time"

	"go.uber.org/zap"
)

// notifier tells a service manager how the daemon is, as sd_notify(3) does. The
// zero value tells nobody.
type notifier struct {
	addr string
	// watched is how often the manager wants a sign of life; 0 if it does not.
	watched time.Duration
	log     *zap.Logger
}

// newNotifier reads what systemd has put into the environment.
func newNotifier(env func(string) string, log *zap.Logger) notifier {
	n := notifier{addr: env("NOTIFY_SOCKET"), log: log}
	usec, err := strconv.ParseInt(env("WATCHDOG_USEC"), 10, 64)
	pid := env("WATCHDOG_PID")
	if err == nil && usec > 0 && (pid == "" || pid == strconv.Itoa(os.Getpid())) {
		n.watched = time.Duration(usec) * time.Microsecond
	}
	return n
}

// deaf is how long a manager may leave what it is told lying. A daemon does not
// wait longer: its work goes before telling of it.
const deaf = 500 * time.Millisecond

// tell sends a state. A manager that does not hear it does not hear that it does
// not either: it is logged.
func (n notifier) tell(state string) {
	if n.addr == "" {
		return
	}
	// A name that begins with @ is in the abstract namespace, for Go as well.
	conn, err := net.Dial("unixgram", n.addr)
	if err == nil {
		_ = conn.SetWriteDeadline(time.Now().Add(deaf)) // writing tells
		_, err = conn.Write([]byte(state))
		_ = conn.Close() // a datagram is gone by then
	}
	if err != nil {
		n.log.Warn("the service manager cannot be told", zap.String("state", state), zap.Error(err))
	}
}

func (n notifier) ready(as string) { n.tell("READY=1\nSTATUS=Connected as " + as) }

func (n notifier) stopping() { n.tell("STOPPING=1") }

// reloading comes before a reload, and ready after it.
func (n notifier) reloading() { n.tell("RELOADING=1" + monotonic()) }

// watch gives signs of life until ctx ends, twice as often as they are wanted,
// while the bot is well. One that is not is restarted by the manager.
func (n notifier) watch(ctx context.Context, well func(context.Context) error) {
	if n.addr == "" || n.watched == 0 {
		return
	}
	for every := n.watched / 2; ; {
		check, cancel := context.WithTimeout(ctx, every)
		err := well(check)
		cancel()
		if ctx.Err() != nil {
			return
		}
		if err == nil {
			n.tell("WATCHDOG=1")
		} else {
			n.log.Error("the daemon is not well", zap.Error(err))
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(every):
		}
	}
}
