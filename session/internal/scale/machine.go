package main

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// Machine is where was measured.
type Machine struct {
	Processor, System, Go string
	Processors            int
	Memory                int64 // bytes
	// Sync is how many seconds the disk takes for 5,000 pages that are scattered over
	// a file of about the size of the book, as those of one commit are: the median.
	Sync float64
	// Load is how many processes others were running when it began.
	Load float64
	Day  string
}

func thisMachine(dir string, peers int) (Machine, error) {
	m := Machine{
		Processor: entry("/proc/cpuinfo", "model name"), Processors: runtime.NumCPU(),
		System: runtime.GOOS + "/" + runtime.GOARCH, Go: runtime.Version(), Day: time.Now().Format(time.DateOnly),
	}
	if release, err := os.ReadFile("/proc/sys/kernel/osrelease"); err == nil {
		m.System += " " + strings.TrimSpace(string(release))
	}
	if load, err := os.ReadFile("/proc/loadavg"); err == nil {
		_, _ = fmt.Sscan(string(load), &m.Load) // 0 elsewhere
	}
	var kb int64
	if _, err := fmt.Sscan(entry("/proc/meminfo", "MemTotal"), &kb); err == nil {
		m.Memory = kb << 10
	}
	var err error
	m.Sync, err = syncing(filepath.Join(dir, "pages"), min(max(peers*250, 16<<20), 2<<30))
	return m, err
}

// entry returns a value from a file of the system's, or "".
func entry(path, name string) string {
	text, _ := os.ReadFile(path)
	for line := range strings.Lines(string(text)) {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

func syncing(path string, size int) (_ float64, err error) {
	const page = 4096
	f, err := os.Create(path)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, f.Close(), os.Remove(path)) }()
	block := make([]byte, 1<<20)
	for range size / len(block) {
		if _, err := f.Write(block); err != nil {
			return 0, err
		}
	}
	if err := f.Sync(); err != nil {
		return 0, err
	}
	var took []float64
	for range 7 {
		for range 5000 {
			if _, err := f.WriteAt(block[:page], int64(rand.IntN(size/page))*page); err != nil {
				return 0, err
			}
		}
		began := time.Now()
		if err := f.Sync(); err != nil {
			return 0, err
		}
		took = append(took, time.Since(began).Seconds())
	}
	return median(took), nil
}
