package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/internal/bot"
	"github.com/f48b34c0/seen/internal/fakedc"
)

// An hour of a busy bot in a few minutes: people write, come, rename
// themselves, ask inline and press START; connections break, updates get lost, and
// the bot has to wait for a flood. Its memory and its goroutines stay as they are.
// The bot is in this process, where they can be counted, and its server is not.
func TestAnHourLeavesNothingBehind(t *testing.T) {
	minutes, _ := strconv.Atoi(os.Getenv("SEEN_SOAK"))
	if minutes == 0 {
		t.Skip("make soak runs it")
	}
	if minutes < 12 {
		t.Fatal("SEEN_SOAK is the number of minutes that are compressed, 12 at least")
	}
	s := newSoak(t)
	before := runtime.NumGoroutine()
	b, err := bot.Open(t.Context(), s.options())
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ready, ended := make(chan struct{}), make(chan error, 1)
	go func() { ended <- b.Run(ctx, func(answer.Peer) { close(ready) }) }()
	<-ready

	t.Log("minute  updates  people  goroutines  heap KiB  RssAnon KiB  file KiB")
	var samples []sample
	for minute := range minutes {
		for second := range 60 {
			due := time.Now().Add(40 * time.Millisecond)
			s.second(60*minute + second)
			if second%10 == 0 {
				s.use(ctx, b)
			}
			time.Sleep(time.Until(due))
		}
		samples = append(samples, s.sample(b))
		t.Logf("%6d %s", minute+1, samples[len(samples)-1])
	}
	s.settle(b)
	stop()
	if err := errors.Join(<-ended, b.Close()); err != nil {
		t.Error(err)
	}
	// The first quarter is for what is bounded to reach its bound.
	early, late := mean(samples[minutes/4:minutes/2]), mean(samples[3*minutes/4:])
	t.Logf(" early %s", early)
	t.Logf("  late %s", late)
	if late.heap > early.heap+4<<20 {
		t.Errorf("the heap grew from %d to %d bytes", early.heap, late.heap)
	}
	if late.goroutines > early.goroutines+5 {
		t.Errorf("the goroutines grew from %d to %d", early.goroutines, late.goroutines)
	}
	for deadline := time.Now().Add(scriptPatience); runtime.NumGoroutine() > before; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d goroutines are left of %d", runtime.NumGoroutine(), before)
		}
	}
}

// soak is the server, in a process of its own, and who lives there.
type soak struct {
	t      *testing.T
	at     place
	key    string
	in     io.Writer
	out    *bufio.Reader
	random *rand.Rand
	people int
	due    map[string]int // greetings, by who has ever written in private
}

func newSoak(t *testing.T) *soak {
	t.Helper()
	s := &soak{t: t, key: filepath.Join(t.TempDir(), "server.pem"), random: rand.New(rand.NewPCG(1, 2)), due: map[string]int{}}
	cmd := exec.Command("seen", "testserver", "-o", "json", "--write-key", s.key)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH")}
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // it would stay
		_ = cmd.Wait()
	})
	s.in, s.out = in, bufio.NewReader(out)
	line, err := s.out.ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, &s.at)
	}
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *soak) options() bot.Options {
	key, err := readKey(s.key)
	if err != nil {
		s.t.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "seen")
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return bot.Options{
		AppID: 1, AppHash: "hash", Token: s.at.Token, SessionFile: filepath.Join(dir, "bot.session"),
		Server: bot.Server{Addr: s.at.Addr, DC: s.at.DC, Key: key},
		Pace:   bot.Pace{Total: 1e6, Chat: 1e6, Group: 1e6}, // an hour takes minutes
	}
}

// tell lets steps happen and returns what came of them.
func (s *soak) tell(steps ...fakedc.Step) []fakedc.Result {
	s.t.Helper()
	var lines bytes.Buffer
	enc := json.NewEncoder(&lines)
	for _, step := range steps {
		if err := enc.Encode(step); err != nil {
			s.t.Fatal(err)
		}
	}
	sent := make(chan error, 1)
	go func() {
		_, err := s.in.Write(lines.Bytes())
		sent <- err
	}()
	results := make([]fakedc.Result, len(steps))
	for i := range results {
		line, err := s.out.ReadBytes('\n')
		if err == nil {
			err = json.Unmarshal(line, &results[i])
		}
		if err != nil || !results[i].OK {
			s.t.Fatalf("%+v: %s, %v", steps[i], line, err)
		}
	}
	if err := <-sent; err != nil {
		s.t.Fatal(err)
	}
	return results
}

// write is a message in private. The first one is answered.
func (s *soak) write(who, text string) fakedc.Step {
	if s.due[who] == 0 {
		s.due[who] = 1
	}
	return fakedc.Step{Do: "write", Who: who, Text: text}
}

func (s *soak) somebody() string { return fmt.Sprintf("user%06d", 1+s.random.IntN(s.people)) }

// second is what happens in one second of the hour.
func (s *soak) second(n int) {
	steps := []fakedc.Step{{Do: "crowd", Count: 2}, {Do: "crowd", Count: 1, Chat: "friends", Min: n%2 == 0}, {Do: "crowd", Count: 1, Chat: "kitchen"}}
	for i := range 2 {
		s.due[fmt.Sprintf("user%06d", s.people+1+i)] = 1
	}
	s.people += 4
	for range 30 {
		steps = append(steps, s.write(s.somebody(), "and another thing"))
	}
	who, renamed := s.somebody(), s.somebody()
	steps = append(
		steps,
		fakedc.Step{Do: "write", Who: "bob", Chat: "friends", Text: "hello everybody"},
		fakedc.Step{Do: "write", Who: "bob", Chat: "kitchen", Text: "hello everybody"},
		fakedc.Step{Do: "rename", Who: renamed, FirstName: fmt.Sprintf("Renamed %d", n)},
		s.write(renamed, "this is me now"),
		fakedc.Step{Do: "inline", Who: who, Text: "what is this"},
		fakedc.Step{Do: "block", Who: s.starter(n)},
		fakedc.Step{Do: "unblock", Who: s.starter(n)},
	)
	if n%5 == 0 {
		steps = append(steps, fakedc.Step{Do: "start", Who: who, Payload: "promo"})
		s.due[who]++
	}
	for every, step := range map[int]fakedc.Step{
		60:  {Do: "cut"},
		97:  {Do: "fault", Method: "updates", Error: "drop", Count: 3},
		61:  {Do: "fault", Method: "updates", Error: "double", Count: 3},
		41:  {Do: "fault", Method: "updates", Error: "reorder", Count: 3},
		300: {Do: "fault", Method: "messages.sendMessage", Error: "FLOOD_WAIT_1", Count: 1},
		271: {Do: "fault", Method: "updates.getDifference", Error: "INTERNAL_SERVER_ERROR", Count: 2},
	} {
		if n%every == every-1 {
			steps = append(steps, step)
		}
	}
	s.tell(steps...)
}

// starter is somebody who has a chat with the bot and is not greeted now.
func (s *soak) starter(n int) string {
	if n == 0 {
		return "user000001"
	}
	return fmt.Sprintf("user%06d", 1+4*(n-1)) // of the two who came in private a second ago
}

// use is what operators do meanwhile.
func (s *soak) use(ctx context.Context, b *bot.Bot) {
	// Who came in private may be written to. A flood wait, or a connection that has
	// just broken, is no fault.
	_, _ = b.Send(ctx, answer.SendRequest{To: "1002", Text: "your order has shipped"})
	if _, err := b.Resolve(ctx, answer.ResolveRequest{Ref: "@carol"}); err != nil {
		s.t.Log(err)
	}
	_, _ = b.Resolve(ctx, answer.ResolveRequest{Ref: "@nobody_is_called_this"})
	n := 0
	for _, err := range b.Peers(ctx, answer.PeersRequest{}) {
		if err != nil {
			s.t.Error(err)
		}
		if n++; n == 2000 {
			break
		}
	}
}

// settle waits until everything has been handled, and compares.
func (s *soak) settle(b *bot.Bot) {
	s.t.Helper()
	s.tell(fakedc.Step{Do: "fault"}, fakedc.Step{Do: "cut"})
	for deadline := time.Now().Add(4 * scriptPatience); ; time.Sleep(100 * time.Millisecond) {
		st, err := b.Status(s.t.Context())
		if err != nil {
			s.t.Fatal(err)
		}
		if st.Outbox == 0 && st.Peers.Users > s.people {
			s.t.Logf("at the end: %+v", *st.Updates)
			break
		}
		if time.Now().After(deadline) {
			s.t.Fatalf("status is %+v", st)
		}
	}
	for who, n := range s.due {
		if got := s.tell(fakedc.Step{Do: "sent", Who: who})[0].Count; got != n {
			s.t.Errorf("%s was to be greeted %d times, and was %d times", who, n, got)
		}
	}
}

// sample is what the bot takes up at one moment.
type sample struct {
	updates, people, file, heap, rss int64
	goroutines                       int
}

func (s sample) String() string {
	return fmt.Sprintf("%8d %7d %11d %9d %12d %9d", s.updates, s.people, s.goroutines, s.heap>>10, s.rss>>10, s.file>>10)
}

func (s *soak) sample(b *bot.Bot) sample {
	s.t.Helper()
	st, err := b.Status(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	var mem runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&mem)
	return sample{
		updates: st.Updates.Envelopes, people: int64(st.Peers.Users), file: st.File.Size,
		heap: int64(mem.HeapAlloc), rss: rssAnon(), goroutines: runtime.NumGoroutine(),
	}
}

// rssAnon is the memory of this process that belongs to no file, where the kernel
// tells it: pages of the session file's map do not count.
func rssAnon() int64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	m := regexp.MustCompile(`RssAnon:\s+(\d+) kB`).FindStringSubmatch(string(status))
	if m == nil {
		return 0
	}
	n, _ := strconv.ParseInt(strings.TrimSpace(m[1]), 10, 64)
	return n << 10
}

func mean(list []sample) (m sample) {
	n := int64(len(list))
	for _, s := range list {
		m.updates += s.updates / n
		m.people += s.people / n
		m.file += s.file / n
		m.heap += s.heap / n
		m.rss += s.rss / n
		m.goroutines += s.goroutines
	}
	m.goroutines /= len(list)
	return m
}
