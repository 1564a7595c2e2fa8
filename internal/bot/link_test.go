package bot

import (
	"context"
	"errors"
	"net"
	"path/filepath"
	"testing"
	"time"

	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/internal/fakedc"
)

// optionsFor are those of the demo bot, with a session file of its own.
func optionsFor(t *testing.T, dc *fakedc.Server) Options {
	t.Helper()
	return Options{
		AppID: 1, AppHash: "hash", Token: fakedc.DemoToken,
		SessionFile: filepath.Join(t.TempDir(), "bot.session"),
		Server:      Server{Addr: dc.Addr(), DC: dc.DC(), Key: dc.PublicKey()},
	}
}

func serve(t *testing.T) *fakedc.Server {
	t.Helper()
	dc, err := fakedc.Start(t.Context(), fakedc.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = dc.Close() })
	return dc
}

func openBot(t *testing.T, opts Options) *Bot {
	t.Helper()
	b, err := Open(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	return b
}

func wantCode(t *testing.T, err error, want answer.Code) {
	t.Helper()
	var e *answer.Error
	if !errors.As(err, &e) || e.Code != want {
		t.Errorf("got %v (%T), want the code %q", err, err, want)
	}
}

// A server that takes the connection and says nothing is given up after the
// start time-out, by a request and by Run.
func TestSilentServerIsGivenUp(t *testing.T) {
	dc := serve(t)
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = silent.Close() }()
	opts := optionsFor(t, dc)
	opts.Server.Addr, opts.StartTimeout = silent.Addr().String(), 300*time.Millisecond
	b := openBot(t, opts)
	_, err = b.Resolve(t.Context(), answer.ResolveRequest{Ref: "@carol"})
	wantCode(t, err, answer.Unreachable)
	wantCode(t, b.Run(t.Context(), nil), answer.Unreachable)
}

// A request that came before Run has connected without updates: Run takes over,
// and the request after it goes through its connection.
func TestRunTakesOverFromARequest(t *testing.T) {
	dc := serve(t)
	b := openBot(t, optionsFor(t, dc))
	if _, err := b.Resolve(t.Context(), answer.ResolveRequest{Ref: "@carol"}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	ready := make(chan answer.Peer, 1)
	go func() { ended <- b.Run(ctx, func(self answer.Peer) { ready <- self }) }()
	if self := <-ready; self.ID != fakedc.DemoBotID {
		t.Errorf("the bot is %+v", self)
	}
	if err := b.Run(ctx, nil); err == nil {
		t.Error("it runs twice at once")
	}
	if p, err := b.Resolve(ctx, answer.ResolveRequest{Ref: "@ann"}); err != nil || p.Source != fromServer {
		t.Errorf("%+v, %v", p, err)
	}
	if st, err := b.Status(ctx); err != nil || !st.Running || !st.Connected {
		t.Errorf("%+v, %v", st, err)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("a run that was stopped ended with %v", err)
	}
	if st, err := b.Status(t.Context()); err != nil || st.Running {
		t.Errorf("%+v, %v", st, err)
	}
	if n := dc.World().Calls()["auth.importBotAuthorization"]; n != 1 {
		t.Errorf("it signed in %d times", n)
	}
}

// A session is for the servers that it was made at, and is taken nowhere else.
func TestSessionOfAnotherServerIsNotTakenThere(t *testing.T) {
	dc, other := serve(t), serve(t)
	opts := optionsFor(t, dc)
	b := openBot(t, opts)
	if _, err := b.Resolve(t.Context(), answer.ResolveRequest{Ref: "@carol"}); err != nil {
		t.Fatal(err)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	opts.Server.Addr, opts.Server.Key = other.Addr(), other.PublicKey()
	b = openBot(t, opts)
	_, err := b.Resolve(t.Context(), answer.ResolveRequest{Ref: "@ann"})
	wantCode(t, err, answer.Usage)
	wantCode(t, b.Run(t.Context(), nil), answer.Usage)
	if n := len(other.World().Calls()); n != 0 {
		t.Errorf("the other server was called %d times", n)
	}
	b.opts.Server = Server{} // Telegram: nothing is asked of it here but whether it may be
	wantCode(t, b.sameServer(), answer.Usage)
	if p, err := b.Resolve(t.Context(), answer.ResolveRequest{Ref: "@carol", CachedOnly: true}); err != nil || p.Source != fromBook {
		t.Errorf("the book is not to be read: %+v, %v", p, err)
	}
}

func TestMissingCredentialsAreToldWhenTheyAreNeeded(t *testing.T) {
	dc := serve(t)
	opts := optionsFor(t, dc)
	opts.AppID = 0
	b := openBot(t, opts)
	_, err := b.Resolve(t.Context(), answer.ResolveRequest{Ref: "@carol", CachedOnly: true})
	wantCode(t, err, answer.NeverSeen)
	_, err = b.Resolve(t.Context(), answer.ResolveRequest{Ref: "@carol"})
	wantCode(t, err, answer.Usage)

	opts = optionsFor(t, dc)
	opts.Token = ""
	_, err = openBot(t, opts).Resolve(t.Context(), answer.ResolveRequest{Ref: "@carol"})
	wantCode(t, err, answer.Unauthorized)
}

func TestRequestEndsWithItsContext(t *testing.T) {
	dc := serve(t)
	b := openBot(t, optionsFor(t, dc))
	if _, err := dc.World().Do(t.Context(), fakedc.Step{
		Do: "fault", Method: "contacts.resolveUsername", Silent: true, Count: 1,
	}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	_, err := b.Resolve(ctx, answer.ResolveRequest{Ref: "@carol"})
	wantCode(t, err, answer.Interrupted)
}

// Telegram's own accounts are in the book like everybody, and nobody can write to
// them. See core.telegram.org/api/peers.
func TestNobodyWritesToTelegramsOwnAccounts(t *testing.T) {
	dc := serve(t)
	b := openBot(t, optionsFor(t, dc))
	enter(t, wired(t, b.file), &tg.User{ID: 1087968824, FirstName: "Group"})
	_, err := b.Send(t.Context(), answer.SendRequest{To: "1087968824", Text: "Hello"})
	wantCode(t, err, answer.Forbidden)
	if n := len(dc.World().Calls()); n != 0 {
		t.Errorf("%d calls were made", n)
	}
}
