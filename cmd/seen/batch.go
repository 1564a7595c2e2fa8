package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/internal/bot"
)

// batched is the answer to one call of a batch, or why there is none.
type batched struct {
	// Index counts the calls from 0, in the order of the input.
	Index  int             `json:"index"`
	Result json.RawMessage `json:"result,omitempty"`
	Hex    string          `json:"hex,omitempty"`
	Note   string          `json:"note,omitempty"`
	Error  *answer.Error   `json:"error,omitempty"`
}

// callBatch makes the calls that stdin has, several at once, and prints each
// answer when it comes. A call that is refused ends no other.
func (c *cli) callBatch(ctx context.Context, d *door, common answer.CallRequest, inFlight int) error {
	var (
		mu  sync.Mutex // of the output and the tally
		all tally
	)
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(inFlight)
	index := 0
	err := eachObject(interruptible(ctx, c.in), "call", func(raw []byte) error {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		line := batched{Index: index}
		index++
		req, bad := callOf(common, raw)
		g.Go(func() error {
			var got answer.Called
			err := bad
			if err == nil {
				got, err = d.Call(ctx, req)
			}
			if err != nil && (fatal(err) || ctx.Err() != nil) {
				return err
			}
			line.Result, line.Hex, line.Note = got.Result, got.Hex, got.Note
			if err != nil {
				line.Error = answer.From(err)
			}
			mu.Lock()
			defer mu.Unlock()
			all.add(err)
			return c.out.always(line)
		})
		return nil
	})
	// What ended a call ends the reading, and is the reason for that.
	if failed := g.Wait(); failed != nil {
		return failed
	}
	return errors.Join(err, all.err())
}

// batchLine is what a line looks like that names its method.
const batchLine = `write {"method": "users.getUsers", "params": {"id": ["@ann"]}}, or the method as an argument`

// callOf reads a line of a batch: a method with its fields, or the fields alone
// where the method is known.
func callOf(common answer.CallRequest, raw []byte) (answer.CallRequest, error) {
	req := common
	if err := bot.CheckParams(req.Method, raw); err != nil {
		if req.Method == "" {
			err = answer.From(err).WithHint(batchLine)
		}
		return req, err
	}
	if req.Method != "" {
		req.Params = raw
		return req, nil
	}
	var line map[string]json.RawMessage
	if json.Unmarshal(raw, &line) != nil || line == nil {
		return req, answer.Errorf(answer.Usage, "the line is no object").WithHint(batchLine)
	}
	for name, value := range line {
		switch name {
		case "method":
			if json.Unmarshal(value, &req.Method) != nil {
				return req, answer.Errorf(answer.Usage, "the method is no name in quotes").WithHint(batchLine)
			}
		case "params":
			req.Params = value
		default:
			return req, answer.Errorf(answer.Usage, "there is no %q in a line, but method and params", name).WithHint(batchLine)
		}
	}
	if req.Method == "" {
		return req, answer.Errorf(answer.Usage, "the line names no method").WithHint(batchLine)
	}
	return req, nil
}

// eachObject calls f with every line that is not empty; what says what a line is. The
// line is f's.
func eachObject(r io.Reader, what string, f func([]byte) error) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxCall+1024)
	for lines.Scan() {
		line := bytes.TrimSpace(lines.Bytes())
		if len(line) == 0 {
			continue
		}
		if err := f(bytes.Clone(line)); err != nil {
			return err
		}
	}
	err := lines.Err()
	switch {
	case errors.Is(err, bufio.ErrTooLong):
		return answer.Errorf(answer.Usage, "a line is longer than a %s can be", what)
	case err != nil:
		return unread(err)
	}
	return nil
}
