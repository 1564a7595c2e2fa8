package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"github.com/f48b34c0/seen/session"
)

// Reading is what it takes to read a book.
type Reading struct {
	Size  int64 // bytes of the file
	Pages []Bucket
	Open  float64 // seconds, median
	// Idle is the memory of the process's own before anything was asked, and Listing
	// the most while everybody was listed, which took so many seconds.
	Idle, Listing int64
	Listed        float64
	Lookups       Lookups
	// Cold is the same when nothing of the file is in memory; hashes are left out.
	Cold Lookups
}

// read measures a file with the first so many of the crowd in it.
func read(ctx context.Context, path string, peers int) (*Reading, error) {
	out := &Reading{}
	var err error
	if out.Pages, out.Size, err = survey(path); err != nil { // which brings all of it into memory
		return nil, err
	}
	if out.Open, err = opening(path); err != nil {
		return nil, err
	}
	f, err := session.Open(path, nil)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // it was only read
	if err := out.list(f.Book(), peers); err != nil {
		return nil, err
	}
	if err := out.Lookups.measure(ctx, f.Book(), peers, 500_000); err != nil {
		return nil, err
	}
	if err := f.Close(); err != nil {
		return nil, err
	}
	return out, out.cold(path, peers)
}

// list lists everybody.
func (out *Reading) list(book *session.Book, peers int) error {
	out.Idle = anonymous()
	memory := watchMemory()
	defer memory.stop()
	began, listed := time.Now(), 0
	for _, err := range book.All() {
		if err != nil {
			return err
		}
		listed++
	}
	out.Listed, out.Listing = time.Since(began).Seconds(), memory.most()
	if listed != peers {
		return fmt.Errorf("%d peers are listed of %d", listed, peers)
	}
	return nil
}

// cold looks people up after the system has let go of the file.
func (out *Reading) cold(path string, peers int) error {
	if err := evict(path); err != nil {
		return err
	}
	f, err := session.Open(path, nil)
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // it was only read
	if err := out.Cold.byIDAndName(f.Book(), sample(peers, 300, 7), sample(peers, 300, 8)); err != nil {
		return err
	}
	return warm(path) // for whatever comes next
}

// warm brings a file into the system's cache.
func warm(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, f)
	return errors.Join(err, f.Close())
}

// opening returns the median time of opening the file to read and write.
func opening(path string) (float64, error) {
	var took []float64
	for range 11 {
		began := time.Now()
		f, err := session.Open(path, nil)
		if err != nil {
			return 0, err
		}
		took = append(took, time.Since(began).Seconds())
		if err := f.Close(); err != nil {
			return 0, err
		}
	}
	return median(took), nil
}

func median(list []float64) float64 {
	list = slices.Clone(list)
	slices.Sort(list)
	return list[len(list)/2]
}
