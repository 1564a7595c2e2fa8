package fakedc_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/gotd/td/session"
	"github.com/gotd/td/telegram"
	"github.com/gotd/td/telegram/dcs"
	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"
	"go.uber.org/goleak"

	"github.com/f48b34c0/seen/internal/fakedc"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience is for machines that run the race detector and something else.
const patience = time.Minute

// agreed is a key that was agreed on once, for the tests that are not about that.
type agreed struct {
	rsa     *rsa.PrivateKey
	world   *fakedc.World
	storage *session.StorageMemory
	err     error
}

var agree = sync.OnceValue(func() (a agreed) {
	if a.rsa, a.err = rsa.GenerateKey(rand.Reader, 2048); a.err != nil {
		return a
	}
	a.world, a.storage = fakedc.NewDemo(fakedc.WorldOptions{}), &session.StorageMemory{}
	s, err := fakedc.Start(context.Background(), fakedc.Options{World: a.world, Key: a.rsa, HandshakeTimeout: patience})
	if err != nil {
		a.err = err
		return a
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	tc := telegram.NewClient(1, "hash", clientTo(s, telegram.Options{SessionStorage: a.storage}))
	a.err = tc.Run(ctx, func(context.Context) error { return nil })
	a.err = errors.Join(a.err, s.Close())
	return a
})

// serve starts a server for the demo world, or for w.
func serve(t testing.TB, w *fakedc.World) *fakedc.Server {
	t.Helper()
	if w == nil {
		w = fakedc.NewDemo(fakedc.WorldOptions{})
	}
	a := agree()
	if a.err != nil {
		t.Fatal(a.err)
	}
	fakedc.ShareKeys(w, a.world)
	s, err := fakedc.Start(context.Background(), fakedc.Options{World: w, Key: a.rsa, HandshakeTimeout: patience})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// client is a gotd client that runs until the test ends.
type client struct {
	*tg.Client
	t    testing.TB
	ctx  context.Context
	stop func()

	mu      sync.Mutex
	updates []*tg.Updates
	arrived chan struct{}
}

// clientTo makes sure that a client dials s and nobody else.
func clientTo(s *fakedc.Server, o telegram.Options) telegram.Options {
	at := netip.MustParseAddrPort(s.Addr())
	o.DC = s.DC()
	o.DCList = dcs.List{Options: []tg.DCOption{{
		ID: s.DC(), IPAddress: at.Addr().String(), Port: int(at.Port()), Static: true,
	}}}
	o.PublicKeys = []telegram.PublicKey{{RSA: s.PublicKey()}}
	return o
}

type clientOptions struct {
	storage   session.Storage
	noUpdates bool
	noSignIn  bool
	// resolver decides about the transport; nil is gotd's default.
	resolver dcs.Resolver
	pfs      bool
}

func connect(t testing.TB, s *fakedc.Server, o clientOptions) *client {
	t.Helper()
	c := &client{t: t, arrived: make(chan struct{}, 1)}
	if o.storage == nil {
		o.storage = agree().storage.Clone()
	}
	tc := telegram.NewClient(1, "hash", clientTo(s, telegram.Options{
		SessionStorage: o.storage,
		NoUpdates:      o.noUpdates,
		Resolver:       o.resolver,
		EnablePFS:      o.pfs,
		UpdateHandler:  telegram.UpdateHandlerFunc(c.handle),
	}))
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	c.ctx = ctx
	c.Client = tc.API()
	ready, done := make(chan error, 1), make(chan struct{})
	go func() {
		defer close(done)
		err := tc.Run(ctx, func(ctx context.Context) error {
			if !o.noSignIn {
				status, err := tc.Auth().Status(ctx)
				if err != nil {
					return err
				}
				if !status.Authorized {
					if _, err := tc.Auth().Bot(ctx, fakedc.DemoToken); err != nil {
						return err
					}
				}
			}
			ready <- nil
			<-ctx.Done()
			return ctx.Err()
		})
		select {
		case ready <- err:
		default:
		}
	}()
	c.stop = func() {
		cancel()
		<-done
	}
	t.Cleanup(c.stop)
	if err := <-ready; err != nil {
		t.Fatal(err)
	}
	return c
}

func (c *client) handle(_ context.Context, u tg.UpdatesClass) error {
	if u, ok := u.(*tg.Updates); ok {
		c.mu.Lock()
		c.updates = append(c.updates, u)
		c.mu.Unlock()
		select {
		case c.arrived <- struct{}{}:
		default:
		}
	}
	return nil
}

// received waits for n containers.
func (c *client) received(n int) []*tg.Updates {
	c.t.Helper()
	deadline := time.After(patience)
	for {
		c.mu.Lock()
		got := append([]*tg.Updates(nil), c.updates...)
		c.mu.Unlock()
		if len(got) >= n {
			return got
		}
		select {
		case <-c.arrived:
		case <-deadline:
			c.t.Fatalf("%d containers arrived, want %d", len(got), n)
		}
	}
}

// oneByOne lets steps happen that make one container each. gotd handles messages
// in parallel, so order can be had only by waiting.
func (c *client) oneByOne(s *fakedc.Server, steps ...fakedc.Step) []*tg.Updates {
	c.t.Helper()
	var got []*tg.Updates
	for _, step := range steps {
		c.mu.Lock()
		n := len(c.updates)
		c.mu.Unlock()
		do(c.t, s, step)
		got = c.received(n + 1)
	}
	return got
}

func (c *client) resolve(name string) *tg.User {
	c.t.Helper()
	r, err := c.ContactsResolveUsername(c.ctx, &tg.ContactsResolveUsernameRequest{Username: name})
	if err != nil {
		c.t.Fatal(err)
	}
	return r.Users[0].(*tg.User)
}

// do lets steps happen.
func do(t testing.TB, s *fakedc.Server, steps ...fakedc.Step) fakedc.Result {
	t.Helper()
	var r fakedc.Result
	for _, step := range steps {
		var err error
		if r, err = s.World().Do(context.Background(), step); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

func wantError(t *testing.T, err error, code int, name string) {
	t.Helper()
	var e *tgerr.Error
	if !errors.As(err, &e) || e.Code != code || e.Message != name {
		t.Errorf("got %v, want %d %s", err, code, name)
	}
}

func asError(t *testing.T, err error) *tgerr.Error {
	t.Helper()
	var e *tgerr.Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v, want one of Telegram's errors", err)
	}
	return e
}
