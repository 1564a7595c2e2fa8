package control

import (
	"context"
	"encoding/json"
	"io"
	"iter"
	"net/http"
	"net/url"
	"strconv"

	"github.com/f48b34c0/seen/internal/answer"
)

// Raw is the part of a [Bot] that calls Telegram's methods by name. What crosses
// is JSON that nobody on the way looks into.
type Raw interface {
	// Call calls a method.
	Call(ctx context.Context, req answer.CallRequest) (answer.Called, error)
	// CallAll calls a method that returns a list in pages, until the last of them.
	// The sequence ends after its first error.
	CallAll(ctx context.Context, req answer.CallRequest) iter.Seq2[answer.Element, error]
	// Updates tells what the bot receives, as it comes, and first how far the bot has
	// come. The sequence ends after its first error.
	Updates(ctx context.Context, req answer.UpdatesRequest) iter.Seq2[answer.Received, error]
	// Upload takes the content of a file. It does not touch it if the bot cannot be
	// asked.
	Upload(ctx context.Context, req answer.UploadRequest, content io.Reader) (answer.Uploaded, error)
	// Download reads a file. The sequence ends after its first error.
	Download(ctx context.Context, req answer.DownloadRequest) iter.Seq2[answer.Chunk, error]
}

func (s *server) rawRoutes(mux *table) {
	mux.HandleFunc("POST /v1/suggest", reply(s, s.bot.Suggest))
	mux.HandleFunc("POST /v1/call", reply(s, s.bot.Call))
	mux.HandleFunc("POST /v1/call/all", stream(s, s.bot.CallAll))
	mux.HandleFunc("POST /v1/updates", route{s.updates, one[answer.UpdatesRequest](), many[answer.Received]()})
	mux.HandleFunc("POST /v1/upload", route{s.upload, none(), one[answer.Uploaded]()})
	mux.HandleFunc("POST /v1/download", stream(s, s.bot.Download))
}

// Suggest lists usernames of the book that begin in some way.
func (c *Client) Suggest(ctx context.Context, req answer.SuggestRequest) (answer.Suggested, error) {
	return ask[answer.Suggested](ctx, c, "POST", "/v1/suggest", req)
}

// Call calls a method of Telegram's.
func (c *Client) Call(ctx context.Context, req answer.CallRequest) (answer.Called, error) {
	return ask[answer.Called](ctx, c, "POST", "/v1/call", req)
}

// CallAll calls a method page by page. The sequence ends after its first error.
func (c *Client) CallAll(ctx context.Context, req answer.CallRequest) iter.Seq2[answer.Element, error] {
	return list[answer.Element](ctx, c, "/v1/call/all", req)
}

// Updates tells what the bot receives. The sequence ends after its first error.
func (c *Client) Updates(ctx context.Context, req answer.UpdatesRequest) iter.Seq2[answer.Received, error] {
	return list[answer.Received](ctx, c, "/v1/updates", req)
}

// Download reads a file. The sequence ends after its first error.
func (c *Client) Download(ctx context.Context, req answer.DownloadRequest) iter.Seq2[answer.Chunk, error] {
	return list[answer.Chunk](ctx, c, "/v1/download", req)
}

// upload reads the content from the request's body while it is sent on. As in an
// import, nothing is read before the bot can be asked.
func (s *server) upload(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	size, err := strconv.ParseInt(query.Get("size"), 10, 64)
	if err != nil || size < 0 {
		writeError(w, answer.Errorf(answer.Usage, "an upload says its size in bytes"))
		return
	}
	if err := s.wait(r.Context()); err != nil {
		writeError(w, err)
		return
	}
	done, err := s.bot.Upload(r.Context(), answer.UploadRequest{Name: query.Get("name"), Size: size}, r.Body)
	if err != nil {
		e := answer.From(err)
		lingering(w, r, func() { writeFailed(w, e, failure{Error: e}) })
		return
	}
	writeJSON(w, http.StatusOK, done)
}

// Upload sends the content of a file. None of it is read before the daemon wants
// it.
func (c *Client) Upload(ctx context.Context, req answer.UploadRequest, content io.Reader) (answer.Uploaded, error) {
	query := url.Values{"name": {req.Name}, "size": {strconv.FormatInt(req.Size, 10)}}
	target := "http://" + host + "/v1/upload?" + query.Encode()
	// The reader is the caller's to close.
	r, err := http.NewRequestWithContext(ctx, "POST", target, io.NopCloser(content))
	if err != nil {
		return answer.Uploaded{}, answer.Errorf(answer.Failed, "write request: %w", err)
	}
	r.ContentLength = req.Size
	r.Header.Set("Content-Type", "application/octet-stream")
	r.Header.Set("Expect", "100-continue")
	resp, err := c.send(r)
	if err != nil {
		return answer.Uploaded{}, err
	}
	defer resp.Body.Close() //nolint:errcheck // it was only read
	var got struct {
		answer.Uploaded
		failure
	}
	switch err := json.NewDecoder(resp.Body).Decode(&got); {
	case err != nil:
		return answer.Uploaded{}, c.lost(ctx, err)
	case got.Error != nil:
		return answer.Uploaded{}, got.Error
	case resp.StatusCode != http.StatusOK:
		return answer.Uploaded{}, answer.Errorf(answer.Failed, "the daemon answered %s", resp.Status)
	default:
		return got.Uploaded, nil
	}
}
