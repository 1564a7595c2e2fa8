package main

import (
	"io"
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/term"
)

// hangup is SIGHUP, which asks a daemon to reload. It also comes when the
// terminal goes that the daemon was started on; then it is time to go.
type hangup struct {
	signals  chan os.Signal
	terminal func() bool // whether stdin is one, still
	attached bool        // whether it was at the start
}

func hangups(in io.Reader) hangup {
	terminal := func() bool {
		file, ok := in.(*os.File)
		return ok && term.IsTerminal(int(file.Fd()))
	}
	return hangup{signals: make(chan os.Signal, 1), terminal: terminal, attached: terminal()}
}

func (h hangup) start() { signal.Notify(h.signals, syscall.SIGHUP) }
func (h hangup) end()   { signal.Stop(h.signals) }

// final reports whether the terminal has gone.
func (h hangup) final() bool { return h.attached && !h.terminal() }
