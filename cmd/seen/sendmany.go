package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"iter"
	"strconv"
	"sync"

	"github.com/f48b34c0/seen/internal/answer"
)

// sendMany sends the messages that stdin has, one per line, and prints each answer in
// its place.
func (c *cli) sendMany(ctx context.Context, d *door, common answer.SendRequest) error {
	m := &mailing{cli: c, shown: c.progress()}
	m.shown.every, m.shown.done = 1, "answered"
	m.room.L = &m.mu
	defer m.shown.clear()
	defer m.end()
	reqs := func(ctx context.Context) iter.Seq2[answer.SendRequest, error] {
		return func(yield func(answer.SendRequest, error) bool) { m.read(ctx, d, common, yield) }
	}
	for got, err := range d.SendMany(ctx, reqs) {
		if err != nil {
			return brokenOff(err)
		}
		if err := m.answered(got); err != nil {
			return err
		}
	}
	return m.finish()
}

// brokenOff is an error that has ended a run, with what to do about that.
func brokenOff(err error) error {
	e := answer.From(err)
	switch e.Code {
	case answer.Failed, answer.Unreachable, answer.Undetermined:
		return e.WithHint("run it again: what has a key is not sent twice")
	default:
		return e
	}
}

// mailing is a stream of messages: what was asked for, and what was answered.
type mailing struct {
	*cli
	shown *progress

	mu          sync.Mutex
	room        sync.Cond // there are fewer wrong lines, or nobody reads on
	asked, done int
	wrong       []wrongLine
	ended       bool
	all         tally
	failed      error // to print
}

// wrongLine is a line that is no message. It is answered when those before it are.
type wrongLine struct {
	after int // so many messages
	line  answer.Delivered
}

// maxWrong is how many of them may wait.
const maxWrong = 256

var errEnough = errors.New("nobody reads on")

func (m *mailing) read(ctx context.Context, d *door, common answer.SendRequest, yield func(answer.SendRequest, error) bool) {
	err := eachObject(interruptible(ctx, m.in), "message", func(raw []byte) error {
		req, err := m.request(ctx, d, common, raw)
		switch {
		case err != nil && (fatal(err) || ctx.Err() != nil):
			return err
		case err != nil:
			return m.refuse(req, err)
		}
		m.mu.Lock()
		m.asked++
		m.mu.Unlock()
		if !yield(req, nil) {
			return errEnough
		}
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) {
		yield(answer.SendRequest{}, err)
	}
}

// request reads a line, and takes the file in it to Telegram.
func (c *cli) request(ctx context.Context, d *door, common answer.SendRequest, raw []byte) (answer.SendRequest, error) {
	req := common
	line := struct {
		*answer.SendRequest
		To    json.RawMessage `json:"to"` // a number as well
		File  string          `json:"file"`
		Photo string          `json:"photo"`
	}{SendRequest: &req}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&line); err != nil {
		return req, answer.Errorf(answer.Usage, "read the message: %w", err).
			WithHint(`write {"to": "@ann", "text": "Hello"}`)
	}
	var id int64
	if json.Unmarshal(line.To, &id) == nil {
		req.To = strconv.FormatInt(id, 10)
	} else {
		_ = json.Unmarshal(line.To, &req.To) // what is neither is nobody
	}
	switch {
	case dec.More():
		return req, answer.Errorf(answer.Usage, "the line is more than one message")
	case req.To == "":
		return req, answer.Errorf(answer.Usage, "the message is to nobody").WithHint(`write {"to": "@ann", "text": "Hello"}`)
	case line.File != "" && line.Photo != "":
		return req, answer.Errorf(answer.Usage, "a message has a file or a photo, and not both")
	}
	return req, c.attach(ctx, d, &req, line.File, line.Photo)
}

// refuse answers a line by itself, when its turn has come.
func (m *mailing) refuse(req answer.SendRequest, err error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	line := answer.Delivered{Input: req.To, Error: answer.From(err)}
	line.Key = req.Key
	m.wrong = append(m.wrong, wrongLine{m.asked, line})
	m.settle()
	for len(m.wrong) >= maxWrong && !m.ended {
		m.room.Wait()
	}
	if m.ended {
		return errEnough
	}
	return nil
}

// answered prints an answer, and the lines that have waited for it.
func (m *mailing) answered(got answer.Delivered) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.print(got)
	m.done++
	m.settle()
	return m.failed
}

// settle answers the wrong lines whose turn has come. The mailing is locked.
func (m *mailing) settle() {
	n := 0
	for ; n < len(m.wrong) && m.wrong[n].after <= m.done; n++ {
		m.print(m.wrong[n].line)
	}
	m.wrong = m.wrong[n:]
	m.room.Broadcast()
}

func (m *mailing) print(got answer.Delivered) {
	m.shown.clear()
	var err error
	switch {
	case m.out.format == asJSON:
		err = m.out.put(got.Line(), nil)
	case got.Error != nil:
		m.complain(got.Input, got.Error)
	default:
		err = m.out.sent(got.Sent)
	}
	if m.failed == nil {
		m.failed = err
	}
	switch {
	case got.Error != nil:
		m.all.add(got.Error)
	case dropped(got.Sent) != nil:
		m.all.add(answer.Errorf(answer.Partial, "a mention was dropped"))
	default:
		m.all.add(nil)
	}
	m.shown.add()
}

// end lets whoever reads on know that nobody listens.
func (m *mailing) end() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.ended = true
	m.room.Broadcast()
}

func (m *mailing) finish() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.settle()
	if m.failed != nil {
		return m.failed
	}
	return m.all.err()
}
