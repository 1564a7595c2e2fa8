package main

import (
	"bytes"
	"os"
	"syscall"
	"testing"
	"time"
)

// Memory does not grow with the number of messages. It is the command's own on the
// file, book and all; what it takes is told with -v.
func TestManyLettersTakeLittleMemory(t *testing.T) {
	m := newMail(t, 300)
	m.kill()
	peak := func(times int) int64 {
		raw, err := os.ReadFile(m.letters)
		if err != nil {
			t.Fatal(err)
		}
		whole := m.letters
		defer func() { m.letters = whole }()
		m.letters += ".more"
		if err := os.WriteFile(m.letters, bytes.Repeat(raw, times), 0o600); err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		cmd, answers := m.send()
		lines := 0
		for _, err := answers.ReadBytes('\n'); err == nil; _, err = answers.ReadBytes('\n') {
			lines++
		}
		if err := cmd.Wait(); err != nil || lines != 300*times {
			t.Fatalf("%d answers, %v\n%s", lines, err, m.said(cmd))
		}
		used := cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss << 10
		t.Logf("%d messages: %d MB at most, %v", lines, used>>20, time.Since(began).Round(time.Millisecond))
		return used
	}
	if one, many := peak(1), peak(40); many > one+32<<20 {
		t.Errorf("300 messages take %d MB and 12000 take %d MB", one>>20, many>>20)
	}
}
