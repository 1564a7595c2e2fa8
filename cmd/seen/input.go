package main

import (
	"context"
	"errors"
	"io"

	"github.com/f48b34c0/seen/internal/answer"
)

// interruptible returns a reader that ends with ctx. A read from a terminal or a
// pipe cannot be taken back, so it goes on by itself and ends with the process.
func interruptible(ctx context.Context, r io.Reader) io.Reader {
	return &input{ctx: ctx, r: r, parts: make(chan part)}
}

// input is one goroutine that reads, and whoever takes what it has read.
type input struct {
	ctx     context.Context
	r       io.Reader
	parts   chan part
	started bool
	rest    part
}

type part struct {
	text []byte
	err  error
}

// Read returns what comes next, or that ctx has ended.
func (i *input) Read(p []byte) (int, error) {
	if !i.started {
		i.started = true
		go i.read()
	}
	if len(i.rest.text) == 0 {
		if i.rest.err != nil {
			return 0, i.rest.err
		}
		select {
		case i.rest = <-i.parts:
		case <-i.ctx.Done():
			return 0, answer.Errorf(answer.Interrupted, "interrupted: %w", i.ctx.Err())
		}
	}
	n := copy(p, i.rest.text)
	i.rest.text = i.rest.text[n:]
	if len(i.rest.text) == 0 && n == 0 {
		return 0, i.rest.err
	}
	return n, nil
}

func (i *input) read() {
	for {
		buf := make([]byte, 32<<10)
		n, err := i.r.Read(buf)
		select {
		case i.parts <- part{buf[:n], err}:
		case <-i.ctx.Done():
			return
		}
		if err != nil {
			return
		}
	}
}

// unread is the error of a read from stdin, as the program tells it. An interruption
// stays one, whichever part of the program hears of it first.
func unread(err error) error {
	if e, ok := errors.AsType[*answer.Error](err); ok {
		return e
	}
	return answer.Errorf(answer.Failed, "read stdin: %w", err)
}
