package main

import (
	"bytes"
	"cmp"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/f48b34c0/seen/internal/fakedc"
)

// busy is a session file that daemons come and go at, and whom commands ask.
func busy(t *testing.T) *victim {
	t.Helper()
	d := newVictim(t, nil)
	dc := d.dc
	d.run()
	for _, step := range []fakedc.Step{
		{Do: "start", Who: "ann"}, {Do: "start", Who: "bob"}, {Do: "write", Who: "bob", Chat: "friends", Text: "Hi all"},
	} {
		if _, err := dc.World().Do(t.Context(), step); err != nil {
			t.Fatal(err)
		}
	}
	for deadline := time.Now().Add(scriptPatience); ; time.Sleep(20 * time.Millisecond) {
		if users, err := d.users(); err != nil {
			t.Fatal(err)
		} else if users >= 2 && len(dc.World().Messages("ann")) == 2 && len(dc.World().Messages("bob")) == 2 {
			return d
		}
		if time.Now().After(deadline) {
			t.Fatal("nobody comes by")
		}
	}
}

// users asks the daemon how many users the book holds besides the bot.
func (d *victim) users() (int, error) {
	cmd := exec.Command("seen", "peers", "list", "--kind", "user", "-o", "json")
	cmd.Env = d.env()
	out, err := cmd.Output()
	return bytes.Count(out, []byte("\n")) - 1, err
}

// interrupt interrupts the daemon, and says how it has ended.
func (d *victim) interrupt() (exit int) {
	d.t.Helper()
	if err := d.cmd.Process.Signal(os.Interrupt); err != nil {
		d.t.Fatal(err)
	}
	_ = d.cmd.Wait() // the status tells
	return d.cmd.ProcessState.ExitCode()
}

// heard is what became of one command.
type heard struct {
	args     []string
	exit     int
	out, err string
	took     time.Duration
}

func (d *victim) ask(args ...string) heard {
	cmd := exec.Command("seen", args...)
	cmd.Env = d.env()
	var out, problems bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &problems
	began := time.Now()
	_ = cmd.Run() // the status tells
	return heard{args, cmd.ProcessState.ExitCode(), out.String(), problems.String(), time.Since(began)}
}

// question is a command with something that its answer has in it.
type question struct {
	args []string
	want string
}

// questions are a mix of all kinds: from the book, from the file, from the server,
// lists, and what changes something. Number n tells them apart.
func questions(n int) question {
	all := []question{
		{[]string{"resolve", "@ann", "-o", "json"}, `"id":1001`},
		{[]string{"send", "@ann", fmt.Sprintf("Message %d.", n)}, "to Ann"},
		{[]string{"resolve", "@carol"}, "Carol"},
		{[]string{"peers"}, " 1001 "},
		{[]string{"status", "-o", "json"}, `"id":7000000001`},
		{[]string{"peers", "show", "1002"}, "Bob Example"},
		{[]string{"mention", "-1001900000001", fmt.Sprintf("Thanks, {1002|Bob} %d", n)}, "linked"},
		{[]string{"peers", "export"}, `"id":1002`},
		{[]string{"resolve", "me", "1001", "t.me/ann"}, "Seen Demo"},
		{[]string{"peers", "history", "1001"}, "AT"},
	}
	return all[n%len(all)]
}

// Thirty commands at once are all answered. How long the slowest has waited is
// told with -v.
func TestThirtyCommandsAtOnceAreAllAnswered(t *testing.T) {
	d := busy(t)
	all := make([]heard, 30)
	var g sync.WaitGroup
	for n := range all {
		g.Go(func() { all[n] = d.ask(questions(n).args...) })
	}
	g.Wait()
	for n, h := range all {
		if h.exit != 0 || !strings.Contains(h.out, questions(n).want) || h.err != "" {
			t.Errorf("%q: exit status %d\n%s%s", h.args, h.exit, h.out, h.err)
		}
	}
	slices.SortFunc(all, func(a, b heard) int { return cmp.Compare(a.took, b.took) })
	t.Logf("of 30 processes at once, half were done after %v and the last after %v", all[15].took, all[29].took)
	if exit := d.interrupt(); exit != 0 {
		t.Errorf("the daemon ended with status %d", exit)
	}
}

// However a daemon starts and stops, a command beside it is answered, by the
// daemon or from the file, or is told that the file is held and what to do. What
// was sent was sent once. SEEN_DOOR_STARTS makes it longer.
func TestStartsAndStopsLoseNoCommand(t *testing.T) {
	starts := 12
	if long := os.Getenv("SEEN_DOOR_STARTS"); long != "" {
		var err error
		if starts, err = strconv.Atoi(long); err != nil {
			t.Fatal(err)
		}
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	d := busy(t)
	if exit := d.interrupt(); exit != 0 {
		t.Errorf("the daemon ended with status %d", exit)
	}

	const askers = 3
	over := make(chan struct{})
	answers := make(chan heard)
	var g sync.WaitGroup
	for asker := range askers {
		g.Go(func() {
			for n := asker; ; n += askers {
				select {
				case <-over:
					return
				default:
				}
				q := questions(n)
				h := d.ask(q.args...)
				if h.exit == 0 && !strings.Contains(h.out, q.want) {
					h.exit = -1
				}
				answers <- h
			}
		})
	}
	counts := newCounts(t)
	counted := make(chan struct{})
	go func() {
		defer close(counted)
		for h := range answers {
			counts.add(h)
		}
	}()
	daemons := make(map[int]int)
	for range starts {
		early := random.IntN(4) == 0
		daemons[d.once(early, time.Duration(random.IntN(100))*time.Millisecond)]++
	}
	close(over)
	g.Wait()
	close(answers)
	<-counted

	t.Logf("%d starts ended with the statuses %v; commands: %v", starts, daemons, counts)
	for exit := range daemons {
		if exit != 0 && exit != 8 && exit != 130 {
			t.Errorf("a daemon ended with status %d", exit)
		}
	}
	if counts.exits[0] == 0 {
		t.Error("no command was answered")
	}
	// Whatever a command said that it has sent has arrived, once.
	arrived := make(map[string]int)
	for _, m := range d.dc.World().Messages("ann") {
		arrived[m.Text]++
	}
	for _, text := range counts.sent {
		if arrived[text] != 1 {
			t.Errorf("%q arrived %d times", text, arrived[text])
		}
	}
}

// once starts a daemon and interrupts it: early, or when it is ready, after a
// while.
func (d *victim) once(early bool, after time.Duration) (exit int) {
	d.t.Helper()
	cmd := exec.Command("seen", "run", "--log-level", "error")
	cmd.Env = d.env()
	var problems bytes.Buffer
	cmd.Stderr = &problems
	out, err := cmd.StdoutPipe()
	if err != nil {
		d.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		d.t.Fatal(err)
	}
	d.cmd = cmd
	if !early {
		_, _ = out.Read(make([]byte, 1)) // ready, or over
	}
	time.Sleep(after)
	_ = cmd.Process.Signal(os.Interrupt) // it may have ended
	_ = cmd.Wait()
	if ended, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); ok && ended.Signaled() && ended.Signal() == syscall.SIGINT {
		return 130 // it was interrupted before its first line of code
	}
	exit = cmd.ProcessState.ExitCode()
	if exit != 0 && !strings.Contains(problems.String(), "seen: ") {
		d.t.Errorf("a daemon ended with status %d and %q", exit, &problems)
	}
	return exit
}

// tallies of what became of commands.
type tallies struct {
	t       *testing.T
	exits   map[int]int
	sent    []string
	slowest time.Duration
}

func newCounts(t *testing.T) *tallies { return &tallies{t: t, exits: make(map[int]int)} }

func (c *tallies) add(h heard) {
	c.exits[h.exit]++
	c.slowest = max(c.slowest, h.took)
	switch {
	case h.exit == 0 && h.args[0] == "send":
		c.sent = append(c.sent, h.args[2])
	case h.exit == 0:
	case h.exit == 8 && strings.Contains(h.err, "seen: hint: "):
	default:
		c.t.Errorf("%q: exit status %d\n%s%s", h.args, h.exit, h.out, h.err)
	}
}

func (c *tallies) String() string {
	return fmt.Sprintf("%v by exit status, the slowest took %v", c.exits, c.slowest)
}
