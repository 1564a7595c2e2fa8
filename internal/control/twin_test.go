package control

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/f48b34c0/seen/internal/answer"
)

const secret = "a-token-that-is-long-enough"

// twin serves b by a socket and by TCP, and returns where.
func twin(t *testing.T, b Bot, opts Options) (addr string, token *Token) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(path, []byte(secret+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	token, err := OpenToken(path)
	if err != nil {
		t.Fatal(err)
	}
	if opts.Twin, err = ListenTCP(t.Context(), "127.0.0.1:0", token, false); err != nil {
		t.Fatal(err)
	}
	_, _ = daemon(t, b, opts)
	return opts.Twin.Addr().String(), token
}

// get asks for a path on TCP as change wants it.
func get(t *testing.T, addr, target string, change func(*http.Request)) (*http.Response, answer.Error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), "GET", "http://"+addr+target, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(req)
	}
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close() //nolint:errcheck // it was only read
	var f struct{ Error answer.Error }
	_ = json.NewDecoder(resp.Body).Decode(&f) // not everything is JSON
	return resp, f.Error
}

func well() bot {
	return bot{status: func(context.Context) (answer.Status, error) {
		return answer.Status{Version: "v1", Connected: true}, nil
	}}
}

func bearer(token string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) }
}

func TestTheTwinOpensForItsTokenAlone(t *testing.T) {
	addr, _ := twin(t, well(), Options{})
	for name, c := range map[string]struct {
		change func(*http.Request)
		status int
	}{
		"token":       {bearer(secret), 200},
		"none":        {nil, 401},
		"empty":       {bearer(""), 401},
		"another":     {bearer(secret + "x"), 401},
		"a part":      {bearer(secret[:len(secret)-1]), 401},
		"basic":       {func(r *http.Request) { r.SetBasicAuth("", secret) }, 401},
		"in the path": {func(r *http.Request) { r.URL.RawQuery = "token=" + secret }, 401},
	} {
		resp, e := get(t, addr, "/v1/status", c.change)
		if resp.StatusCode != c.status {
			t.Errorf("%s: got %d, want %d", name, resp.StatusCode, c.status)
		}
		if c.status != 200 && (e.Code != answer.Usage || resp.Header.Get("WWW-Authenticate") == "" || strings.Contains(e.Message+e.Hint, secret)) {
			t.Errorf("%s: got %+v", name, e)
		}
	}

	got, err := NewRemote(addr, secret).Status(t.Context())
	if err != nil || got.Version != "v1" {
		t.Errorf("got %+v, %v", got, err)
	}
	if _, err := NewRemote(addr, "another-token-of-some-length").Status(t.Context()); answer.From(err).Code != answer.Usage {
		t.Errorf("another token: got %v", err)
	}
}

// Everything that a browser sends for a page of another origin, one by one: it
// is enough that one of them arrives, with the token or without. A page cannot
// take any of these headers away, except for the Referer.
func TestABrowserPageCannotReachTheTwin(t *testing.T) {
	addr, _ := twin(t, bot{}, Options{}) // asking this bot anything would panic
	_, port, _ := net.SplitHostPort(addr)
	header := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	named := func(host string) func(*http.Request) {
		return func(r *http.Request) { r.Host = host }
	}
	for name, change := range map[string]func(*http.Request){
		"fetch":                      header("Origin", "https://example.com"),
		"fetch from a file":          header("Origin", "null"),
		"fetch from the same host":   header("Origin", "http://"+addr),
		"an empty origin":            header("Origin", ""),
		"an image":                   header("Referer", "https://example.com/"),
		"an image without a referer": header("Sec-Fetch-Site", "cross-site"),
		"a link that was followed":   header("Sec-Fetch-Mode", "navigate"),
		"an address that was typed":  header("Sec-Fetch-Site", "none"),
		"a worker":                   header("Sec-Fetch-Dest", "worker"),
		"a preflight": func(r *http.Request) {
			r.Method = "OPTIONS"
			r.Header.Set("Access-Control-Request-Method", "POST")
		},
		"a name that was pointed here":   named("rebind.example:" + port),
		"a name that looks like ours":    named("127.0.0.1.example:" + port),
		"a name that looks like seen":    named("seen.example:" + port),
		"an address of somebody else":    named("192.0.2.1:" + port),
		"everything that Chromium sends": chromium,
	} {
		for kind, token := range map[string]string{"with": secret, "without": ""} {
			resp, e := get(t, addr, "/v1/status", func(r *http.Request) {
				bearer(token)(r)
				change(r)
			})
			if resp.StatusCode != http.StatusForbidden || e.Code != answer.Failed {
				t.Errorf("%s, %s the token: got %d %+v", name, kind, resp.StatusCode, e)
			}
			for h := range resp.Header {
				if strings.HasPrefix(h, "Access-Control-") {
					t.Errorf("%s: the answer has %s", name, h)
				}
			}
		}
	}
}

func chromium(r *http.Request) {
	for name, value := range map[string]string{
		"Origin": "https://example.com", "Referer": "https://example.com/", "Sec-Fetch-Site": "cross-site",
		"Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty", "Accept": "*/*", "Accept-Language": "en",
		"User-Agent": "Mozilla/5.0", "Content-Type": "text/plain",
	} {
		r.Header.Set(name, value)
	}
}

func TestTheTwinHasTheNamesOfThisMachineAlone(t *testing.T) {
	for name, want := range map[string]struct{ here, anywhere bool }{
		"seen":             {true, true},
		"seen:9000":        {true, true},
		"localhost:9000":   {true, true},
		"127.0.0.1:9000":   {true, true},
		"127.1.2.3":        {true, true},
		"[::1]:9000":       {true, true},
		"[::1]":            {true, true},
		"192.0.2.1:9000":   {false, true},
		"[2001:db8::1]:90": {false, true},
		"example.com":      {false, false},
		"seen.example:90":  {false, false},
		"localhost.":       {false, false},
		"127.0.0.1.nip.io": {false, false},
		"":                 {false, false},
	} {
		if got := ownName(name, false); got != want.here {
			t.Errorf("%q: got %v", name, got)
		}
		if got := ownName(name, true); got != want.anywhere {
			t.Errorf("%q, anywhere: got %v", name, got)
		}
	}
}

func TestListeningAnywhereHasToBeAskedForTwice(t *testing.T) {
	for _, addr := range []string{"0.0.0.0:0", "[::]:0", ":0", "192.0.2.1:0", "example.com:0", "127.0.0.1.nip.io:0"} {
		for what, listen := range map[string]func(bool) (net.Listener, error){
			"door": func(anywhere bool) (net.Listener, error) { return ListenTCP(t.Context(), addr, nil, anywhere) },
			"monitor": func(anywhere bool) (net.Listener, error) {
				return ListenMonitor(t.Context(), addr, anywhere)
			},
		} {
			if _, err := listen(false); answer.From(err).Code != answer.Usage || !strings.Contains(answer.From(err).Hint, "--listen-anywhere") {
				t.Errorf("%s at %s: got %v", what, addr, err)
			}
		}
	}
	for _, addr := range []string{"127.0.0.1:0", "localhost:0"} {
		l, err := ListenTCP(t.Context(), addr, nil, false)
		if err != nil {
			t.Fatal(err)
		}
		_ = l.Close()
	}
	l, err := ListenTCP(t.Context(), "0.0.0.0:0", nil, true)
	if err != nil {
		t.Fatal(err)
	}
	_ = l.Close()
	if _, err := ListenTCP(t.Context(), "127.0.0.1", nil, false); answer.From(err).Code != answer.Usage {
		t.Errorf("no port: got %v", err)
	}
}

func TestATokenCanBeChangedWhileItIsInUse(t *testing.T) {
	addr, token := twin(t, well(), Options{})
	status := func(with string) int {
		resp, _ := get(t, addr, "/v1/status", bearer(with))
		return resp.StatusCode
	}
	const next = "another-token-of-some-length"
	if err := os.WriteFile(token.path, []byte("short"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := token.Reload(); answer.From(err).Code != answer.Usage || strings.Contains(err.Error(), "short ") {
		t.Errorf("a short token: got %v", err)
	}
	if status(secret) != 200 {
		t.Error("a file that cannot be read takes the token away")
	}
	if err := os.WriteFile(token.path, []byte(next), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := token.Reload(); err != nil {
		t.Fatal(err)
	}
	if status(secret) != 401 || status(next) != 200 {
		t.Error("the token did not change")
	}
	if _, err := ReadToken(token.path + "x"); answer.From(err).Code != answer.Usage {
		t.Errorf("no file: got %v", err)
	}
}

func TestNobodyAtTheTwinIsToldApartFromTrouble(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	_ = l.Close()
	if _, err := NewRemote(addr, secret).Status(t.Context()); !errors.Is(err, ErrNobody) || answer.From(err).Code != answer.Held {
		t.Errorf("got %v", err)
	}
}
