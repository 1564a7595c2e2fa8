package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
)

// Report is all that was measured.
type Report struct {
	Machine Machine
	Stages  []Stage
	// Cold is what it takes to enter some more into the largest book when nothing of
	// it is in the system's cache.
	Cold Ingest
}

// Stage is what was measured when a book had come to a size.
type Stage struct {
	Peers   int
	Ingest  Ingest // from the stage before
	Reading Reading
	Start   Start
}

// sizes are those at which a book that grows to so many is measured.
func sizes(peers int) []int {
	var out []int
	for n := 10_000; n < peers; n *= 10 {
		out = append(out, n)
	}
	return append(out, peers)
}

// runner runs one measurement and fills out with what it prints.
type runner func(ctx context.Context, out any, args ...string) error

// processes runs measurements in processes of their own.
func processes(ctx context.Context, out any, args ...string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, self, args...)
	cmd.Stderr = os.Stderr
	printed, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("%s: %w", args[0], err)
	}
	return json.Unmarshal(printed, out)
}

// measure lets one book grow, and measures it at every size.
func measure(ctx context.Context, peers int, seen string, run runner) (r *Report, err error) {
	dir, err := os.MkdirTemp("", "scale-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	r = &Report{}
	if r.Machine, err = thisMachine(dir, peers); err != nil {
		return nil, err
	}
	path, from := filepath.Join(dir, "bot.session"), 0
	for _, size := range sizes(peers) {
		s := Stage{Peers: size}
		fmt.Fprintf(os.Stderr, "%s peers: entering", grouped(size))
		if err := run(ctx, &s.Ingest, "ingest", path, strconv.Itoa(from), strconv.Itoa(size)); err != nil {
			return nil, err
		}
		fmt.Fprint(os.Stderr, ", reading")
		if err := run(ctx, &s.Reading, "read", path, strconv.Itoa(size)); err != nil {
			return nil, err
		}
		fmt.Fprintln(os.Stderr, ", starting")
		if s.Start, err = starts(ctx, seen, dir, path, size); err != nil {
			return nil, err
		}
		r.Stages = append(r.Stages, s)
		from = size
	}
	const more = 1000
	return r, run(ctx, &r.Cold, "cold", path, strconv.Itoa(from), strconv.Itoa(from+more))
}

func load(path string) (*Report, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	r := &Report{}
	return r, json.Unmarshal(text, r)
}

func (r *Report) save(path string) error {
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(text, '\n'), 0o644)
}
