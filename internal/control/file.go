package control

import (
	"context"
	"errors"
	"io"
	"iter"
	"net/http"
	"time"

	"github.com/f48b34c0/seen/internal/answer"
)

// check does not wait for the bot: its file is there, whether Telegram is or not.
func (s *server) check(w http.ResponseWriter, r *http.Request) {
	var req answer.CheckRequest
	if err := readJSON(w, r, &req); err != nil {
		writeError(w, err)
		return
	}
	writeList(w, s.bot.Check(r.Context(), req))
}

// backup answers with the bytes of the copy. One that is cut off has no end: the
// connection is closed where HTTP would have ended it, and whoever reads can tell.
func (s *server) backup(w http.ResponseWriter, r *http.Request) {
	var req answer.BackupRequest
	if err := readJSON(w, r, &req); err != nil {
		writeError(w, err)
		return
	}
	out := &paced{w: w, c: http.NewResponseController(w)}
	err := s.bot.Backup(r.Context(), req, out)
	switch {
	case err == nil:
	case out.n == 0:
		writeError(w, err)
	default:
		panic(http.ErrAbortHandler)
	}
}

const (
	// slack and pace bound how long a client may take for a backup: the file grows
	// meanwhile by what is written to it.
	slack = 30 * time.Second
	pace  = 4 << 20 // bytes a second, which is less than any disk can do
)

// paced is an answer that somebody has to take at a pace.
type paced struct {
	w     http.ResponseWriter
	c     *http.ResponseController
	begun time.Time
	n     int64
}

func (p *paced) Write(b []byte) (int, error) {
	if p.n == 0 {
		p.begun = time.Now()
		p.w.Header().Set("Content-Type", "application/octet-stream")
	}
	if err := p.c.SetWriteDeadline(p.begun.Add(slack + time.Duration(p.n/pace)*time.Second)); err != nil {
		return 0, err
	}
	n, err := p.w.Write(b)
	p.n += int64(n)
	return n, err
}

// Check reads the session file from end to end. The last element tells what it
// comes to. The sequence ends after its first error.
func (c *Client) Check(ctx context.Context, req answer.CheckRequest) iter.Seq2[answer.CheckLine, error] {
	return list[answer.CheckLine](ctx, c, "/v1/check", req)
}

// Backup writes a copy of the session file to w. After an error, what was written
// is none.
func (c *Client) Backup(ctx context.Context, req answer.BackupRequest, w io.Writer) error {
	resp, err := c.do(ctx, "POST", "/v1/backup", req)
	if err != nil {
		return err
	}
	defer resp.Body.Close() //nolint:errcheck // it was only read
	out := &failing{w: w}
	_, err = io.Copy(out, resp.Body)
	switch {
	case err == nil:
		return nil
	case out.err != nil:
		return out.err
	case ctx.Err() == nil && errors.Is(err, io.ErrUnexpectedEOF):
		return answer.Errorf(answer.Failed, "the daemon broke off the backup").
			WithHint("it stopped, or the copy was not taken fast enough; try again, to a local disk")
	default:
		return c.lost(ctx, err)
	}
}

// failing tells an error of the writer from one of the reader.
type failing struct {
	w   io.Writer
	err error
}

func (f *failing) Write(p []byte) (int, error) {
	n, err := f.w.Write(p)
	f.err = err
	return n, err
}
