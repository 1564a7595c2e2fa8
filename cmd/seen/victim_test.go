package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/internal/fakedc"
	"github.com/f48b34c0/seen/session"
)

// victim is the daemon, in a process of its own, to which bad things happen. Its
// server is in this process.
type victim struct {
	t    *testing.T
	dc   *fakedc.Server
	file string // the session file
	log  string // what it said on stderr
	key  string
	// clock is the variable with its clock, if that is another than the machine's.
	clock string
	cmd   *exec.Cmd
	// flags are those of seen run, and as is whose process it is, if not this
	// user's.
	flags []string
	as    *syscall.SysProcAttr
}

func newVictim(t *testing.T, world *fakedc.World) *victim {
	t.Helper()
	dc, err := fakedc.Start(t.Context(), fakedc.Options{World: world})
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "seen") // short: a socket's path has little room
	if err != nil {
		t.Fatal(err)
	}
	d := &victim{
		t: t, dc: dc,
		file: filepath.Join(dir, "bot.session"), log: filepath.Join(dir, "daemon.log"), key: filepath.Join(dir, "server.pem"),
	}
	if err := writeKey(d.key, dc.PublicKey()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if d.cmd != nil {
			d.kill()
		}
		_ = dc.Close()
		if t.Failed() {
			log, _ := os.ReadFile(d.log) // it is for the one who reads the failure
			t.Logf("the daemon said:\n%s", log)
		}
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return d
}

func (d *victim) env() []string {
	return []string{
		"PATH=" + os.Getenv("PATH"), "GOCOVERDIR=" + os.Getenv("GOCOVERDIR"),
		"APP_ID=1", "APP_HASH=0123456789abcdef0123456789abcdef", "BOT_TOKEN=" + fakedc.DemoToken,
		"SESSION_FILE=" + d.file, "SEEN_DC=" + d.dc.Addr(), "SEEN_DC_KEY=" + d.key, d.clock,
	}
}

// start starts the daemon, and ready waits until it says that it is.
func (d *victim) start() *bufio.Reader {
	d.t.Helper()
	d.cmd = exec.Command("seen", append([]string{"run", "--log-level", "warn"}, d.flags...)...)
	d.cmd.Env, d.cmd.SysProcAttr = d.env(), d.as
	log, err := os.OpenFile(d.log, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		d.t.Fatal(err)
	}
	defer log.Close() //nolint:errcheck // the process has its own
	d.cmd.Stderr = log
	out, err := d.cmd.StdoutPipe()
	if err != nil {
		d.t.Fatal(err)
	}
	if err := d.cmd.Start(); err != nil {
		d.t.Fatal(err)
	}
	return bufio.NewReader(out)
}

func (d *victim) run() {
	d.t.Helper()
	if line, err := d.start().ReadString('\n'); err != nil {
		d.t.Fatalf("seen run: %q, %v", line, err)
	}
}

func (d *victim) kill() {
	_ = d.cmd.Process.Kill() // it may have ended
	_ = d.cmd.Wait()         // "signal: killed"
	d.cmd = nil
}

// stop ends the daemon as an operator does.
func (d *victim) stop() {
	d.t.Helper()
	if err := d.cmd.Process.Signal(os.Interrupt); err != nil {
		d.t.Fatal(err)
	}
	if status := d.ends(); status != 0 {
		d.t.Errorf("the daemon was stopped, and ended with status %d", status)
	}
}

// ends waits until the daemon ends by itself, and returns its exit status.
func (d *victim) ends() int {
	d.t.Helper()
	timer := time.AfterFunc(scriptPatience, func() { _ = d.cmd.Process.Kill() })
	_ = d.cmd.Wait() // the status is what matters
	if !timer.Stop() {
		d.t.Fatal("the daemon does not end")
	}
	status := d.cmd.ProcessState.ExitCode()
	d.cmd = nil
	return status
}

// said returns how often the daemon has said something.
func (d *victim) said(what string) int {
	d.t.Helper()
	log, err := os.ReadFile(d.log)
	if err != nil {
		d.t.Fatal(err)
	}
	return bytes.Count(log, []byte(what))
}

// seen runs another verb and returns what it prints.
func (d *victim) seen(args ...string) (out []byte, err error) {
	cmd := exec.Command("seen", args...)
	cmd.Env = d.env()
	return cmd.Output()
}

func (d *victim) status() answer.Status {
	d.t.Helper()
	out, err := d.seen("status", "-o", "json")
	if err != nil {
		d.t.Fatalf("seen status: %s, %v", out, err)
	}
	var st answer.Status
	if err := json.Unmarshal(out, &st); err != nil {
		d.t.Fatal(err)
	}
	return st
}

// until waits for a status that arrives by itself.
func (d *victim) until(what string, holds func(answer.Status) bool) answer.Status {
	d.t.Helper()
	st, ok := d.waits(4*scriptPatience, holds)
	if !ok {
		d.t.Fatalf("%s: not yet, status is %+v", what, st)
	}
	return st
}

// waits reports whether such a status has arrived in time.
func (d *victim) waits(most time.Duration, holds func(answer.Status) bool) (st answer.Status, ok bool) {
	d.t.Helper()
	for deadline := time.Now().Add(most); ; time.Sleep(50 * time.Millisecond) {
		if st = d.status(); holds(st) {
			return st, true
		}
		if time.Now().After(deadline) {
			return st, false
		}
	}
}

func (d *victim) do(s fakedc.Step) fakedc.Result {
	d.t.Helper()
	r, err := d.dc.World().Do(d.t.Context(), s)
	if err != nil {
		d.t.Fatal(err)
	}
	return r
}

// open opens the file of a dead daemon.
func (d *victim) open() *session.File {
	d.t.Helper()
	f, err := session.Open(d.file, nil)
	if err != nil {
		d.t.Fatal(err)
	}
	return f
}

// stored is the account's pts in the file of a dead daemon.
func (d *victim) stored() int {
	d.t.Helper()
	f := d.open()
	defer func() { _ = f.Close() }()
	st, _, err := f.UpdateState()
	if err != nil {
		d.t.Fatal(err)
	}
	return st.Pts
}

// check holds the file of a daemon that was killed against what the server has
// sent: whose update the stored state covers has to be in the book. It returns how
// many updates that are.
func (d *victim) check() (covered int) {
	d.t.Helper()
	f := d.open()
	defer func() { _ = f.Close() }()
	st, found, err := f.UpdateState()
	if err != nil || !found {
		d.t.Fatalf("the update state: found %v, %v", found, err)
	}
	stored := map[int64]int{0: st.Pts}
	for _, c := range d.dc.World().Counted() {
		pts, known := stored[c.Channel]
		if !known {
			if pts, _, err = f.ChannelPts(c.Channel); err != nil {
				d.t.Fatal(err)
			}
			stored[c.Channel] = pts
		}
		if c.Pts > pts || c.User == 0 {
			continue
		}
		covered++
		if _, err := f.Book().Peer(session.UserID(c.User)); err != nil {
			d.t.Fatalf("pts %d of %d is stored, and user %d of pts %d is missing: %v", pts, c.Channel, c.User, c.Pts, err)
		}
	}
	return covered
}
