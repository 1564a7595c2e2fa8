package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/internal/control"
)

// still is a bot of which everything hangs that a test lets hang, whatever its
// context says.
type still struct {
	control.Bot
	send, run, file chan struct{} // nil does not hang
	asked           chan struct{}

	mu     sync.Mutex
	sick   error
	closed bool
}

func hang(c chan struct{}) {
	if c != nil {
		<-c
	}
}

func (s *still) Send(context.Context, answer.SendRequest) (answer.Sent, error) {
	close(s.asked)
	hang(s.send)
	return answer.Sent{MessageID: 1}, nil
}

func (s *still) Status(context.Context) (answer.Status, error) {
	return answer.Status{Connected: true}, nil
}

func (s *still) Run(ctx context.Context, ready func(answer.Peer)) error {
	ready(answer.Peer{Kind: "user", ID: 7})
	<-ctx.Done()
	hang(s.run)
	return ctx.Err()
}

func (s *still) Reload(context.Context) ([]string, error) { return []string{"greetings"}, nil }

func (s *still) Health(context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sick
}

func (s *still) Close() error {
	hang(s.file)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	return nil
}

// rehearse makes a daemon around a bot, with a pipe for what it prints.
func rehearse(t *testing.T, b *still, tell notifier) (d *daemon, line func() string) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = r.Close(), w.Close() })
	b.asked = make(chan struct{})
	moment := 10 * time.Millisecond
	d = &daemon{
		bot: b, out: &printer{w: w}, log: zap.NewNop(), tell: tell,
		hangups: hangups(strings.NewReader("")),
		stop:    bounds{moment, moment, moment, moment},
	}
	d.line.Socket = shortPath(t)
	lines := bufio.NewReader(r)
	return d, func() string {
		s, err := lines.ReadString('\n')
		if err != nil {
			t.Error(err)
		}
		return s
	}
}

func TestADaemonStopsWhateverHangs(t *testing.T) {
	forever := make(chan struct{})
	defer close(forever)
	for name, c := range map[string]struct {
		bot       *still
		complaint string
	}{
		"nothing":          {&still{}, ""},
		"a request":        {&still{send: forever}, "requests that do not end: 1"},
		"the bot":          {&still{run: forever}, "the bot does not end"},
		"the session file": {&still{file: forever}, "the session file is not closed"},
		"everything":       {&still{send: forever, run: forever, file: forever}, "the bot does not end"},
	} {
		t.Run(name, func(t *testing.T) {
			d, line := rehearse(t, c.bot, notifier{})
			ctx, stop := context.WithCancel(t.Context())
			lived := make(chan error, 1)
			go func() { lived <- d.live(ctx, doors{}) }()
			if got := line(); !strings.HasPrefix(got, "ready as user 7") {
				t.Errorf("got %q", got)
			}
			asked := make(chan error, 1)
			go func() {
				_, err := control.NewClient(d.line.Socket).Send(context.Background(), answer.SendRequest{})
				asked <- err
			}()
			<-c.bot.asked
			stop()
			// Or the test hangs.
			if err := <-lived; (err == nil) != (c.complaint == "") || !strings.Contains(fmt.Sprint(err), c.complaint) {
				t.Errorf("got %v", err)
			}
			if err := <-asked; (c.bot.send == nil) != (err == nil) {
				t.Errorf("the request got %v", err)
			}
			if !c.bot.closed && c.bot.file == nil {
				t.Error("the session file was not closed")
			}
		})
	}
}

// manager is a service manager that listens. What it hears last is "", after it
// has heard nothing for long.
func manager(t *testing.T, name string) (heard func() string) {
	t.Helper()
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: name, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return func() string {
		_ = conn.SetReadDeadline(time.Now().Add(scriptPatience))
		buf := make([]byte, 4096)
		n, err := conn.Read(buf)
		if err != nil {
			t.Error(err)
			return ""
		}
		return string(buf[:n])
	}
}

func TestAServiceManagerIsToldHowTheDaemonIs(t *testing.T) {
	for _, name := range []string{shortPath(t), "@seen-test-" + filepath.Base(filepath.Dir(shortPath(t)))} {
		heard := manager(t, name)
		env := map[string]string{"NOTIFY_SOCKET": name}
		d, line := rehearse(t, &still{}, newNotifier(func(k string) string { return env[k] }, zap.NewNop()))
		ctx, stop := context.WithCancel(t.Context())
		lived := make(chan error, 1)
		go func() { lived <- d.live(ctx, doors{}) }()
		line()
		if got := heard(); got != "READY=1\nSTATUS=Connected as user 7" {
			t.Errorf("at the start: %q", got)
		}
		d.hangups.signals <- syscall.SIGHUP
		if got := heard(); !strings.HasPrefix(got, "RELOADING=1\nMONOTONIC_USEC=") {
			t.Errorf("at a reload: %q", got)
		}
		if got := heard(); got != "READY=1" {
			t.Errorf("after a reload: %q", got)
		}
		stop()
		if got := heard(); got != "STOPPING=1" {
			t.Errorf("at the end: %q", got)
		}
		if err := <-lived; err != nil {
			t.Error(err)
		}
	}
}

// A manager that listens and does not hear holds up nobody.
func TestADeafServiceManagerIsNotWaitedFor(t *testing.T) {
	name := shortPath(t)
	manager(t, name)
	core, logged := observer.New(zapcore.WarnLevel)
	n := notifier{addr: name, log: zap.New(core)}
	for logged.Len() == 0 {
		n.tell("WATCHDOG=1")
	}
	n.tell("STOPPING=1")
	if logged.FilterMessage("the service manager cannot be told").Len() == 0 {
		t.Errorf("logged %v", logged.All())
	}
}

func TestSignsOfLifeEndWhenTheBotIsNotWell(t *testing.T) {
	name := shortPath(t)
	heard := manager(t, name)
	env := map[string]string{"NOTIFY_SOCKET": name, "WATCHDOG_USEC": "20000"}
	core, logged := observer.New(zapcore.ErrorLevel)
	n := newNotifier(func(k string) string { return env[k] }, zap.New(core))
	b := &still{}
	ctx, stop := context.WithCancel(t.Context())
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		n.watch(ctx, b.Health)
	}()
	for range 3 {
		if got := heard(); got != "WATCHDOG=1" {
			t.Errorf("got %q", got)
		}
	}
	b.mu.Lock()
	b.sick = errors.New("no disk")
	b.mu.Unlock()
	for logged.Len() == 0 {
		time.Sleep(time.Millisecond)
	}
	stop()
	<-watched

	for name, env := range map[string]map[string]string{
		"nobody listens":   {"WATCHDOG_USEC": "20000"},
		"another process":  {"NOTIFY_SOCKET": name, "WATCHDOG_USEC": "20000", "WATCHDOG_PID": "1"},
		"nobody wants any": {"NOTIFY_SOCKET": name},
		"not a number":     {"NOTIFY_SOCKET": name, "WATCHDOG_USEC": "soon"},
	} {
		newNotifier(func(k string) string { return env[k] }, zap.NewNop()).watch(t.Context(), func(context.Context) error {
			t.Errorf("%s: the bot is asked", name)
			return nil
		})
	}
}

func TestATerminalThatGoesEndsTheDaemon(t *testing.T) {
	b := &still{}
	d, line := rehearse(t, b, notifier{})
	gone := make(chan struct{})
	d.hangups.attached = true
	d.hangups.terminal = func() bool {
		select {
		case <-gone:
			return false
		default:
			return true
		}
	}
	core, logged := observer.New(zapcore.InfoLevel)
	d.log = zap.New(core)
	lived := make(chan error, 1)
	go func() { lived <- d.live(t.Context(), doors{}) }()
	line()
	d.hangups.signals <- syscall.SIGHUP
	for logged.FilterMessage("reloaded").Len() == 0 {
		time.Sleep(time.Millisecond)
	}
	close(gone)
	d.hangups.signals <- syscall.SIGHUP
	if err := <-lived; err != nil || !b.closed {
		t.Errorf("got %v, closed %v", err, b.closed)
	}
}

func TestAReloadThatFailsChangesNothing(t *testing.T) {
	core, logged := observer.New(zapcore.InfoLevel)
	d := &daemon{log: zap.New(core), reloads: []reload{
		func(context.Context) ([]string, error) {
			return nil, answer.Errorf(answer.Usage, "de.html: a brace").WithHint("mend it")
		},
		func(context.Context) ([]string, error) { return []string{"token"}, nil },
	}}
	d.reload(t.Context())
	var all bytes.Buffer
	for _, e := range logged.All() {
		_, _ = io.WriteString(&all, e.Message+" ")
	}
	if all.String() != "not reloaded reloaded " {
		t.Errorf("logged %q", &all)
	}
}
