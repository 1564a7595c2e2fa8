package control

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/f48b34c0/seen/internal/answer"
)

var _ Bot = (*Client)(nil)

var ann = answer.Peer{
	Input: "@ann", Kind: "user", ID: 1001, BotAPIID: 1001, Name: "Ann <&>", Usernames: []string{"ann"},
	Hash: "full", Source: "book", FirstSeen: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
}

func TestAnswersCrossTheSocketUnchanged(t *testing.T) {
	sent := answer.Sent{To: ann, MessageID: 7, Date: ann.FirstSeen}
	mentioned := answer.Mentioned{Sent: sent, Text: "hi Ann"}
	mentioned.Mentions = []answer.Mention{{Peer: ann, Text: "Ann", Offset: 3, Length: 3, Linked: true}}
	forgotten := answer.Forgotten{Forgotten: ann}
	compacted := answer.Compacted{Compacted: answer.File{Path: "/a b", Size: 7}}
	loggedOut := answer.LoggedOut{LoggedOut: ann}
	status := answer.Status{Bot: &ann, Running: true, Connected: true, Version: "v1", Peers: answer.Counts{Users: 3}}
	path, _ := daemon(t, bot{
		resolve: func(_ context.Context, req answer.ResolveRequest) (answer.Peer, error) {
			if want := (answer.ResolveRequest{Ref: "@ann", CachedOnly: true, Hashes: true}); req != want {
				return answer.Peer{}, fmt.Errorf("got %+v", req)
			}
			return ann, nil
		},
		send: func(_ context.Context, req answer.SendRequest) (answer.Sent, error) {
			if want := (answer.SendRequest{To: "@ann", Text: "a\x00b <&> \u2028"}); req != want {
				return answer.Sent{}, fmt.Errorf("got %+v", req)
			}
			return sent, nil
		},
		mention: func(context.Context, answer.MentionRequest) (answer.Mentioned, error) { return mentioned, nil },
		status:  func(context.Context) (answer.Status, error) { return status, nil },
		forget: func(_ context.Context, req answer.ForgetRequest) (answer.Forgotten, error) {
			if req.Ref != "@ann" {
				return answer.Forgotten{}, fmt.Errorf("got %+v", req)
			}
			return forgotten, nil
		},
		logout:  func(context.Context, answer.LogoutRequest) (answer.LoggedOut, error) { return loggedOut, nil },
		compact: func(context.Context, answer.CompactRequest) (answer.Compacted, error) { return compacted, nil },
	}, Options{})
	c := NewClient(path)

	check := func(got, want any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
	p, err := c.Resolve(t.Context(), answer.ResolveRequest{Ref: "@ann", CachedOnly: true, Hashes: true})
	check(p, ann, err)
	s, err := c.Send(t.Context(), answer.SendRequest{To: "@ann", Text: "a\x00b <&> \u2028"})
	check(s, sent, err)
	m, err := c.Mention(t.Context(), answer.MentionRequest{})
	check(m, mentioned, err)
	st, err := c.Status(t.Context())
	check(st, status, err)
	f, err := c.Forget(t.Context(), answer.ForgetRequest{Ref: "@ann"})
	check(f, forgotten, err)
	co, err := c.Compact(t.Context(), answer.CompactRequest{})
	check(co, compacted, err)
	lo, err := c.Logout(t.Context(), answer.LogoutRequest{})
	check(lo, loggedOut, err)
}

func TestErrorsCrossTheSocketWhole(t *testing.T) {
	want := answer.Errorf(answer.FloodWait, "too fast").WithHint("wait").WithRetryAfter(90 * time.Second)
	path, _ := daemon(t, bot{
		resolve: func(context.Context, answer.ResolveRequest) (answer.Peer, error) {
			return answer.Peer{}, fmt.Errorf("wrapped: %w", want)
		},
		send: func(context.Context, answer.SendRequest) (answer.Sent, error) {
			return answer.Sent{}, errors.New("of another kind")
		},
	}, Options{})
	c := NewClient(path)

	_, err := c.Resolve(t.Context(), answer.ResolveRequest{})
	if diff := cmp.Diff(want, answer.From(err), cmpopts.IgnoreUnexported(answer.Error{})); diff != "" {
		t.Error(diff)
	}
	_, err = c.Send(t.Context(), answer.SendRequest{})
	if e := answer.From(err); e.Code != answer.Failed || e.Message != "of another kind" {
		t.Errorf("got %+v", e)
	}
}

func TestACallerWhoLeavesCancelsWhatTheBotDoes(t *testing.T) {
	started, ended := make(chan struct{}), make(chan struct{})
	path, _ := daemon(t, bot{
		send: func(ctx context.Context, _ answer.SendRequest) (answer.Sent, error) {
			close(started)
			<-ctx.Done()
			close(ended)
			return answer.Sent{}, ctx.Err()
		},
	}, Options{})
	ctx, leave := context.WithCancel(t.Context())
	go func() { <-started; leave() }()

	_, err := NewClient(path).Send(ctx, answer.SendRequest{})
	if !errors.Is(err, context.Canceled) || answer.From(err).Code != answer.Interrupted {
		t.Errorf("got %v", err)
	}
	select {
	case <-ended:
	case <-time.After(5 * time.Second):
		t.Error("the bot does not learn that the caller has left")
	}
}

func TestNobodyIsToldApartFromTrouble(t *testing.T) {
	ask := func(path string) error {
		_, err := NewClient(path).Status(t.Context())
		return err
	}
	if err := ask(socket(t)); !errors.Is(err, ErrNobody) {
		t.Errorf("no socket: got %v", err)
	}
	left := socket(t)
	leave(t, left)
	if err := ask(left); !errors.Is(err, ErrNobody) {
		t.Errorf("a socket that was left behind: got %v", err)
	}
	err := ask("/tmp/" + strings.Repeat("x", 120))
	if e := answer.From(err); errors.Is(err, ErrNobody) || e.Code != answer.Usage || !strings.Contains(e.Hint, "--socket") {
		t.Errorf("a path that is too long: got %+v", e)
	}
	hangup := socket(t)
	l, err := net.Listen("unix", hangup)
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		conn, err := l.Accept()
		if err == nil {
			_ = conn.Close()
		}
	}()
	if err := ask(hangup); err == nil || errors.Is(err, ErrNobody) || !strings.Contains(err.Error(), "went away") {
		t.Errorf("a daemon that hangs up: got %v", err)
	}
	_ = l.Close()
}

// leave makes a socket that nobody serves, as kill -9 does.
func leave(t *testing.T, path string) {
	t.Helper()
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: path})
	if err != nil {
		t.Fatal(err)
	}
	l.SetUnlinkOnClose(false)
	_ = l.Close()
}
