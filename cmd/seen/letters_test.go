package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/internal/fakedc"
)

// lettersOf is how many messages are sent, unless SEEN_LETTERS is the number.
func lettersOf(t *testing.T) int {
	t.Helper()
	long := os.Getenv("SEEN_LETTERS")
	if long == "" {
		return 600
	}
	n, err := strconv.Atoi(long)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// A run of many messages breaks off in the middle, three times: the command is killed
// beside a daemon, then the daemon, then the command on the file alone. It is run
// again as it was, and in the end everybody has got theirs, once.
func TestEverybodyGetsOneLetterHoweverOftenTheRunIsKilled(t *testing.T) {
	n := lettersOf(t)
	m := newMail(t, n)
	got := 0
	for _, kill := range []struct {
		name   string
		beside bool
		who    func(cmd *exec.Cmd) []*os.Process
	}{
		{"the command beside a daemon", true, func(cmd *exec.Cmd) []*os.Process { return []*os.Process{cmd.Process} }},
		{"the daemon", true, func(*exec.Cmd) []*os.Process { return []*os.Process{m.cmd.Process} }},
		{"the command on the file", false, func(cmd *exec.Cmd) []*os.Process { return []*os.Process{cmd.Process} }},
	} {
		if kill.beside && m.cmd == nil {
			m.run()
		}
		cmd, answers := m.send()
		for range got + n/5 {
			if _, err := answers.ReadBytes('\n'); err != nil {
				t.Fatalf("%s: the run ended before it was killed: %v\n%s", kill.name, err, m.said(cmd))
			}
		}
		for _, p := range kill.who(cmd) {
			_ = p.Kill() // it may have ended
		}
		_ = cmd.Wait()
		if cmd.ProcessState.Success() {
			t.Errorf("%s: the run ended well", kill.name)
		}
		if said := m.said(cmd); kill.name == "the daemon" && !strings.Contains(said, "seen: hint: run it again: ") {
			t.Errorf("%s: the run said %q", kill.name, said)
		}
		if m.cmd != nil && kill.name != "the command beside a daemon" {
			m.kill()
		}
		before := got
		got = m.arrived()
		t.Logf("%s was killed: %d of %d have arrived", kill.name, got, n)
		if got <= before || got >= n {
			t.Errorf("%s: that was not in the middle", kill.name)
		}
	}
	cmd, answers := m.send()
	var repeated, fresh int
	for line, err := answers.ReadBytes('\n'); err == nil; line, err = answers.ReadBytes('\n') {
		var sent answer.Sent
		if err := json.Unmarshal(line, &sent); err != nil || sent.To.ID != int64(firstLetter+fresh+repeated) {
			t.Fatalf("answer %d is %s, %v", fresh+repeated, line, err)
		}
		if sent.Repeated {
			repeated++
		} else {
			fresh++
		}
	}
	if err := cmd.Wait(); err != nil || repeated+fresh != n || repeated < got {
		t.Errorf("the last run sent %d and found %d sent, of %d: %v\n%s", fresh, repeated, n, err, m.said(cmd))
	}
	for i := range n {
		m.wantOne(i)
	}
	if out, err := m.seen("check"); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}

// firstLetter is the id of the first of the crowd.
const firstLetter = 2_000_001

// mail is a crowd that is written to.
type mail struct {
	*victim
	letters string // the file
	n       int
}

func newMail(t *testing.T, n int) *mail {
	t.Helper()
	d := newVictim(t, fakedc.NewDemo(fakedc.WorldOptions{}))
	d.flags = append(d.flags, "--no-greeting", "--rate", "0", "--chat-rate", "0")
	d.run()
	d.do(fakedc.Step{Do: "crowd", Count: n})
	d.until("the crowd", func(st answer.Status) bool { return st.Peers.Users > n })
	m := &mail{victim: d, letters: filepath.Join(filepath.Dir(d.file), "letters.ndjson"), n: n}
	var all bytes.Buffer
	for i := range n {
		fmt.Fprintf(&all, `{"to":%d,"text":"Letter %d","key":"%d"}`+"\n", firstLetter+i, i, i)
	}
	if err := os.WriteFile(m.letters, all.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return m
}

// send begins a run.
func (m *mail) send() (*exec.Cmd, *bufio.Reader) {
	m.t.Helper()
	cmd := exec.Command("seen", "send", "-", "-o", "json", "--rate", "0", "--chat-rate", "0")
	cmd.Env = m.env()
	in, err := os.Open(m.letters)
	if err != nil {
		m.t.Fatal(err)
	}
	m.t.Cleanup(func() { _ = in.Close() })
	cmd.Stdin, cmd.Stderr = in, &bytes.Buffer{}
	out, err := cmd.StdoutPipe()
	if err != nil {
		m.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		m.t.Fatal(err)
	}
	m.t.Cleanup(func() { _ = cmd.Process.Kill() }) // it may have ended
	return cmd, bufio.NewReader(out)
}

func (m *mail) said(cmd *exec.Cmd) string { return cmd.Stderr.(*bytes.Buffer).String() }

// to are the messages of the bot to one of the crowd.
func (m *mail) to(i int) (texts []string) {
	for _, got := range m.dc.World().Messages(fmt.Sprintf("user%06d", i+1)) {
		if got.FromID == fakedc.DemoBotID {
			texts = append(texts, got.Text)
		}
	}
	return texts
}

func (m *mail) arrived() (n int) {
	for i := range m.n {
		n += min(len(m.to(i)), 1)
	}
	return n
}

func (m *mail) wantOne(i int) {
	m.t.Helper()
	if got := m.to(i); len(got) != 1 || got[0] != fmt.Sprintf("Letter %d", i) {
		m.t.Errorf("%d got %q", i, got)
	}
}
