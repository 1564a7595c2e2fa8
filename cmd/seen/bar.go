package main

import (
	"fmt"
	"io"
	"sync"
	"time"

	"golang.org/x/term"
)

// bar tells how far a file has come, in one line that is written over. It is for
// people who watch: where there is no terminal it says nothing.
type bar struct {
	w     io.Writer // nil without a terminal
	name  string
	total int64 // 0 if it is not known

	mu   sync.Mutex // who reads a file is not who clears the line
	done int64
	told time.Time
}

func newBar(w io.Writer, name string, total int64) *bar {
	b := &bar{name: plain(name), total: total, told: time.Now()}
	if file, ok := w.(interface{ Fd() uintptr }); ok && term.IsTerminal(int(file.Fd())) {
		b.w = w
	}
	return b
}

// add counts what has come.
func (b *bar) add(n int) {
	if b.w == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.done += int64(n)
	if time.Since(b.told) < often && b.done != b.total {
		return
	}
	b.told = time.Now()
	_, _ = fmt.Fprintf(b.w, "\r%s\x1b[K", b.line()) // it is for show
}

func (b *bar) line() string {
	const width = 30
	if b.total <= 0 {
		return fmt.Sprintf("%s  %s", b.name, megabytes(b.done))
	}
	share := min(float64(b.done)/float64(b.total), 1)
	drawn := make([]byte, width)
	for i := range drawn {
		drawn[i] = '-'
		if float64(i) < share*width {
			drawn[i] = '#'
		}
	}
	return fmt.Sprintf("%s  [%s] %3.0f%%  of %s", b.name, drawn, share*100, megabytes(b.total))
}

// clear takes the line away.
func (b *bar) clear() {
	if b.w == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	_, _ = fmt.Fprint(b.w, "\r\x1b[K")
	b.w = nil
}

func megabytes(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/1e6) }

// counting is a reader that tells a bar.
type counting struct {
	io.Reader
	bar *bar
}

func (c counting) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.bar.add(n)
	return n, err
}
