package main

import (
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/f48b34c0/seen/internal/fakedc"
)

// patience of the scripts, for whatever arrives by itself.
const scriptPatience = 15 * time.Second

// params make the scripts' language:
//
//	testserver [FLAG...]     start a test server, and set the environment for its bot
//	tell STEP                let a step happen there; what it answers is in the file told
//	tell until REGEXP STEP   the same, again and again until it answers that
//	daemon [FLAG...]         start seen run and wait until it is ready
//	                         and set $DOOR and $MONITOR to where it listens on TCP
//	daemon stop | kill       end it by SIGINT, which must end it well, or by SIGKILL
//	daemon hangup            send it SIGHUP
//	daemon reload            the same, and wait until the log says what came of it
//	daemon ends STATUS       wait until it has ended by itself, with that exit status
//	watch [FLAG...]          start seen updates; its first line is in the file watched
//	watch sleep | wake       let it stand still, and go on
//	watch stop               interrupt it; the rest is in watched, its stderr in watcherror
//	watch ends STATUS        the same, when it has ended by itself
//	watched REGEXP           wait for a line of it; those up to it are in the file watched
//	door                     in one of the two runs of the script: start the daemon
//	exits STATUS COMMAND...  run it and check its exit status
//	until REGEXP COMMAND...  run it until it succeeds and prints that
//	same FILE GOLDEN         compare as cmp does, but for times and $WORK
//	fill FILE SIZE           write that many bytes of noise
//
// and the conditions [daemon], for what cannot be the same in both runs, and
// [bash-completion], for machines that have it.
func params(files []string, beside bool) testscript.Params {
	return testscript.Params{
		Files: files,
		Setup: func(env *testscript.Env) error {
			s := &scene{beside: beside}
			env.Values[sceneKey{}] = s
			env.Defer(s.end)
			return setUp(env)
		},
		Condition: func(cond string) (bool, error) {
			switch cond {
			case "daemon":
				return beside, nil
			case "bash-completion":
				_, err := os.Stat("/usr/share/bash-completion/bash_completion")
				return err == nil, nil
			}
			return false, fmt.Errorf("no condition %q", cond)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"testserver": cmdTestserver,
			"tell":       cmdTell,
			"daemon":     cmdDaemon,
			"door":       cmdDoor,
			"watch":      cmdWatch,
			"watched":    cmdWatched,
			"exits":      cmdExits,
			"until":      cmdUntil,
			"same":       cmdSame,
			"fill":       cmdFill,
		},
	}
}

// setUp gives every script a server to connect to that is not there, so that none
// can reach Telegram by mistake.
func setUp(env *testscript.Env) error {
	key, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		return err
	}
	nobody := filepath.Join(env.WorkDir, "nobody.pem")
	if err := writeKey(nobody, &key.PublicKey); err != nil {
		return err
	}
	state := filepath.Join(env.WorkDir, "state")
	if err := os.Mkdir(state, 0o700); err != nil {
		return err
	}
	env.Setenv("HOME", filepath.Join(env.WorkDir, "home"))
	env.Setenv("APP_ID", "1")
	env.Setenv("APP_HASH", "0123456789abcdef0123456789abcdef")
	env.Setenv("BOT_TOKEN", fakedc.DemoToken)
	env.Setenv("SESSION_FILE", filepath.Join(state, "bot.session"))
	env.Setenv("SEEN_DC", "127.0.0.1:1")
	env.Setenv("SEEN_DC_KEY", nobody)
	return nil
}

func cmdDoor(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) > 0 {
		ts.Fatalf("usage: door")
	}
	if sceneOf(ts).beside {
		cmdDaemon(ts, false, nil)
	}
}

func cmdExits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits STATUS COMMAND...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		exit, ok := errors.AsType[*exec.ExitError](err)
		if !ok {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
}

func cmdUntil(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: until REGEXP COMMAND...")
	}
	want, err := regexp.Compile("(?m)" + args[0])
	ts.Check(err)
	for deadline := time.Now().Add(scriptPatience); ; time.Sleep(20 * time.Millisecond) {
		err := ts.Exec(args[1], args[2:]...)
		if err == nil && want.MatchString(ts.ReadFile("stdout")) {
			return
		}
		if time.Now().After(deadline) {
			ts.Fatalf("%q was not printed within %v", args[0], scriptPatience)
		}
	}
}

var times = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z`)

func cmdSame(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: same FILE GOLDEN")
	}
	got := times.ReplaceAllString(ts.ReadFile(args[0]), "TIME")
	got = strings.ReplaceAll(got, ts.Getenv("WORK"), "$WORK")
	if want := ts.ReadFile(args[1]); got != want {
		ts.Fatalf("%s is\n%s\nbut %s is\n%s", args[0], got, args[1], want)
	}
}
