package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/f48b34c0/seen/internal/fakedc"
)

// staying are the examples that run until they are interrupted, as soon as they
// have printed something.
var staying = regexp.MustCompile(`seen (run|testserver|updates)\b|--watch`)

// ports are those that examples name, and that somebody may have taken.
var ports = regexp.MustCompile(`127\.0\.0\.1:\d+`)

// TestEveryExampleRuns runs every line of every example, as it stands in the help
// texts, by a shell, in a folder of its own with a session file in which the
// people of the demo are. What it prints in JSON is what the contract says.
func TestEveryExampleRuns(t *testing.T) {
	shop := openShop(t)
	shown := 0
	for _, cmd := range verbs(t) {
		if cmd.Example == "" {
			continue
		}
		for line := range strings.SplitSeq(cmd.Example, "\n") {
			line = strings.TrimSpace(line)
			if line == "" {
				continue
			}
			shown++
			t.Run(line, func(t *testing.T) {
				t.Parallel()
				dir := shop.folder(t)
				shop.run(t, dir, line)
				name := strings.TrimPrefix(cmd.CommandPath(), "seen ")
				simple := strings.HasPrefix(line, "seen ") && !strings.ContainsAny(line, "|<>&")
				if i := slices.IndexFunc(contract(), func(p printed) bool { return p.verb == name }); simple && i >= 0 {
					out := shop.run(t, shop.folder(t), line+" -o json")
					wantObjects(t, out, contract()[i].objects)
				}
			})
		}
	}
	if shown < 30 {
		t.Errorf("only %d examples", shown)
	}
}

// wantObjects checks that every line is an object of one of the types and has no
// field that its type does not have.
func wantObjects(t *testing.T, out []byte, objects []any) {
	t.Helper()
	for line := range bytes.Lines(out) {
		fits := len(objects) == 0
		var problems []error
		for _, o := range objects {
			dec := json.NewDecoder(bytes.NewReader(line))
			dec.DisallowUnknownFields()
			err := dec.Decode(reflect.New(reflect.TypeOf(o)).Interface())
			fits = fits || err == nil
			problems = append(problems, err)
		}
		if !fits {
			t.Errorf("%s is in no contract: %v", line, problems)
		}
	}
}

// shop is where examples run: a server, and folders with what they speak of.
type shop struct {
	dc   *fakedc.Server
	path string // a folder that is copied for every example
	bin  string // a folder with the programs that examples use and that may be missing
}

func openShop(t *testing.T) *shop {
	t.Helper()
	dc, err := fakedc.Start(t.Context(), fakedc.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = dc.Close() })
	s := &shop{dc: dc, path: t.TempDir(), bin: t.TempDir()}
	if err := writeKey(filepath.Join(s.path, "server.pem"), dc.PublicKey()); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"fortune": "#!/bin/sh\necho 'You will have a fine day.'\n",
		"jq":      "#!/bin/sh\nexec cat\n",
	} {
		if err := os.WriteFile(filepath.Join(s.bin, name), []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range map[string]string{
		"door.token": "a-token-that-is-long-enough\n",
		"names.txt":  "# whom to ask\n@carol\n@ann\n",

		"invoice.pdf":    "%PDF-1.7\n",
		"letters.ndjson": `{"to": "@ann", "text": "Your order has shipped", "key": "order-7"}` + "\n",

		"greetings/en.html": "Hello {first_name}",
	} {
		path := filepath.Join(s.path, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	s.seed(t)
	return s
}

// seed lets the people of the demo come by a daemon.
func (s *shop) seed(t *testing.T) {
	t.Helper()
	d := &victim{
		t: t, dc: s.dc, file: filepath.Join(s.path, "bot.session"),
		log: filepath.Join(t.TempDir(), "daemon.log"), key: filepath.Join(s.path, "server.pem"),
	}
	d.run()
	for _, step := range []fakedc.Step{
		{Do: "chat", Chat: "market", Kind: "supergroup", Text: "Market", Username: "friends", Members: []string{"ann", "bob", "bot"}},
		{Do: "start", Who: "ann"},
		{Do: "start", Who: "bob"},
		{Do: "write", Who: "bob", Chat: "market", Text: "Hi all"},
		{Do: "write", Who: "bob", Chat: "friends", Text: "Hi all"},
	} {
		if _, err := s.dc.World().Do(t.Context(), step); err != nil {
			t.Fatal(err)
		}
	}
	for deadline := time.Now().Add(scriptPatience); ; time.Sleep(20 * time.Millisecond) {
		out := s.output(t, s.path, "seen peers; seen status")
		if bytes.Contains(out, []byte(" 1001 ")) && bytes.Contains(out, []byte("@friends")) && bytes.Contains(out, []byte("no messages")) {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("nobody came by:\n%s", out)
		}
	}
	if err := d.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := d.cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	s.output(t, s.path, "seen resolve @carol && seen peers export --hashes > book.ndjson && gzip -k book.ndjson")
}

// folder is a copy of everything, for one example.
func (s *shop) folder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "seen") // short enough for a socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.CopyFS(dir, os.DirFS(s.path)); err != nil {
		t.Fatal(err)
	}
	return dir
}

func (s *shop) command(t *testing.T, dir, line string) *exec.Cmd {
	cmd := exec.CommandContext(t.Context(), "sh", "-c", line)
	cmd.Dir = dir
	path := os.Getenv("PATH")
	if _, err := exec.LookPath("jq"); err != nil {
		path += ":" + s.bin
	}
	if _, err := exec.LookPath("fortune"); err != nil {
		path += ":" + s.bin
	}
	d := &victim{t: t, dc: s.dc, file: filepath.Join(dir, "bot.session"), key: filepath.Join(dir, "server.pem")}
	cmd.Env = append(d.env(), "PATH="+path)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return cmd
}

func (s *shop) output(t *testing.T, dir, line string) []byte {
	t.Helper()
	cmd := s.command(t, dir, line)
	var problems bytes.Buffer
	cmd.Stderr = &problems
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", line, err, &problems)
	}
	return out
}

// run runs an example. One that stays is interrupted after its first line.
func (s *shop) run(t *testing.T, dir, line string) []byte {
	t.Helper()
	line = ports.ReplaceAllString(line, "127.0.0.1:0")
	if strings.Contains(line, "--ready") || strings.HasPrefix(line, "seen updates") {
		defer s.stay(t, dir, "seen run")()
	}
	for begins, before := range map[string]string{
		"seen man":                      "mkdir pages",
		"seen check --session":          "seen backup copy.session",
		"seen rekey --key-file session": "seen rekey --generate --new-key-file session.key; umask 077; sed y/0123456789abcdef/123456789abcdef0/ session.key > other.key",
	} {
		if strings.HasPrefix(line, begins) {
			s.output(t, dir, before)
		}
	}
	if !staying.MatchString(line) {
		return s.output(t, dir, line)
	}
	var first []byte
	func() {
		cmd, out := s.begin(t, dir, line)
		defer s.end(t, line, cmd)
		first = out
	}()
	return first
}

// stay keeps a command running until it is told to end.
func (s *shop) stay(t *testing.T, dir, line string) (end func()) {
	cmd, _ := s.begin(t, dir, line)
	return func() { s.end(t, line, cmd) }
}

func (s *shop) begin(t *testing.T, dir, line string) (*exec.Cmd, []byte) {
	t.Helper()
	cmd := s.command(t, dir, line)
	var problems bytes.Buffer
	cmd.Stderr = &problems
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(out)
	first, err := lines.ReadBytes('\n')
	if err != nil {
		_ = cmd.Wait()
		t.Fatalf("%s: %v\n%s", line, err, &problems)
	}
	return cmd, first
}

// end interrupts a command and everything that it has started.
func (s *shop) end(t *testing.T, line string, cmd *exec.Cmd) {
	t.Helper()
	if err := syscall.Kill(-cmd.Process.Pid, syscall.SIGINT); err != nil {
		t.Error(err)
	}
	err := cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); err != nil && code != 130 && code != -1 {
		t.Errorf("%s: %v\n%s", line, err, cmd.Stderr)
	}
}
