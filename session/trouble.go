package session

import (
	"errors"
	"fmt"
	"time"
)

// minPause is the pause after the first failed attempt to write; it doubles with
// every other one, up to maxPause.
const (
	minPause = 100 * time.Millisecond
	maxPause = 5 * time.Second
)

// Trouble is why a session file cannot be written at the moment.
type Trouble struct {
	// Err is the latest reason; it is an ErrUnwritten.
	Err error
	// Since is when the first attempt failed.
	Since time.Time
	// Waiting is how many changes are kept in memory meanwhile.
	Waiting int
}

// Trouble returns what keeps the file from being written, and false if nothing
// does. The updates that wait count as received, but not as handled: what is lost
// with the process comes again in the next run, unless no sequence counts it.
func (f *File) Trouble() (Trouble, bool) {
	f.write.mu.Lock()
	t := f.write.trouble
	f.write.mu.Unlock()
	return Trouble{Err: t.err, Since: t.since, Waiting: f.queue.len()}, t.err != nil
}

// trouble is a row of failed attempts to write.
type trouble struct {
	err   error
	since time.Time
	// pause is the one before the next attempt; 0 if there is no trouble. Only the
	// writer's goroutine changes a trouble, so it may read it without the lock.
	pause time.Duration
}

// report takes note of what an attempt came to, and returns what those who wait
// for it are told. Whoever wants to know is told of the first failure, and of the
// success after the last.
func (w *writer) report(err error) error {
	was := w.trouble
	if err == nil {
		if was.err != nil {
			w.setTrouble(trouble{})
			w.opts.OnTrouble(nil)
		}
		return nil
	}
	lost := errors.Is(err, errLost)
	err = fmt.Errorf("%w: %w", ErrUnwritten, err)
	now := trouble{err: err, since: was.since, pause: min(2*was.pause, w.longest)}
	if was.err == nil {
		now.since, now.pause = time.Now(), min(minPause, w.longest)
	}
	w.setTrouble(now)
	if was.err == nil {
		w.opts.OnTrouble(err)
	}
	switch tried := time.Since(now.since); {
	case lost:
		return w.giveUp(err)
	case tried >= w.opts.Patience:
		return w.giveUp(fmt.Errorf("%w (tried for %s)", err, tried.Round(time.Second)))
	case w.file.queue.bytes() >= w.opts.MaxWaiting:
		return w.giveUp(fmt.Errorf("%w (%d changes wait, which is all that memory is for)", err, w.file.queue.len()))
	}
	return err
}

func (w *writer) setTrouble(t trouble) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.trouble = t
}

// giveUp ends all attempts.
func (w *writer) giveUp(err error) error {
	w.mu.Lock()
	w.broken = err
	w.mu.Unlock()
	close(w.failed)
	return err
}

// holds reports whether everybody whom sightings show is in the file already. If
// that cannot be written, what is new about them waits in memory.
func (f *File) holds(sightings []change) bool {
	held := true
	err := f.view(func(b *batch) error {
		for _, c := range sightings {
			if s, ok := c.(*sighting); ok {
				held = held && b.peer(s.id).known
			}
		}
		return nil
	})
	return err == nil && held
}

// crowded reports whether as much waits to be written as memory is for.
func (f *File) crowded() bool { return f.queue.bytes() >= f.write.opts.MaxWaiting }
