package main

import (
	"strings"
	"testing"
	"time"
)

// quick are settings of a measurement that says nothing.
func quick(t *testing.T) settings {
	t.Helper()
	return settings{
		users: 200, slow: 200, rounds: 1, sizes: []int{1, 100}, again: true,
		clients: []string{bareName, oursName}, patience: time.Minute, dir: t.TempDir(),
	}
}

func TestEverybodyIsInTheStoreAfterSIGKILL(t *testing.T) {
	s := quick(t)
	ready, missing, err := prepare(t.Context(), s, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	results, err := measureAll(t.Context(), s, ready)
	if err != nil {
		t.Fatal(err)
	}
	if len(results) != 2*2*2 {
		t.Errorf("%d measurements", len(results))
	}
	for _, r := range results {
		if r.Error != "" || r.Wall <= 0 || r.CPU <= 0 || r.Peak < 1<<20 {
			t.Errorf("%s", r)
		}
		if stores := r.Client == oursName; stores != (r.Kept == s.users) || stores != (r.Disk > 0) {
			t.Errorf("%s", r)
		}
	}
	report := report(s, thisMachine(ready), results, missing)
	if strings.Count(report, "| all there |") != 4 || !strings.Contains(report, "| 200 again | 100 | **seen**") {
		t.Error(report)
	}
}

// pretender says what a client says, without being one.
func pretender(script string) program {
	return program{client: client{name: "pretender", stores: true}, args: []string{"sh", "-c", script + "; sleep 60"}}
}

func TestWhoPretendsIsFoundOut(t *testing.T) {
	s := quick(t)
	for script, want := range map[string]string{
		`echo '{"ready":true}'; echo '{"stored":200}'`: "does not listen",
		`echo '{"ready":true}'; echo '{"stored":199}'`: "has stored 199",
		`echo '{"stored":200}'`:                        "not ready",
		`echo no such server; exit 1`:                  "it ended: no such server",
	} {
		r := measure(t.Context(), s, job{program: pretender(script), users: s.users, size: 1})
		if !strings.Contains(r.Error, want) {
			t.Errorf("%s: %q, want %q", script, r.Error, want)
		}
	}
	s.patience = time.Second
	if r := measure(t.Context(), s, job{program: pretender(`echo '{"ready":true}'`), users: 1, size: 1}); r.Error != errPatience.Error() {
		t.Errorf("silence is %q", r.Error)
	}
}
