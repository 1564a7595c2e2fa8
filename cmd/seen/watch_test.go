package main

import (
	"os"
	"regexp"
	"strings"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// cmdWatch starts seen updates beside the script, and ends it. What it has printed
// since the script looked last is in the file watched, what it said on stderr in
// watcherror.
func cmdWatch(ts *testscript.TestScript, neg bool, args []string) {
	s := sceneOf(ts)
	how := ""
	if len(args) > 0 {
		how = args[0]
	}
	if neg || s.watch == nil && (how == "stop" || how == "ends" || how == "sleep" || how == "wake") {
		ts.Fatalf("usage: watch [FLAG...] | stop | ends STATUS | sleep | wake")
	}
	switch how {
	case "sleep":
		ts.Check(s.watch.cmd.Process.Signal(syscall.SIGSTOP))
	case "wake":
		ts.Check(s.watch.cmd.Process.Signal(syscall.SIGCONT))
	case "stop", "ends":
		want := "130"
		if how == "stop" {
			ts.Check(s.watch.cmd.Process.Signal(os.Interrupt))
		} else {
			want = args[1]
		}
		rest := s.watch.rest(ts)
		s.watch.ends(ts, want)
		keepWatched(ts, rest)
		ts.Check(os.WriteFile(ts.MkAbs("watcherror"), s.watch.logged(), 0o600))
		s.watch = nil
	default:
		if s.watch != nil {
			ts.Fatalf("somebody watches already")
		}
		ts.Check(os.RemoveAll(ts.MkAbs("watch.log")))
		first := start(ts, &s.watch, "watch.log", append([]string{"updates"}, args...)...)
		keepWatched(ts, []string{first})
	}
}

// cmdWatched waits for a line.
func cmdWatched(ts *testscript.TestScript, neg bool, args []string) {
	s := sceneOf(ts)
	if neg || len(args) != 1 || s.watch == nil {
		ts.Fatalf("usage: watched REGEXP, while somebody watches")
	}
	want, err := regexp.Compile(args[0])
	ts.Check(err)
	var lines []string
	for {
		lines = append(lines, s.watch.line(ts))
		if want.MatchString(lines[len(lines)-1]) {
			keepWatched(ts, lines)
			return
		}
	}
}

// rest are the lines that a process prints until it ends.
func (p *process) rest(ts *testscript.TestScript) (rest []string) {
	for {
		select {
		case line, ok := <-p.lines:
			if !ok {
				return rest
			}
			rest = append(rest, line)
		case <-time.After(scriptPatience):
			ts.Fatalf("%v does not end\n%s", p.cmd.Args, p.logged())
		}
	}
}

func keepWatched(ts *testscript.TestScript, lines []string) {
	ts.Check(os.WriteFile(ts.MkAbs("watched"), []byte(strings.Join(lines, "\n")+"\n"), 0o600))
}
