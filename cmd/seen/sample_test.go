package main

import (
	"fmt"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/f48b34c0/seen/internal/bot"
)

// sample is what the bot takes up at one moment.
type sample struct {
	updates, people, file, heap, rss, goroutines int64
}

func (s sample) String() string {
	return fmt.Sprintf("%8d %7d %11d %9d %12d %9d", s.updates, s.people, s.goroutines, s.heap>>10, s.rss>>10, s.file>>10)
}

func (s *soak) sample(b *bot.Bot) sample {
	s.t.Helper()
	st, err := b.Status(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	var mem runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&mem)
	return sample{
		updates: st.Updates.Envelopes, people: int64(st.Peers.Users), file: st.File.Size,
		heap: int64(mem.HeapAlloc), rss: rssAnon(), goroutines: int64(runtime.NumGoroutine()),
	}
}

// rssAnon is the memory of this process that belongs to no file, where the kernel
// tells it: pages of the session file's map do not count.
func rssAnon() int64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	m := regexp.MustCompile(`RssAnon:\s+(\d+) kB`).FindStringSubmatch(string(status))
	if m == nil {
		return 0
	}
	n, _ := strconv.ParseInt(strings.TrimSpace(m[1]), 10, 64)
	return n << 10
}

// middle is made of the medians.
func middle(list []sample) sample {
	return sample{
		updates:    median(list, func(s sample) int64 { return s.updates }),
		people:     median(list, func(s sample) int64 { return s.people }),
		file:       median(list, func(s sample) int64 { return s.file }),
		heap:       median(list, func(s sample) int64 { return s.heap }),
		rss:        median(list, func(s sample) int64 { return s.rss }),
		goroutines: median(list, func(s sample) int64 { return s.goroutines }),
	}
}

func median(list []sample, of func(sample) int64) int64 {
	var values []int64
	for _, s := range list {
		values = append(values, of(s))
	}
	slices.Sort(values)
	return values[len(values)/2]
}
