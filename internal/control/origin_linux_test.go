package control

import (
	"bufio"
	"context"
	"errors"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
)

// Whoever is neither the daemon's user nor root is kept out twice: by the
// socket's mode, and where somebody has loosened that, by what the kernel says of
// who has connected.
func TestAnotherUserIsKeptOut(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can be somebody else")
	}
	path, _ := daemon(t, well(), Options{})
	if err := os.Chmod(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	const nobody = 65534
	if got := as(t, nobody, path); got != "permission denied" {
		t.Errorf("the mode: got %q", got)
	}
	if err := os.Chmod(path, 0o666); err != nil {
		t.Fatal(err)
	}
	if got := as(t, nobody, path); got != "403 Forbidden" {
		t.Errorf("the credentials: got %q", got)
	}
	if got := as(t, 0, path); got != "200 OK" {
		t.Errorf("root: got %q", got)
	}
	if _, err := NewClient(path).Status(t.Context()); err != nil {
		t.Errorf("the owner: got %v", err)
	}
}

// as asks for the status as another user: on a thread of its own, which ends with
// the question, and which connects itself, because the kernel notes who does.
func as(t *testing.T, uid uintptr, path string) string {
	t.Helper()
	said := make(chan string, 1)
	go func() {
		runtime.LockOSThread() // and never unlocked
		if _, _, errno := syscall.RawSyscall(syscall.SYS_SETRESUID, uid, uid, uid); errno != 0 {
			said <- errno.Error()
			return
		}
		conn, err := net.Dial("unix", path)
		if errors.Is(err, fs.ErrPermission) {
			said <- "permission denied"
			return
		}
		if err != nil {
			said <- err.Error()
			return
		}
		defer conn.Close() //nolint:errcheck // all is said
		_, _ = io.WriteString(conn, "GET /v1/status HTTP/1.1\r\nHost: seen\r\nConnection: close\r\n\r\n")
		resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			said <- err.Error()
			return
		}
		_ = resp.Body.Close()
		said <- resp.Status
	}()
	return <-said
}

func TestStrangersAreThoseOfAnotherUser(t *testing.T) {
	me := os.Geteuid()
	for from, want := range map[origin]bool{
		{socket: true, uid: me}:     false,
		{socket: true, uid: 0}:      false,
		{socket: true, uid: -1}:     false, // the system does not tell
		{socket: true, uid: -2}:     true,  // it should have
		{socket: true, uid: me + 1}: true,
		{socket: false, uid: -1}:    false, // the token is what counts
	} {
		if got := from.stranger(); got != want {
			t.Errorf("%+v: got %v", from, got)
		}
	}
	r := (&http.Request{}).WithContext(context.Background())
	if from := originOf(r); from.socket {
		t.Error("a request from nowhere came by the socket")
	}
}
