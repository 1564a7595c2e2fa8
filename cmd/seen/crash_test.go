package main

import (
	"bufio"
	"bytes"
	"cmp"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/f48b34c0/seen/internal/fakedc"
	"github.com/f48b34c0/seen/session"
)

const (
	crashes = 10
	crowd   = 3000 // people who come by between two crashes
	perSec  = 5000 // of them in a second
)

// Behavior C22. The update state is the commit record: whenever the daemon is killed, everyone
// whose update the stored pts covers is in the book. And after the last restart
// nobody is missing.
func TestEveryPeerThatTheStoredPtsCoversSurvivesSIGKILL(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	dc, err := fakedc.Start(t.Context(), fakedc.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = dc.Close() }()
	d := &victim{t: t, dc: dc, file: filepath.Join(t.TempDir(), "bot.session")}

	var come []visitor
	torn := 0
	for n := range crashes {
		d.run()
		arrived := make(chan []visitor)
		go func() { arrived <- d.crowd(n * crowd) }()
		time.Sleep(time.Duration(50+random.IntN(600)) * time.Millisecond)
		d.kill()
		come = append(come, <-arrived...)

		covered := d.check(come)
		t.Logf("crash %d: of %d people the stored state covers %d", n+1, len(come), covered)
		if covered > n*crowd && covered < len(come) {
			torn++
		}
	}
	if torn == 0 {
		t.Error("no crash came in the middle of a harvest: this test shows nothing")
	}
	d.run()
	for deadline := time.Now().Add(scriptPatience); ; time.Sleep(100 * time.Millisecond) {
		if users, err := d.users(); err != nil {
			t.Fatal(err)
		} else if users >= len(come) {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("the last restart did not bring everybody")
		}
	}
	d.kill()
	f := d.open()
	defer func() { _ = f.Close() }()
	for _, v := range come {
		if _, err := f.Book().Peer(session.UserID(v.id)); err != nil {
			t.Fatalf("user %d is missing at the end: %v", v.id, err)
		}
	}
}

// visitor is one of a crowd, and the sequence that counts what they said.
type visitor struct {
	id      int64
	private bool
	pts     int
}

// victim is a daemon that gets killed.
type victim struct {
	t    *testing.T
	dc   *fakedc.Server
	file string
	cmd  *exec.Cmd
	key  string
}

func (d *victim) env() []string {
	if d.key == "" {
		d.key = filepath.Join(d.t.TempDir(), "server.pem")
		if err := writeKey(d.key, d.dc.PublicKey()); err != nil {
			d.t.Fatal(err)
		}
	}
	return []string{
		"PATH=" + os.Getenv("PATH"), "APP_ID=1", "APP_HASH=0123456789abcdef0123456789abcdef",
		"BOT_TOKEN=" + fakedc.DemoToken, "SESSION_FILE=" + d.file, "SEEN_DC=" + d.dc.Addr(), "SEEN_DC_KEY=" + d.key,
	}
}

// run starts the daemon and returns when it is ready.
func (d *victim) run() {
	d.t.Helper()
	d.cmd = exec.Command("seen", "run", "--log-level", "error", "--no-greeting")
	d.cmd.Env = d.env()
	d.cmd.Stderr = os.Stderr
	out, err := d.cmd.StdoutPipe()
	if err != nil {
		d.t.Fatal(err)
	}
	if err := d.cmd.Start(); err != nil {
		d.t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		d.t.Fatalf("seen run: %q, %v", line, err)
	}
}

func (d *victim) kill() {
	if err := d.cmd.Process.Kill(); err != nil {
		d.t.Fatal(err)
	}
	_ = d.cmd.Wait() // "signal: killed"
}

// users asks the daemon how many users the book holds besides the bot.
func (d *victim) users() (int, error) {
	cmd := exec.Command("seen", "peers", "list", "--kind", "user", "-o", "json")
	cmd.Env = d.env()
	out, err := cmd.Output()
	return bytes.Count(out, []byte("\n")) - 1, err
}

// crowd lets people come by, in private and in the group, and says which pts
// counts whom.
func (d *victim) crowd(before int) []visitor {
	start := d.stats()
	_, err := d.dc.World().Do(d.t.Context(), fakedc.Step{Do: "crowd", Count: crowd, Chat: "friends", Mix: true, Rate: perSec})
	if err != nil {
		d.t.Error(err)
		return nil
	}
	type said struct {
		visitor
		message int
	}
	var private, group []said
	for n := before + 1; n <= before+crowd; n++ {
		for _, m := range d.dc.World().Messages(fmt.Sprintf("user%06d", n)) {
			private = append(private, said{visitor{id: m.FromID, private: true}, m.ID})
		}
	}
	for _, m := range d.dc.World().Messages("friends") {
		if m.FromID > 2_000_000+int64(before) && m.Action == "" {
			group = append(group, said{visitor{id: m.FromID}, m.ID})
		}
	}
	var out []visitor
	for _, part := range []struct {
		said []said
		pts  int
	}{{private, start.Pts}, {group, start.Chats["friends"].Pts}} {
		slices.SortFunc(part.said, func(a, b said) int { return cmp.Compare(a.message, b.message) })
		for i, s := range part.said {
			s.pts = part.pts + i + 1
			out = append(out, s.visitor)
		}
	}
	if len(out) != crowd {
		d.t.Errorf("%d people came, and %d said something", crowd, len(out))
	}
	return out
}

func (d *victim) stats() fakedc.Stats {
	r, err := d.dc.World().Do(d.t.Context(), fakedc.Step{Do: "stats"})
	if err != nil {
		d.t.Error(err)
		return fakedc.Stats{}
	}
	return *r.Stats
}

func (d *victim) open() *session.File {
	f, err := session.Open(d.file, nil)
	if err != nil {
		d.t.Fatal(err)
	}
	return f
}

// check holds the file of a killed daemon against what the server sent, and
// returns how many people the stored state covers.
func (d *victim) check(come []visitor) (covered int) {
	d.t.Helper()
	f := d.open()
	defer func() { _ = f.Close() }()
	st, _, err := f.UpdateState()
	if err != nil {
		d.t.Fatal(err)
	}
	group, _, err := f.ChannelPts(1900000001)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, v := range come {
		if v.private && v.pts > st.Pts || !v.private && v.pts > group {
			continue
		}
		covered++
		if _, err := f.Book().Peer(session.UserID(v.id)); err != nil {
			d.t.Fatalf("pts %d and channel pts %d are stored, and user %d of pts %d is missing: %v",
				st.Pts, group, v.id, v.pts, err)
		}
	}
	return covered
}
