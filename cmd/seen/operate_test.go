package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

// The daemon itself tells its service manager, when it is started by one.
func TestSeenRunTellsItsServiceManager(t *testing.T) {
	shop := openShop(t)
	socket := shortPath(t)
	heard := manager(t, socket)
	all := make(chan string, 1000)
	go func() {
		defer close(all)
		for {
			said := heard()
			all <- said
			if said == "" || said == "STOPPING=1" {
				return
			}
		}
	}()
	hears := func(want string) {
		t.Helper()
		for said := range all {
			if strings.HasPrefix(said, want) {
				return
			}
		}
		t.Errorf("the manager was not told %s", want)
	}
	end := shop.stay(t, shop.folder(t), "NOTIFY_SOCKET="+socket+" WATCHDOG_USEC=200000 exec seen run")
	hears("READY=1\nSTATUS=Connected as Seen Demo")
	hears("WATCHDOG=1")
	end()
	hears("STOPPING=1")
}

// TestAnotherUserCannotUseTheSocket lets nobody try, with the command itself: by
// the mode that the socket has, and by one that somebody has loosened.
func TestAnotherUserCannotUseTheSocket(t *testing.T) {
	if os.Geteuid() != 0 || runtime.GOOS == "windows" {
		t.Skip("only root can be somebody else")
	}
	shop := openShop(t)
	dir := shop.folder(t)
	defer shop.stay(t, dir, "exec seen run")()
	socket := filepath.Join(dir, "bot.session.sock")
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	seen := copyOfSeen(t)
	try := func() (exit int, problems string) {
		cmd := exec.Command(seen, "status", "--socket", socket, "--session", filepath.Join(dir, "bot.session"))
		cmd.Dir = "/"
		cmd.Env = []string{"APP_ID=1", "APP_HASH=x"}
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		var out bytes.Buffer
		cmd.Stderr = &out
		err := cmd.Run()
		if _, ok := errors.AsType[*exec.ExitError](err); err != nil && !ok {
			t.Fatal(err)
		}
		return cmd.ProcessState.ExitCode(), out.String()
	}
	if exit, problems := try(); exit != 1 || !strings.Contains(problems, "seen: the socket belongs to somebody else: "+socket) {
		t.Errorf("by its mode: exit status %d\n%s", exit, problems)
	}
	if err := os.Chmod(socket, 0o666); err != nil {
		t.Fatal(err)
	}
	if exit, problems := try(); exit != 1 || !strings.Contains(problems, "seen: the socket is for the daemon's user alone") {
		t.Errorf("with a loosened mode: exit status %d\n%s", exit, problems)
	}
	if out := shop.output(t, dir, "seen status"); !bytes.Contains(out, []byte("connected")) {
		t.Errorf("the owner: %s", out)
	}
}

// copyOfSeen is the command where everybody can run it.
func copyOfSeen(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "seen")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	from, err := os.Open(self)
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close() //nolint:errcheck // it was only read
	path := filepath.Join(dir, "seen")
	to, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o755)
	if err != nil {
		t.Fatal(err)
	}
	_, err = io.Copy(to, from)
	if err := errors.Join(err, to.Chmod(0o755), to.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}
