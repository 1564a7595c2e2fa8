package control

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/f48b34c0/seen/internal/answer"
)

func TestBrowsersAreTurnedAwayBeforeAnythingElse(t *testing.T) {
	path, _ := daemon(t, bot{}, Options{}) // asking this bot anything would panic
	for name, change := range map[string]func(*http.Request){
		"Origin":       func(r *http.Request) { r.Header.Set("Origin", "http://localhost") },
		"Referer":      func(r *http.Request) { r.Header.Set("Referer", "http://localhost/") },
		"foreign host": func(r *http.Request) { r.Host = "example.com" },
		"no route":     func(r *http.Request) { r.Host = "rebind.example:80"; r.URL.Path = "/nothing" },
	} {
		status, e := raw(t, path, "GET", "/v1/status", "", change)
		if status != http.StatusForbidden || e.Code != answer.Failed {
			t.Errorf("%s: got %d %+v", name, status, e)
		}
	}
}

func TestRequestsThatMakeNoSenseAreRefused(t *testing.T) {
	path, _ := daemon(t, bot{}, Options{})
	for body, want := range map[string]string{
		``:                         "read request",
		`{"to":`:                   "read request",
		`{"to":"@ann"} {"x":1}`:    "more than one",
		`{"to":"@ann","later":1}`:  "unknown field",
		strings.Repeat(" ", 2<<20): "longer than",
	} {
		status, e := raw(t, path, "POST", "/v1/send", body, nil)
		if status != http.StatusBadRequest || e.Code != answer.Usage || !strings.Contains(e.Message, want) {
			t.Errorf("%.20q: got %d %+v, want %s", body, status, e, want)
		}
	}
	for _, route := range []string{"GET /v1/send", "POST /v1/status", "POST /v2/send", "GET /"} {
		method, target, _ := strings.Cut(route, " ")
		status, e := raw(t, path, method, target, "", nil)
		if status != http.StatusBadRequest || e.Code != answer.Usage {
			t.Errorf("%s: got %d %+v", route, status, e)
		}
	}
}

func TestTheSocketIsForItsOwnerAndGoesWithTheServer(t *testing.T) {
	path, stop := daemon(t, bot{}, Options{})
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("got mode %v", info.Mode())
	}
	if err := stop(); err != nil {
		t.Errorf("stop: %v", err)
	}
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the socket is still there: %v", err)
	}
}

func TestALeftoverSocketIsReplacedAndNothingElse(t *testing.T) {
	left := socket(t)
	leave(t, left)
	l, err := Listen(t.Context(), left)
	if err != nil {
		t.Fatalf("a leftover socket: %v", err)
	}
	_, err = Listen(t.Context(), left)
	if e := answer.From(err); err == nil || e.Code != answer.Held {
		t.Errorf("a living socket: got %v", err)
	}
	_ = l.Close()

	file := socket(t)
	if err := os.WriteFile(file, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Listen(t.Context(), file); err == nil {
		t.Error("a file was replaced")
	}
	if got, _ := os.ReadFile(file); string(got) != "precious" {
		t.Errorf("the file holds %q", got)
	}
	if _, err := Listen(t.Context(), "/tmp/"+strings.Repeat("x", 120)); answer.From(err).Code != answer.Usage {
		t.Errorf("a path that is too long: got %v", err)
	}
}

func TestStoppingLetsRunningRequestsFinish(t *testing.T) {
	started := make(chan struct{})
	path, stop := daemon(t, bot{
		send: func(context.Context, answer.SendRequest) (answer.Sent, error) {
			close(started)
			time.Sleep(100 * time.Millisecond)
			return answer.Sent{MessageID: 5}, nil
		},
	}, Options{})
	stopped := make(chan error, 1)
	go func() { <-started; stopped <- stop() }()
	got, err := NewClient(path).Send(t.Context(), answer.SendRequest{})
	if err != nil || got.MessageID != 5 {
		t.Errorf("got %+v, %v", got, err)
	}
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}

func TestStoppingWaitsNoLongerThanItsGrace(t *testing.T) {
	started, canceled := make(chan struct{}), make(chan struct{})
	path, stop := daemon(t, bot{
		send: func(ctx context.Context, _ answer.SendRequest) (answer.Sent, error) {
			close(started)
			<-ctx.Done()
			close(canceled)
			return answer.Sent{}, ctx.Err()
		},
	}, Options{Grace: 50 * time.Millisecond})
	asked := make(chan error, 1)
	go func() {
		_, err := NewClient(path).Send(context.Background(), answer.SendRequest{})
		asked <- err
	}()
	<-started
	if err := stop(); err != nil {
		t.Error(err)
	}
	select {
	case <-canceled:
	default:
		t.Error("a request outlives the server")
	}
	if err := <-asked; err == nil {
		t.Error("a request that was cut off has an answer")
	}
}

func TestARequestThatIgnoresEverythingIsLeftBehind(t *testing.T) {
	hung, release := make(chan struct{}), make(chan struct{})
	path := socket(t)
	l, err := Listen(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	b := bot{send: func(context.Context, answer.SendRequest) (answer.Sent, error) {
		close(hung)
		<-release
		return answer.Sent{}, nil
	}}
	ctx, cancel := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- Serve(ctx, l, b, Options{Grace: time.Millisecond, Cut: time.Millisecond}) }()
	asked := make(chan error, 1)
	go func() {
		_, err := NewClient(path).Send(context.Background(), answer.SendRequest{})
		asked <- err
	}()
	<-hung
	cancel()
	if err := <-served; err == nil || !strings.Contains(err.Error(), "requests that do not end: 1") {
		t.Errorf("got %v", err)
	}
	if err := <-asked; err == nil {
		t.Error("a request that never ended has an answer")
	}
	close(release)
}

func TestWhoConnectedBeforeTheStopIsAnswered(t *testing.T) {
	path, stop := daemon(t, bot{
		status: func(context.Context) (answer.Status, error) { return answer.Status{Version: "v1"}, nil },
	}, Options{})
	conn, err := net.Dial("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close() //nolint:errcheck // the test is over
	stopped := make(chan error, 1)
	go func() { stopped <- stop() }()
	for {
		if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
			break
		}
		time.Sleep(time.Millisecond)
	}
	if _, err := io.WriteString(conn, "GET /v1/status HTTP/1.1\r\nHost: seen\r\nConnection: close\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(conn)
	if err != nil || !bytes.Contains(got, []byte(`"version":"v1"`)) {
		t.Errorf("got %q, %v", got, err)
	}
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}

func TestRequestsWaitUntilTheBotIsReady(t *testing.T) {
	ready := make(chan struct{})
	b := bot{
		send:   func(context.Context, answer.SendRequest) (answer.Sent, error) { return answer.Sent{MessageID: 1}, nil },
		status: func(context.Context) (answer.Status, error) { return answer.Status{}, nil },
	}
	path, stop := daemon(t, b, Options{Ready: ready})
	if _, err := NewClient(path).Status(t.Context()); err != nil {
		t.Errorf("status does not wait: %v", err)
	}
	time.AfterFunc(50*time.Millisecond, func() { close(ready) })
	if _, err := NewClient(path).Send(t.Context(), answer.SendRequest{}); err != nil {
		t.Error(err)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}

	path, stop = daemon(t, b, Options{Ready: make(chan struct{})})
	time.AfterFunc(50*time.Millisecond, func() { _ = stop() })
	_, err := NewClient(path).Send(t.Context(), answer.SendRequest{})
	if answer.From(err).Code != answer.Held {
		t.Errorf("a daemon that was never ready: got %v", err)
	}
}

// raw asks the socket at path without the client's manners.
func raw(t *testing.T, path, method, target, body string, change func(*http.Request)) (int, answer.Error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, "http://seen"+target, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(req)
	}
	resp, err := NewClient(path).http.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close() //nolint:errcheck // it was only read
	var f struct{ Error answer.Error }
	if err := json.NewDecoder(resp.Body).Decode(&f); err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, f.Error
}
