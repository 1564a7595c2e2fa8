package control

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/f48b34c0/seen/internal/answer"
)

func TestHealthIsToldApartFromReadiness(t *testing.T) {
	var connected, sick atomic.Bool
	b := bot{status: func(context.Context) (answer.Status, error) {
		return answer.Status{Connected: connected.Load()}, nil
	}}
	ready := make(chan struct{})
	path, _ := daemon(t, b, Options{Ready: ready, Health: func(context.Context) error {
		if sick.Load() {
			return answer.Errorf(answer.Failed, "no disk")
		}
		return nil
	}})
	check := func(when string, healthy, isReady int) {
		t.Helper()
		for target, want := range map[string]int{"/healthz": healthy, "/readyz": isReady} {
			status, e := raw(t, path, "GET", target, "", nil)
			if status != want || (want == 200) != (e.Code == "") {
				t.Errorf("%s: %s is %d %+v, want %d", when, target, status, e, want)
			}
		}
	}
	check("before it is ready", 200, 503)
	close(ready)
	check("without a connection", 200, 503)
	connected.Store(true)
	check("with one", 200, 200)
	sick.Store(true)
	check("without a disk", 503, 503)
}

func TestAMonitorTellsOfHealthAndMetricsAlone(t *testing.T) {
	for _, counted := range []bool{true, false} {
		var opts Options
		if counted {
			opts.Metrics = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "seen_up 1\n") })
		}
		var err error
		if opts.Monitor, err = ListenMonitor(t.Context(), "127.0.0.1:0", false); err != nil {
			t.Fatal(err)
		}
		addr := opts.Monitor.Addr().String()
		_, stop := daemon(t, well(), opts)
		metrics := 200
		if !counted {
			metrics = 400
		}
		for target, want := range map[string]int{
			"/healthz": 200, "/readyz": 200, "/metrics": metrics,
			"/v1/status": 400, "/debug/pprof/": 400, "/": 400,
		} {
			if resp, e := get(t, addr, target, nil); resp.StatusCode != want {
				t.Errorf("%s: got %d %+v, want %d", target, resp.StatusCode, e, want)
			}
			if resp, _ := get(t, addr, target, chromium); resp.StatusCode != 403 {
				t.Errorf("%s for a page: got %d", target, resp.StatusCode)
			}
			if resp, _ := get(t, addr, target, func(r *http.Request) { r.Host = "rebind.example" }); resp.StatusCode != 403 {
				t.Errorf("%s for another host: got %d", target, resp.StatusCode)
			}
		}
		if err := stop(); err != nil {
			t.Error(err)
		}
	}
}

func TestAWideMonitorGoesByAnyName(t *testing.T) {
	l, err := ListenMonitor(t.Context(), "127.0.0.1:0", true)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = daemon(t, well(), Options{Monitor: l})
	resp, _ := get(t, l.Addr().String(), "/healthz", func(r *http.Request) { r.Host = "bots.example:9100" })
	if resp.StatusCode != 200 {
		t.Errorf("got %d", resp.StatusCode)
	}
}

func TestProfilesAreToBeHadByTheSocketAlone(t *testing.T) {
	addr, _ := twin(t, well(), Options{})
	if resp, e := get(t, addr, "/debug/pprof/heap", bearer(secret)); resp.StatusCode != 403 {
		t.Errorf("by TCP: got %d %+v", resp.StatusCode, e)
	}
	path, _ := daemon(t, well(), Options{})
	for target, want := range map[string]string{
		"/debug/pprof/":                    "goroutine",
		"/debug/pprof/goroutine?debug=1":   "control.",
		"/debug/pprof/heap?debug=1":        "heap profile",
		"/debug/pprof/trace?seconds=0.01":  "go 1.",
		"/debug/pprof/symbol":              "num_symbols",
		"/debug/pprof/nothing-of-the-kind": "Unknown profile",
	} {
		req, err := http.NewRequestWithContext(t.Context(), "GET", "http://seen"+target, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := NewClient(path).http.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if err != nil || !strings.Contains(string(got), want) {
			t.Errorf("%s: got %.200q, %v", target, got, err)
		}
	}
	if status, e := raw(t, path, "GET", "/debug/pprof/cmdline", "", nil); status != 403 {
		t.Errorf("the command line: got %d %+v", status, e)
	}
}

func TestALostListenerEndsTheServer(t *testing.T) {
	l, err := Listen(t.Context(), socket(t))
	if err != nil {
		t.Fatal(err)
	}
	_ = l.UnixListener.Close()
	if err := Serve(t.Context(), l, bot{}, Options{}); err == nil || errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
