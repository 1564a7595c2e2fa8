package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"strconv"
	"testing"
	"time"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/internal/bot"
	"github.com/f48b34c0/seen/internal/fakedc"
)

// fullHouse is how many people come in the first quarter of the hour: more than
// most of what is bounded by number of people remembers, so that it reaches its
// bound. The rest remembers everybody who came, and everybody who wrote in private,
// which is why all of them do in that quarter.
const fullHouse = 48_000

// An hour of a busy bot in a few minutes: people write, come, rename
// themselves, ask inline and press START; connections break, updates get lost, and
// the bot has to wait for a flood. Most of the people come in the first quarter.
// From then on its memory and its goroutines stay as they are, though the book goes
// on growing. The bot is in this process, where they can be counted, and its server
// is not. SEEN_SOAK_HEAP is a folder for a heap profile every five minutes.
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
		come := 2
		if minute < minutes/4 {
			come = fullHouse / 60 / (minutes / 4)
		}
		for second := range 60 {
			due := time.Now().Add(40 * time.Millisecond)
			s.second(60*minute+second, come)
			if second%10 == 0 {
				s.use(ctx, b)
			}
			time.Sleep(time.Until(due))
		}
		samples = append(samples, s.sample(b))
		t.Logf("%6d %s", minute+1, samples[len(samples)-1])
		if minute%5 == 4 {
			s.profile(minute + 1)
		}
	}
	s.settle(b)
	stop()
	if err := errors.Join(<-ended, b.Close()); err != nil {
		t.Error(err)
	}
	rest := samples[minutes/4:]
	third := len(rest) / 3
	early, late := middle(rest[:third]), middle(rest[len(rest)-third:])
	t.Logf(" early %s", early)
	t.Logf("middle %s", middle(rest[third:len(rest)-third]))
	t.Logf("  late %s", late)
	// What forgets its older half when it is full makes a saw of either, 5 MiB high.
	if late.heap > early.heap+2<<20 {
		t.Errorf("the heap grew from %d to %d bytes", early.heap, late.heap)
	}
	if late.rss > early.rss+8<<20 {
		t.Errorf("the memory grew from %d to %d bytes", early.rss, late.rss)
	}
	if late.goroutines > early.goroutines+2 {
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
	// due is how many greetings everybody is owed, by their number. It has its size
	// from the start, because it is in the memory that is measured.
	due []byte
	// came is who came in each of the last seconds.
	came [settled]newcomers
}

// newcomers are people with numbers in a row: those who came in private, and after
// them those who came in a group.
type newcomers struct{ first, private, all int }

// settled is after how many seconds somebody who came is no longer being greeted,
// and after how many somebody writes in private who came in a group.
const settled = 60

func newSoak(t *testing.T) *soak {
	t.Helper()
	s := &soak{t: t, key: filepath.Join(t.TempDir(), "server.pem"), random: rand.New(rand.NewPCG(1, 2)), due: make([]byte, 2*fullHouse)}
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
func (s *soak) write(who int, text string) fakedc.Step {
	s.due[who] = max(s.due[who], 1)
	return fakedc.Step{Do: "write", Who: person(who), Text: text}
}

func (s *soak) somebody() int { return 1 + s.random.IntN(s.people) }

func person(n int) string { return fmt.Sprintf("user%06d", n) }

// second is what happens in one second of the hour.
func (s *soak) second(n, come int) {
	half := come / 2
	var steps []fakedc.Step
	for _, crowd := range []fakedc.Step{
		{Count: half},
		{Count: half / 2, Chat: "friends", Min: n%2 == 0},
		{Count: come - half - half/2, Chat: "kitchen"},
	} {
		if crowd.Do = "crowd"; crowd.Count > 0 {
			steps = append(steps, crowd)
		}
	}
	before := s.came[n%settled]
	s.came[n%settled] = newcomers{first: s.people + 1, private: half, all: come}
	for i := range half {
		s.due[s.people+1+i] = 1
	}
	s.people += come
	for i := before.private; i < before.all; i++ {
		steps = append(steps, s.write(before.first+i, "is anybody here"))
	}
	for range 30 {
		steps = append(steps, s.write(s.somebody(), "and another thing"))
	}
	who, renamed := s.somebody(), s.somebody()
	steps = append(
		steps,
		fakedc.Step{Do: "write", Who: "bob", Chat: "friends", Text: "hello everybody"},
		fakedc.Step{Do: "write", Who: "bob", Chat: "kitchen", Text: "hello everybody"},
		fakedc.Step{Do: "rename", Who: person(renamed), FirstName: fmt.Sprintf("Renamed %d", n)},
		s.write(renamed, "this is me now"),
		fakedc.Step{Do: "inline", Who: person(who), Text: "what is this"},
	)
	if who := before.first; who > 0 {
		steps = append(steps, fakedc.Step{Do: "block", Who: person(who)}, fakedc.Step{Do: "unblock", Who: person(who)})
	}
	if n%5 == 0 {
		steps = append(steps, fakedc.Step{Do: "start", Who: person(who), Payload: "promo"})
		s.due[who]++
	}
	for every, step := range map[int]fakedc.Step{
		601: {Do: "cut"}, // who waits longer after every break does so in real time
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
	left := math.MaxInt
	for deadline := time.Now().Add(scriptPatience); ; time.Sleep(100 * time.Millisecond) {
		st, err := b.Status(s.t.Context())
		if err != nil {
			s.t.Fatal(err)
		}
		if st.Outbox == 0 && st.Peers.Users > s.people {
			s.t.Logf("at the end: %+v", *st.Updates)
			break
		}
		if st.Outbox < left { // a commit for each: it takes as long as it takes
			left, deadline = st.Outbox, time.Now().Add(scriptPatience)
		}
		if time.Now().After(deadline) {
			s.t.Fatalf("status is %+v", st)
		}
	}
	for n := 1; n <= s.people; n++ {
		if got := s.tell(fakedc.Step{Do: "sent", Who: person(n)})[0].Count; got != int(s.due[n]) {
			s.t.Errorf("%s was to be greeted %d times, and was %d times", person(n), s.due[n], got)
		}
	}
}

// profile leaves a heap profile behind, for go tool pprof.
func (s *soak) profile(minute int) {
	s.t.Helper()
	dir := os.Getenv("SEEN_SOAK_HEAP")
	if dir == "" {
		return
	}
	f, err := os.Create(filepath.Join(dir, fmt.Sprintf("%03d.heap", minute)))
	if err == nil {
		err = errors.Join(pprof.WriteHeapProfile(f), f.Close())
	}
	if err != nil {
		s.t.Error(err)
	}
}
