package control

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"iter"
	"net"
	"net/http"
	"syscall"
	"time"

	"github.com/f48b34c0/seen/internal/answer"
)

// ErrNobody is in the chain of an error that says that nobody serves the door.
// Nothing has been asked of anyone then, so the request may be made elsewhere.
var ErrNobody = errors.New("nobody answers at the door")

// Client is a [Bot] that asks the daemon behind a door.
type Client struct {
	network, addr string
	token         string // empty for a socket
	http          *http.Client
}

// NewClient returns a client of the socket at path. It connects when asked.
func NewClient(path string) *Client { return newClient("unix", path, "") }

// NewRemote returns a client of the door at HOST:PORT, which opens for a token.
// It connects when asked.
func NewRemote(addr, token string) *Client { return newClient("tcp", addr, token) }

func newClient(network, addr, token string) *Client {
	c := &Client{network: network, addr: addr, token: token}
	c.http = &http.Client{Transport: &http.Transport{
		DialContext: c.dial,
		// A connection that is kept may be closed by a daemon that stops just
		// when the next request is written, and nobody could tell whether it was
		// heard. A new one either reaches somebody who will answer, or fails
		// before anything is said.
		DisableKeepAlives:  true,
		DisableCompression: true,
		// An import is not begun before the daemon wants it: see Import.
		ExpectContinueTimeout: time.Hour,
	}}
	return c
}

// Resolve tells who a reference means.
func (c *Client) Resolve(ctx context.Context, req answer.ResolveRequest) (answer.Peer, error) {
	return ask[answer.Peer](ctx, c, "POST", "/v1/resolve", req)
}

// History lists what changed about a peer. The sequence ends after its first
// error.
func (c *Client) History(ctx context.Context, req answer.HistoryRequest) iter.Seq2[answer.Change, error] {
	return list[answer.Change](ctx, c, "/v1/history", req)
}

// Export lists the book for another one. The sequence ends after its first error.
func (c *Client) Export(ctx context.Context, req answer.ExportRequest) iter.Seq2[answer.Entry, error] {
	return list[answer.Entry](ctx, c, "/v1/export", req)
}

// Forget removes a peer from the book.
func (c *Client) Forget(ctx context.Context, req answer.ForgetRequest) (answer.Forgotten, error) {
	return ask[answer.Forgotten](ctx, c, "POST", "/v1/forget", req)
}

// Compact rewrites the session file.
func (c *Client) Compact(ctx context.Context, req answer.CompactRequest) (answer.Compacted, error) {
	return ask[answer.Compacted](ctx, c, "POST", "/v1/compact", req)
}

// Dialogs lists the private chats that something is known of. The sequence ends
// after its first error.
func (c *Client) Dialogs(ctx context.Context, req answer.DialogsRequest) iter.Seq2[answer.Dialog, error] {
	return list[answer.Dialog](ctx, c, "/v1/dialogs", req)
}

// Sources counts people by what their first /start carried. The sequence ends after
// its first error.
func (c *Client) Sources(ctx context.Context, req answer.SourcesRequest) iter.Seq2[answer.SourceCount, error] {
	return list[answer.SourceCount](ctx, c, "/v1/sources", req)
}

// CanText tells whether the bot may write to somebody.
func (c *Client) CanText(ctx context.Context, req answer.CanTextRequest) (answer.CanText, error) {
	return ask[answer.CanText](ctx, c, "POST", "/v1/can-text", req)
}

// Link returns the link that starts the bot with a payload.
func (c *Client) Link(ctx context.Context, req answer.LinkRequest) (answer.Link, error) {
	return ask[answer.Link](ctx, c, "POST", "/v1/link", req)
}

// Send sends a message to someone seen.
func (c *Client) Send(ctx context.Context, req answer.SendRequest) (answer.Sent, error) {
	return ask[answer.Sent](ctx, c, "POST", "/v1/send", req)
}

// Mention sends a text that mentions people.
func (c *Client) Mention(ctx context.Context, req answer.MentionRequest) (answer.Mentioned, error) {
	return ask[answer.Mentioned](ctx, c, "POST", "/v1/mention", req)
}

// Logout ends the bot's session at Telegram and keeps the book.
func (c *Client) Logout(ctx context.Context, req answer.LogoutRequest) (answer.LoggedOut, error) {
	return ask[answer.LoggedOut](ctx, c, "POST", "/v1/logout", req)
}

// Status tells how the bot is.
func (c *Client) Status(ctx context.Context) (answer.Status, error) {
	return ask[answer.Status](ctx, c, "GET", "/v1/status", nil)
}

// Peers lists the book. The sequence ends after its first error.
func (c *Client) Peers(ctx context.Context, req answer.PeersRequest) iter.Seq2[answer.Peer, error] {
	return list[answer.Peer](ctx, c, "/v1/peers", req)
}

func (c *Client) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	if c.network == "unix" {
		if err := checkPath(c.addr); err != nil {
			return nil, err
		}
	}
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, c.network, c.addr)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ECONNREFUSED) {
		return nil, answer.Errorf(answer.Held, "%w: %s", ErrNobody, c.addr)
	}
	if errors.Is(err, fs.ErrPermission) {
		return nil, answer.Errorf(answer.Failed, "the socket belongs to somebody else: %s", c.addr).
			WithHint("run this as the user whom the daemon runs as")
	}
	return conn, err
}

// request is a request with what all have in common.
func (c *Client) request(ctx context.Context, method, path string, body io.Reader) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, method, "http://"+host+path, body)
	if err != nil {
		return nil, answer.Errorf(answer.Failed, "write request: %w", err)
	}
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	return req, nil
}
