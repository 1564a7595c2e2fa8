package control

import (
	"context"
	"encoding/json"
	"io"
	"iter"
	"net/http"
	"time"

	"github.com/f48b34c0/seen/internal/answer"
)

// imported is the answer to an import: what came of it, and of the first error
// if there was one.
type imported struct {
	answer.Imported
	Error *answer.Error `json:"error,omitempty"`
}

// imports reads entries from the request's body while they are entered, one per
// line, as many as there are. It is the lines that are bounded, by
// [answer.MaxLine].
//
// The bot is waited for before the first byte is read: until then a client that
// expects 100-continue has sent nothing, and can ask elsewhere.
func (s *server) imports(w http.ResponseWriter, r *http.Request) {
	if err := s.wait(r.Context()); err != nil {
		writeError(w, err)
		return
	}
	done, err := s.bot.Import(r.Context(), received(r.Body))
	if err != nil {
		e := answer.From(err)
		lingering(w, r, func() { writeFailed(w, e, imported{done, e}) })
		return
	}
	writeJSON(w, http.StatusOK, imported{Imported: done})
}

// linger is how long a client that is still sending has to notice the answer.
const linger = 5 * time.Second

// lingering answers somebody who may be still sending. They see that the socket
// is closed before they see the answer, unless it stays open until they have.
func lingering(w http.ResponseWriter, r *http.Request, write func()) {
	c := http.NewResponseController(w)
	_ = c.EnableFullDuplex() // what HTTP/1 over a socket can do
	write()
	_ = c.Flush() // whoever asked has gone
	_ = c.SetReadDeadline(time.Now().Add(linger))
	_, _ = io.Copy(io.Discard, r.Body)
}

// Import sends entries as it gets them. With an error it returns as well what
// came of those before it.
//
// None is asked for before the daemon wants them. So if nobody serves the
// socket, or the daemon is about to stop, the entries are still all there.
func (c *Client) Import(ctx context.Context, entries iter.Seq2[answer.Entry, error]) (answer.Imported, error) {
	req, err := c.request(ctx, "POST", "/v1/import", newOutgoing(entries))
	if err != nil {
		return answer.Imported{}, err
	}
	req.Header.Set("Content-Type", manyLines)
	req.Header.Set("Expect", "100-continue")
	resp, err := c.send(req)
	if err != nil {
		return answer.Imported{}, err
	}
	defer resp.Body.Close() //nolint:errcheck // it was only read
	var got imported
	if err := json.NewDecoder(resp.Body).Decode(&got); err != nil {
		return got.Imported, c.lost(ctx, err)
	}
	switch {
	case got.Error != nil:
		return got.Imported, got.Error
	case resp.StatusCode != http.StatusOK:
		return got.Imported, answer.Errorf(answer.Failed, "the daemon answered %s", resp.Status)
	default:
		return got.Imported, nil
	}
}
