package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// The scripts run this test binary as the command seen, in processes of its own.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"seen": func() {
			out, err := keepSecret(os.Stdout), keepSecret(os.Stderr)
			os.Exit(run(os.Args[1:], os.Getenv, clockOf(os.Getenv), os.Stdin, out, err))
		},
	})
}

// TestStories runs every script in testdata/script. One that opens the door runs
// twice: beside a daemon, and on the file alone. What it expects is the same.
func TestStories(t *testing.T) {
	files, err := filepath.Glob("testdata/script/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no scripts: ", err)
	}
	var both []string
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(text, []byte("\ndoor\n")) {
			both = append(both, file)
		}
	}
	t.Run("on the file", func(t *testing.T) { testscript.Run(t, params(files, false)) })
	t.Run("beside a daemon", func(t *testing.T) { testscript.Run(t, params(both, true)) })
}

// keepSecret ends the program when the bot's token is about to be printed. The
// test server's own output is where scripts have the token from.
func keepSecret(w io.Writer) io.Writer {
	token := os.Getenv("BOT_TOKEN")
	if raw, err := os.ReadFile(os.Getenv("BOT_TOKEN_FILE")); err == nil {
		token = strings.TrimSpace(string(raw))
	}
	if _, after, ok := strings.Cut(token, ":"); ok {
		token = after
	}
	if len(token) < 8 || len(os.Args) > 1 && os.Args[1] == "testserver" {
		return w
	}
	return secretKeeper{w, []byte(token)}
}

type secretKeeper struct {
	io.Writer
	secret []byte
}

// SyscallConn is that of what it keeps the secret from.
func (k secretKeeper) SyscallConn() (syscall.RawConn, error) {
	return k.Writer.(syscall.Conn).SyscallConn()
}

// Fd is that as well.
func (k secretKeeper) Fd() uintptr { return k.Writer.(interface{ Fd() uintptr }).Fd() }

func (k secretKeeper) Write(b []byte) (int, error) {
	if bytes.Contains(b, k.secret) {
		_, _ = os.Stderr.WriteString("the token was about to be printed\n")
		os.Exit(99)
	}
	return k.Writer.Write(b)
}
