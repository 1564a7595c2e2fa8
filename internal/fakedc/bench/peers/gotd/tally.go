package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"sync/atomic"
	"syscall"

	"github.com/gotd/td/tg"
)

// tally counts the messages that were handled, each once however often it comes.
type tally struct {
	place place
	name  string
	// heard has a bit for every id of a message.
	heard []atomic.Uint64
	count atomic.Int64
	full  chan struct{} // has a token for every pass that is complete
}

const (
	// passes is how often the same people come at most.
	passes = 2
	// slack is for ids of messages that nobody of them has written.
	slack = 1024
)

func newTally(p place, name string) *tally {
	return &tally{
		place: p, name: name,
		heard: make([]atomic.Uint64, (passes*p.users+slack)/64+1),
		full:  make(chan struct{}, passes),
	}
}

func (t *tally) handle(_ context.Context, u tg.UpdatesClass) error {
	all, ok := u.(*tg.Updates)
	if !ok {
		return nil
	}
	for _, one := range all.Updates {
		if u, ok := one.(*tg.UpdateNewMessage); ok {
			t.hear(u.Message.GetID())
		}
	}
	return nil
}

func (t *tally) hear(id int) {
	if id < 0 || id/64 >= len(t.heard) {
		return
	}
	bit := uint64(1) << (id % 64)
	if t.heard[id/64].Or(bit)&bit != 0 {
		return
	}
	if n := t.count.Add(1); n%int64(t.place.users) == 0 && n <= int64(passes*t.place.users) {
		t.full <- struct{}{}
	}
}

// passes says when updates flow, and after each pass when everything is stored.
func (t *tally) passes(ctx context.Context, flush func(context.Context) error) error {
	for pass := 1; pass <= passes; pass++ {
		profiled, err := t.profile(pass)
		if err != nil {
			return err
		}
		if pass == 1 {
			if err := say(map[string]any{"ready": true, "cpu": cpu()}); err != nil {
				return err
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-t.full:
		}
		if flush != nil {
			if err := flush(ctx); err != nil {
				return err
			}
		}
		used := cpu()
		if err := profiled(); err != nil {
			return err
		}
		if err := say(map[string]any{"stored": t.place.users, "cpu": used}); err != nil {
			return err
		}
	}
	<-ctx.Done() // until it is killed
	return ctx.Err()
}

// cpu is what this process has taken of the processors, in seconds.
func cpu() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}

func say(line map[string]any) error {
	b, err := json.Marshal(line)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(os.Stdout, "%s\n", b)
	return err
}
