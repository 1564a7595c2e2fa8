package main

import (
	"bytes"
	"strings"
	"testing"
)

func TestABarTellsHowFarAFileIs(t *testing.T) {
	for _, c := range []struct {
		done, total int64
		want        string
	}{
		{0, 10_000_000, "big.bin  [------------------------------]   0%  of 10.0 MB"},
		{5_000_000, 10_000_000, "big.bin  [###############---------------]  50%  of 10.0 MB"},
		{10_000_000, 10_000_000, "big.bin  [##############################] 100%  of 10.0 MB"},
		{11_000_000, 10_000_000, "big.bin  [##############################] 100%  of 10.0 MB"}, // it grew meanwhile
		{1_500_000, 0, "big.bin  1.5 MB"},
	} {
		b := bar{name: "big.bin", done: c.done, total: c.total}
		if got := b.line(); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

// TestABarIsWrittenOverAndGoes: its last line is not left behind, and nothing at all
// is written where there is no terminal.
func TestABarIsWrittenOverAndGoes(t *testing.T) {
	var out bytes.Buffer
	b := &bar{w: &out, name: "a", total: 3}
	for range 3 {
		b.add(1)
	}
	b.clear()
	b.add(1)
	got := out.String()
	if !strings.Contains(got, "100%") || !strings.HasSuffix(got, "\r\x1b[K") || strings.Contains(got, "\n") {
		t.Errorf("got %q", got)
	}
	out.Reset()
	quiet := newBar(&out, "a\x1b[31m", 1)
	quiet.add(1)
	quiet.clear()
	if out.Len() > 0 || strings.Contains(quiet.name, "\x1b") {
		t.Errorf("got %q for %q", out.String(), quiet.name)
	}
}
