package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// line is what a client says.
type line struct {
	Ready  bool    `json:"ready"`
	Stored int     `json:"stored"`
	CPU    float64 `json:"cpu"`
	Kept   *int    `json:"kept"`
}

// process is a client that runs.
type process struct {
	cmd   *exec.Cmd
	lines chan line
	// words are what it has said last that is no line.
	words chan string
}

func start(cmd *exec.Cmd) (*process, error) {
	p := &process{cmd: cmd, lines: make(chan line, 4), words: make(chan string, 1)}
	stdout, stdin, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	// A group of its own: nobody whom it has started is left when it is killed.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	// A pipe of our own: one of exec's would be closed by Wait with lines in it.
	cmd.Stdout, cmd.Stderr = stdin, stdin
	if err := cmd.Start(); err != nil {
		return nil, errors.Join(err, stdin.Close(), stdout.Close())
	}
	_ = stdin.Close()
	go p.read(stdout)
	return p, nil
}

func (p *process) read(from io.ReadCloser) {
	defer from.Close() //nolint:errcheck // it was only read
	defer close(p.lines)
	last := ""
	in := bufio.NewScanner(from)
	in.Buffer(nil, 1<<20)
	for in.Scan() {
		var l line
		if err := json.Unmarshal(in.Bytes(), &l); err != nil {
			last = in.Text()
			continue
		}
		p.lines <- l
	}
	p.words <- last
}

var errPatience = errors.New("took too long")

// hear waits for the next line.
func (p *process) hear(ctx context.Context, patience time.Duration) (line, error) {
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case l, ok := <-p.lines:
		if !ok {
			return l, fmt.Errorf("it ended: %s", <-p.words)
		}
		return l, nil
	case <-timer.C:
		return line{}, errPatience
	case <-ctx.Done():
		return line{}, ctx.Err()
	}
}

// kill ends the process without a warning, and tells what it has used of the
// processors from its beginning.
func (p *process) kill() (cpu float64) {
	_ = syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL)
	_ = p.cmd.Wait() // it was killed, which is an error
	for range p.lines {
	}
	s := p.cmd.ProcessState
	return (s.UserTime() + s.SystemTime()).Seconds()
}

// peak is the most memory that the process has had resident. What wait4 tells of a
// child begins with what its parent had when it was forked.
func (p *process) peak() (int64, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(b), "VmHWM:")
	var kb int64
	if _, err := fmt.Sscan(rest, &kb); err != nil {
		return 0, fmt.Errorf("VmHWM: %w", err)
	}
	return kb << 10, nil
}
