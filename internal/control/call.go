package control

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"net"
	"net/http"

	"github.com/f48b34c0/seen/internal/answer"
)

// do asks and returns an answer with the status 200.
func (c *Client) do(ctx context.Context, method, path string, body any) (*http.Response, error) {
	var content io.Reader = http.NoBody
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			return nil, answer.Errorf(answer.Failed, "write request: %w", err)
		}
		content = bytes.NewReader(raw)
	}
	req, err := c.request(ctx, method, path, content)
	if err != nil {
		return nil, err
	}
	resp, err := c.send(req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode == http.StatusOK {
		return resp, nil
	}
	return nil, failed(resp)
}

// failed is the error that an answer is, and closes it.
func failed(resp *http.Response) error {
	defer resp.Body.Close() //nolint:errcheck // it was only read
	var f failure
	if err := json.NewDecoder(resp.Body).Decode(&f); err != nil || f.Error == nil {
		return answer.Errorf(answer.Failed, "the daemon answered %s", resp.Status)
	}
	return f.Error
}

func (c *Client) send(req *http.Request) (*http.Response, error) {
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, c.lost(req.Context(), err)
	}
	return resp, nil
}

// lost says in our words why there is no answer.
func (c *Client) lost(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return answer.Errorf(answer.Interrupted, "%w", ctx.Err())
	}
	if e, ok := errors.AsType[*answer.Error](err); ok {
		return e
	}
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "dial" {
		return answer.Errorf(answer.Failed, "connect to the daemon: %w", err)
	}
	return answer.Errorf(answer.Failed, "the daemon went away before it answered: %w", err).
		WithHint("what was asked may have been done: look before asking again")
}

func ask[A any](ctx context.Context, c *Client, method, path string, body any) (A, error) {
	var got A
	resp, err := c.do(ctx, method, path, body)
	if err != nil {
		return got, err
	}
	defer resp.Body.Close() //nolint:errcheck // it was only read
	if err := json.NewDecoder(resp.Body).Decode(&got); err != nil {
		return got, c.lost(ctx, err)
	}
	return got, nil
}

func list[A any](ctx context.Context, c *Client, path string, body any) iter.Seq2[A, error] {
	return func(yield func(A, error) bool) {
		var none A
		resp, err := c.do(ctx, "POST", path, body)
		if err != nil {
			yield(none, err)
			return
		}
		// Closing it tells the daemon that nobody listens any more.
		defer resp.Body.Close() //nolint:errcheck // it was only read
		dec := json.NewDecoder(resp.Body)
		for begun := false; ; begun = true {
			var raw json.RawMessage
			if err := dec.Decode(&raw); errors.Is(err, io.EOF) {
				return
			} else if err != nil {
				if err = c.lost(ctx, err); begun && ctx.Err() == nil {
					err = answer.Errorf(answer.Failed, "the daemon went away before the list ended: %w", errors.Unwrap(err))
				}
				yield(none, err)
				return
			}
			var (
				got A
				f   failure
			)
			if err := errors.Join(json.Unmarshal(raw, &f), json.Unmarshal(raw, &got)); err != nil {
				yield(none, answer.Errorf(answer.Failed, "read answer: %w", err))
				return
			}
			if f.Error != nil {
				yield(none, f.Error)
				return
			}
			if !yield(got, nil) {
				return
			}
		}
	}
}
