package main

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gotd/td/telegram"
	"github.com/gotd/td/telegram/dcs"
	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/internal/fakedc"
)

// TestACallSendsWhatHandWrittenCodeSends makes calls with seen call and with
// gotd's own client, and compares what reaches the server. What the server thinks
// of them does not matter here.
func TestACallSendsWhatHandWrittenCodeSends(t *testing.T) {
	world := fakedc.NewDemo(fakedc.WorldOptions{})
	server, err := fakedc.Start(t.Context(), fakedc.Options{World: world})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close() //nolint:errcheck // the test is over
	for _, s := range []fakedc.Step{
		{Do: "start", Who: "ann"},
		{Do: "write", Who: "bob", Chat: "friends", Text: "Hi all"},
	} {
		if _, err := world.Do(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	var heard recorder
	world.Hear(heard.hear)
	calls := handWritten()

	want := map[int][]byte{}
	byGotd(t, server, func(ctx context.Context, api *tg.Client) {
		at := addresses(t, ctx, api)
		for i, c := range calls {
			_ = c.gotd(ctx, api, at) // it may be refused
			want[i] = heard.last(c.method)
		}
	})

	dir := t.TempDir()
	key := filepath.Join(dir, "server.pem")
	if err := writeKey(key, server.PublicKey()); err != nil {
		t.Fatal(err)
	}
	env := map[string]string{
		"APP_ID": "1", "APP_HASH": "0123456789abcdef0123456789abcdef", "BOT_TOKEN": fakedc.DemoToken,
		"SESSION_FILE": filepath.Join(dir, "bot.session"), "SEEN_DC": server.Addr(), "SEEN_DC_KEY": key,
	}
	seen := func(args ...string) string {
		var out, problems bytes.Buffer
		run(args, func(name string) string { return env[name] }, time.Now, strings.NewReader(""), &out, &problems)
		return problems.String()
	}
	for i, c := range calls {
		heard.forget()
		problems := seen(append([]string{"call", c.method}, c.args...)...)
		got := heard.last(c.method)
		if got == nil || !bytes.Equal(got, want[i]) {
			t.Errorf("%s %q sends\n%x, not\n%x\n%s", c.method, c.args, got, want[i], problems)
		}
	}
	t.Logf("%d calls compared", len(calls))
	if len(calls) < 20 {
		t.Error("that is too few")
	}
}

// recorder keeps what the server has heard.
type recorder struct {
	mu    sync.Mutex
	calls map[string][]byte
}

func (r *recorder) hear(method string, request []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.calls == nil {
		r.calls = map[string][]byte{}
	}
	r.calls[method] = slices.Clone(request)
}

func (r *recorder) last(method string) []byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.calls[method]
}

func (r *recorder) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.calls = nil
}

// byGotd signs the demo bot in with nothing but gotd.
func byGotd(t *testing.T, server *fakedc.Server, do func(context.Context, *tg.Client)) {
	t.Helper()
	options, err := dcAt(server.Addr())
	if err != nil {
		t.Fatal(err)
	}
	client := telegram.NewClient(1, "0123456789abcdef0123456789abcdef", telegram.Options{
		DC: 2, DCList: dcs.List{Options: options}, NoUpdates: true,
		PublicKeys: []telegram.PublicKey{{RSA: server.PublicKey()}},
	})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	err = client.Run(ctx, func(ctx context.Context) error {
		if _, err := client.Auth().Bot(ctx, fakedc.DemoToken); err != nil {
			return err
		}
		do(ctx, client.API())
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func dcAt(addr string) ([]tg.DCOption, error) {
	host, port, _ := strings.Cut(addr, ":")
	n := 0
	if _, err := fmt.Sscan(port, &n); err != nil {
		return nil, err
	}
	return []tg.DCOption{{ID: 2, IPAddress: host, Port: n, Static: true}}, nil
}

// people are whom the calls are about, with their hashes.
type people struct {
	ann, bob *tg.InputPeerUser
	friends  *tg.InputPeerChannel
}

func addresses(t *testing.T, ctx context.Context, api *tg.Client) (at people) {
	t.Helper()
	users, err := api.UsersGetUsers(ctx, []tg.InputUserClass{&tg.InputUser{UserID: 1001}, &tg.InputUser{UserID: 1002}})
	if err != nil {
		t.Fatal(err)
	}
	chats, err := api.ChannelsGetChannels(ctx, []tg.InputChannelClass{&tg.InputChannel{ChannelID: 1900000001}})
	if err != nil {
		t.Fatal(err)
	}
	at.ann = users[0].(*tg.User).AsInputPeer()
	at.bob = users[1].(*tg.User).AsInputPeer()
	at.friends = chats.GetChats()[0].(*tg.Channel).AsInputPeer()
	return at
}
