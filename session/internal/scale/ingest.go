package main

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/gotd/td/telegram"

	"github.com/f48b34c0/seen/session"
)

// chunk is how many people are pushed before the next flush is asked for, and
// ahead how many flushes may be awaited: a writer that has fallen behind takes all
// that waits at once.
const (
	chunk = 10_000
	ahead = 2
)

// gcPercent is that of seen run.
const gcPercent = 50

// Point is how far an ingest has come.
type Point struct {
	Peers   int
	Seconds float64 // of the clock, since its beginning
	CPU     float64 // seconds of processor time, all in all
}

// Ingest is what it took to bring the crowd into the book.
type Ingest struct {
	From   int // how many were there before
	Points []Point
	// Most is the most memory of the process's own while it went on, with what the
	// crowd itself takes, and Idle is that after it has ended and the collector has
	// run twice, as it does within minutes. In bytes.
	Most, Idle int64
	// Commits were made, of that many rows in all.
	Commits, Rows int64
}

// ingest pushes a part of the crowd as a server would, through what Wire puts into
// a client's options, until it is on the disk.
func ingest(ctx context.Context, path string, from, to int) (*Ingest, error) {
	f, err := session.Open(path, nil)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	before := total(f)
	debug.SetGCPercent(gcPercent)
	memory := watchMemory()
	defer memory.stop()

	out := &Ingest{From: from}
	began, used := time.Now(), processorTime()
	flushes := make(chan flushing, ahead)
	done := make(chan error, 1)
	go func() { // ends when flushes is closed
		var failed error
		for w := range flushes {
			if err := <-w.done; err != nil && failed == nil {
				failed = err
			}
			out.reached(Point{w.upTo, time.Since(began).Seconds(), processorTime() - used})
		}
		done <- failed
	}()
	for n := from; n < to && err == nil; n += chunk {
		upTo := min(n+chunk, to)
		var opts telegram.Options
		f.Wire(&opts) // another client each time: nobody follows here, so what is pushed stays in its row
		for u := range envelopes(n, upTo) {
			if err = opts.UpdateHandler.Handle(ctx, u); err != nil {
				break
			}
		}
		w := flushing{upTo: upTo, done: make(chan error, 1)}
		go func() { w.done <- f.Flush(ctx) }() // received before ingest returns
		flushes <- w
	}
	close(flushes)
	if e := <-done; err == nil {
		err = e
	}
	if err != nil {
		return nil, err
	}
	if there := total(f); there != before+to-from {
		return nil, fmt.Errorf("the book holds %d peers, after %d and %d more", there, before, to-from)
	}
	out.Most = memory.most()
	w := f.Writes()
	out.Commits, out.Rows = w.Commits, w.Rows
	debug.FreeOSMemory()
	debug.FreeOSMemory() // pools are emptied by the second collection
	out.Idle = anonymous()
	return out, f.Close()
}

func total(f *session.File) int {
	c := f.Book().Counts()
	return int(c.Users + c.Chats + c.Channels)
}

// reached notes how far it has come. Several flushes may end with the same commit.
func (out *Ingest) reached(p Point) {
	if n := len(out.Points); n > 0 && p.Seconds-out.Points[n-1].Seconds < 0.002 {
		out.Points = out.Points[:n-1]
	}
	out.Points = append(out.Points, p)
}

type flushing struct {
	upTo int
	done chan error
}
