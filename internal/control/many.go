package control

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"net/http"
	"sync"
	"time"

	"github.com/f48b34c0/seen/internal/answer"
)

// duplex makes a route of a method that reads one request per line while it writes
// one answer per line, as many as there are and each as soon as it is decided. Both
// sides may wait for the other's next line.
//
// As with an import, the bot is waited for before the first byte is read.
func duplex[Q any, A liner, R ~func(context.Context) iter.Seq2[Q, error]](s *server, ask func(context.Context, R) iter.Seq2[A, error], gives object) route {
	handle := func(w http.ResponseWriter, r *http.Request) {
		if err := s.wait(r.Context()); err != nil {
			writeError(w, err)
			return
		}
		c := http.NewResponseController(w)
		_ = c.EnableFullDuplex() // what HTTP/1 over a socket can do
		out := newSpool()
		var copying sync.WaitGroup
		started := false
		start := func() {
			if !started {
				started = true
				w.Header().Set("Content-Type", manyLines)
				copying.Go(func() { copyOut(w, c, out) })
			}
		}
		defer copying.Wait()
		defer out.end()

		enc := json.NewEncoder(out)
		enc.SetEscapeHTML(false)
		reqs := func(ctx context.Context) iter.Seq2[Q, error] {
			return func(yield func(Q, error) bool) {
				// A context does not end a read by itself.
				defer context.AfterFunc(ctx, func() { _ = c.SetReadDeadline(time.Now()) })()
				requested[Q](r.Body)(yield)
			}
		}
		for got, err := range ask(r.Context(), reqs) {
			if err != nil && !started {
				writeError(w, err)
				return
			}
			start()
			if err != nil {
				_ = enc.Encode(failure{Error: answer.From(err)}) // whoever asked may have gone
				return
			}
			if enc.Encode(got.Line()) != nil {
				return
			}
		}
		start() // no answers are a list, too
	}
	return route{handle, many[Q](), gives}
}

// liner is an answer that stands in a line in one of several forms.
type liner interface{ Line() any }

// copyOut writes what there is, and at once, so that nobody waits for an answer
// that stands in a buffer.
func copyOut(w io.Writer, c *http.ResponseController, out *spool) {
	defer out.Close() //nolint:errcheck // it has none
	buf := make([]byte, spoolSize)
	for {
		n, err := out.Read(buf)
		if err != nil {
			return
		}
		if _, err := w.Write(buf[:n]); err != nil {
			return
		}
		if c.Flush() != nil {
			return
		}
	}
}

// requested are the requests in a body.
func requested[Q any](body io.Reader) iter.Seq2[Q, error] {
	return func(yield func(Q, error) bool) {
		lines := bufio.NewScanner(body)
		lines.Buffer(nil, answer.MaxLine)
		for n := 1; lines.Scan(); n++ {
			var req Q
			if bytes.HasPrefix(lines.Bytes(), []byte(errorLine)) {
				yield(req, reason(answer.Line{Number: n, Text: lines.Bytes()}))
				return
			}
			dec := json.NewDecoder(bytes.NewReader(lines.Bytes()))
			dec.DisallowUnknownFields()
			if err := dec.Decode(&req); err != nil {
				yield(req, answer.Errorf(answer.Usage, "read request: %w", err))
				return
			}
			if !yield(req, nil) {
				return
			}
		}
		if err := lines.Err(); err != nil {
			var none Q
			yield(none, answer.Errorf(answer.Usage, "read request: %w", err))
		}
	}
}

// ResolveMany tells who many references mean. It asks for the references when the
// daemon wants them: see Import.
func (c *Client) ResolveMany(ctx context.Context, refs answer.References) iter.Seq2[answer.Resolved, error] {
	return askMany[answer.ResolveRequest, answer.Resolved](ctx, c, "/v1/resolve/many", refs)
}

// SendMany sends many messages. It asks for them when the daemon wants them: see
// Import.
func (c *Client) SendMany(ctx context.Context, reqs answer.Sendings) iter.Seq2[answer.Delivered, error] {
	return askMany[answer.SendRequest, answer.Delivered](ctx, c, "/v1/send/many", reqs)
}

// askMany asks for one answer per line to one request per line.
func askMany[Q, A any](ctx context.Context, c *Client, path string, reqs func(context.Context) iter.Seq2[Q, error]) iter.Seq2[A, error] {
	return func(yield func(A, error) bool) {
		ctx, leave := context.WithCancel(ctx)
		out := &asking[Q]{spool: newSpool(), ctx: ctx, reqs: reqs}
		defer out.wait()
		defer leave()
		var none A
		req, err := c.request(ctx, "POST", path, out)
		if err != nil {
			yield(none, err)
			return
		}
		req.Header.Set("Content-Type", manyLines)
		req.Header.Set("Expect", "100-continue")
		resp, err := c.send(req)
		if err == nil && resp.StatusCode != http.StatusOK {
			err = failed(resp)
		}
		if err != nil {
			yield(none, err)
			return
		}
		defer resp.Body.Close() //nolint:errcheck // it was only read
		lines := bufio.NewReaderSize(resp.Body, spoolSize)
		for n := 1; ; n++ {
			line, err := lines.ReadBytes('\n')
			var got A
			switch {
			case err == nil && bytes.HasPrefix(line, []byte(errorLine)):
				err = reason(answer.Line{Number: n, Text: line})
			case err == nil:
				err = json.Unmarshal(line, &got)
			case errors.Is(err, io.EOF) && len(line) == 0:
				return
			default:
				err = c.lost(ctx, err)
			}
			if !yield(got, err) || err != nil {
				return
			}
		}
	}
}

// asking is the body of a request for many, each written when it comes. They are asked
// for when the first one is to be sent.
type asking[Q any] struct {
	*spool
	ctx  context.Context
	reqs func(context.Context) iter.Seq2[Q, error]

	once    sync.Once
	started sync.WaitGroup
}

func (a *asking[Q]) Read(p []byte) (int, error) {
	a.once.Do(func() { a.started.Go(a.write) })
	return a.spool.Read(p)
}

func (a *asking[Q]) write() {
	defer a.end()
	enc := json.NewEncoder(a.spool)
	enc.SetEscapeHTML(false)
	for req, err := range a.reqs(a.ctx) {
		var line any = req
		if err != nil {
			line = failure{Error: answer.From(err)}
		}
		if enc.Encode(line) != nil || err != nil {
			return
		}
	}
}

// wait returns when nothing is asked for any more. The context has ended.
func (a *asking[Q]) wait() {
	_ = a.Close()
	a.once.Do(func() {})
	a.started.Wait()
}
