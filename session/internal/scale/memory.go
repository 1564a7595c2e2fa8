package main

import (
	"os"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// anonymous returns the memory of the process's own in bytes, RssAnon in Linux's
// words: what it has made, without the pages of the file that are mapped into it.
func anonymous() int64 {
	status, _ := os.ReadFile("/proc/self/status") // 0 elsewhere
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "RssAnon:"); ok {
			kb, _ := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			return kb << 10
		}
	}
	return 0
}

// watch keeps the most memory that the process had.
type watch struct {
	quit, ended chan struct{}
	once        sync.Once
	peak        int64
}

func watchMemory() *watch {
	w := &watch{quit: make(chan struct{}), ended: make(chan struct{})}
	go func() { // stop waits for it
		defer close(w.ended)
		for {
			w.peak = max(w.peak, anonymous())
			select {
			case <-w.quit:
				return
			case <-time.After(10 * time.Millisecond):
			}
		}
	}()
	return w
}

func (w *watch) stop() {
	w.once.Do(func() { close(w.quit) })
	<-w.ended
}

// most stops the watch and returns what it saw.
func (w *watch) most() int64 {
	w.stop()
	return max(w.peak, anonymous())
}

// processorTime returns the seconds that the processors have worked for the
// process.
func processorTime() float64 {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()).Seconds()
}
