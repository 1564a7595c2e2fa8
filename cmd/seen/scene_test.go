package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/f48b34c0/seen/internal/fakedc"
)

// scene is what runs beside a script. It ends with it.
type scene struct {
	beside bool
	server *process
	daemon *process
	watch  *process
}

type sceneKey struct{}

func sceneOf(ts *testscript.TestScript) *scene { return ts.Value(sceneKey{}).(*scene) }

func (s *scene) end() {
	for _, p := range []*process{s.watch, s.daemon, s.server} {
		if p != nil {
			_ = p.cmd.Process.Kill() // it may have ended
			<-p.ended
		}
	}
}

// process is a seen that runs in the background.
type process struct {
	cmd   *exec.Cmd
	in    io.Writer
	lines chan string
	ended chan struct{}
	log   string
}

// variables are what seen reads, and what it takes to find it.
var variables = []string{
	"PATH", "HOME", "TMPDIR", "GOCOVERDIR", "STATE_DIRECTORY", "XDG_STATE_HOME", "CREDENTIALS_DIRECTORY",
	"APP_ID", "APP_HASH", "BOT_TOKEN", "BOT_TOKEN_FILE", "SESSION_FILE", "SESSION_KEY", "SESSION_KEY_FILE", "SEEN_SOCKET", "SEEN_GREETINGS", "SEEN_DC", "SEEN_DC_KEY",
	"NOTIFY_SOCKET", "WATCHDOG_USEC",
	"SEEN_LOOKUPS_PER_DAY", "SEEN_FLOOD_WAIT", "SEEN_RATE", "SEEN_CHAT_RATE", "SEEN_CHAT_BURST", "SEEN_GROUP_RATE",
}

// start starts seen in slot, and returns the first line that it prints. Its
// stderr goes to a file.
func start(ts *testscript.TestScript, slot **process, log string, args ...string) string {
	cmd := exec.Command("seen", args...)
	cmd.Dir = ts.MkAbs(".")
	for _, name := range variables {
		if value := ts.Getenv(name); value != "" {
			cmd.Env = append(cmd.Env, name+"="+value)
		}
	}
	in, err := cmd.StdinPipe()
	ts.Check(err)
	out, err := cmd.StdoutPipe()
	ts.Check(err)
	p := &process{cmd: cmd, in: in, lines: make(chan string, 100), ended: make(chan struct{})}
	p.log = filepath.Join(ts.Getenv("WORK"), log)
	file, err := os.OpenFile(p.log, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	ts.Check(err)
	defer file.Close() //nolint:errcheck // the process has its own
	cmd.Stderr = file
	ts.Check(cmd.Start())
	*slot = p
	go func() {
		defer close(p.ended)
		defer close(p.lines)
		lines := bufio.NewScanner(out)
		lines.Buffer(nil, 1<<24)
		for lines.Scan() {
			p.lines <- lines.Text()
		}
		_ = cmd.Wait() // stop looks at the status
	}()
	return p.line(ts)
}

func (p *process) line(ts *testscript.TestScript) string {
	select {
	case line, ok := <-p.lines:
		if ok {
			return line
		}
		<-p.ended
		ts.Fatalf("%v ended: %v\n%s", p.cmd.Args, p.cmd.ProcessState, p.logged())
	case <-time.After(scriptPatience):
		ts.Fatalf("%v says nothing\n%s", p.cmd.Args, p.logged())
	}
	return ""
}

func (p *process) logged() []byte {
	log, _ := os.ReadFile(p.log) // it is for the one who reads the failure
	return log
}

// end waits until the process has ended.
func (p *process) end(ts *testscript.TestScript) {
	select {
	case <-p.ended:
	case <-time.After(scriptPatience):
		ts.Fatalf("%v does not end\n%s", p.cmd.Args, p.logged())
	}
}

func (p *process) stop(ts *testscript.TestScript, signal os.Signal) {
	ts.Check(p.cmd.Process.Signal(signal))
	p.end(ts)
	if signal != os.Kill && !p.cmd.ProcessState.Success() {
		ts.Fatalf("%v ended: %v\n%s", p.cmd.Args, p.cmd.ProcessState, p.logged())
	}
}

// ends waits until the process has ended by itself.
func (p *process) ends(ts *testscript.TestScript, status string) {
	select {
	case <-p.ended:
	case <-time.After(scriptPatience):
		ts.Fatalf("%v does not end\n%s", p.cmd.Args, p.logged())
	}
	if got := strconv.Itoa(p.cmd.ProcessState.ExitCode()); got != status {
		ts.Fatalf("%v ended with status %s, want %s\n%s", p.cmd.Args, got, status, p.logged())
	}
}

// reload sends SIGHUP and waits until the log says what came of it.
func (p *process) reload(ts *testscript.TestScript) {
	before := len(p.logged())
	ts.Check(p.cmd.Process.Signal(syscall.SIGHUP))
	for deadline := time.Now().Add(scriptPatience); ; time.Sleep(10 * time.Millisecond) {
		if bytes.Contains(p.logged()[before:], []byte(`"msg":"reloaded"`)) {
			return
		}
		if time.Now().After(deadline) {
			ts.Fatalf("%v says nothing of what it reads again\n%s", p.cmd.Args, p.logged())
		}
	}
}

func cmdTestserver(ts *testscript.TestScript, neg bool, args []string) {
	s := sceneOf(ts)
	if neg || s.server != nil {
		ts.Fatalf("usage: testserver [FLAG...], once")
	}
	key := filepath.Join(ts.Getenv("WORK"), "server.pem")
	line := start(ts, &s.server, "server.log", append([]string{"testserver", "-o", "json", "--write-key", key}, args...)...)
	var at place
	ts.Check(json.Unmarshal([]byte(line), &at))
	ts.Setenv("SEEN_DC", at.Addr)
	ts.Setenv("SEEN_DC_KEY", key)
	ts.Setenv("BOT_TOKEN", at.Token)
}

func cmdTell(ts *testscript.TestScript, neg bool, args []string) {
	s := sceneOf(ts)
	want := regexp.MustCompile("")
	if len(args) == 3 && args[0] == "until" {
		want = regexp.MustCompile(args[1])
		args = args[2:]
	}
	if s.server == nil || len(args) != 1 {
		ts.Fatalf("usage: tell [until REGEXP] STEP, with a testserver")
	}
	for deadline := time.Now().Add(scriptPatience); ; time.Sleep(20 * time.Millisecond) {
		_, err := io.WriteString(s.server.in, args[0]+"\n")
		ts.Check(err)
		line := s.server.line(ts)
		var got fakedc.Result
		ts.Check(json.Unmarshal([]byte(line), &got))
		if got.OK == neg {
			ts.Fatalf("%s", line)
		}
		ts.Check(os.WriteFile(ts.MkAbs("told"), []byte(line+"\n"), 0o600))
		if want.MatchString(line) {
			return
		}
		if time.Now().After(deadline) {
			ts.Fatalf("%s", line)
		}
	}
}

func cmdDaemon(ts *testscript.TestScript, neg bool, args []string) {
	s := sceneOf(ts)
	how := ""
	if len(args) > 0 {
		how = args[0]
	}
	switch {
	case neg:
		ts.Fatalf("unsupported: ! daemon")
	case how == "hangup" && s.daemon != nil:
		ts.Check(s.daemon.cmd.Process.Signal(syscall.SIGHUP))
	case how == "reload" && s.daemon != nil:
		s.daemon.reload(ts)
	case how == "stop" || how == "kill":
		if s.daemon == nil {
			ts.Fatalf("no daemon runs")
		}
		signal := os.Interrupt
		if how == "kill" {
			signal = os.Kill
		}
		s.daemon.stop(ts, signal)
		s.daemon = nil
	case how == "ends":
		if s.daemon == nil || len(args) != 2 {
			ts.Fatalf("usage: daemon ends STATUS, with a daemon")
		}
		s.daemon.ends(ts, args[1])
		s.daemon = nil
	case s.daemon != nil:
		ts.Fatalf("a daemon runs already")
	default:
		line := start(ts, &s.daemon, "daemon.log", append([]string{"run", "-o", "json"}, args...)...)
		var at readiness
		ts.Check(json.Unmarshal([]byte(line), &at))
		ts.Setenv("DOOR", at.Listen)
		ts.Setenv("MONITOR", at.MetricsListen)
	}
}
