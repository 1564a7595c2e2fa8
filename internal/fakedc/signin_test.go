package fakedc_test

import (
	"testing"

	"github.com/gotd/td/session"
	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/internal/fakedc"
)

func TestSignInWithTheDemoToken(t *testing.T) {
	c := connect(t, serve(t, nil), clientOptions{})
	users, err := c.UsersGetUsers(c.ctx, []tg.InputUserClass{&tg.InputUserSelf{}})
	if err != nil {
		t.Fatal(err)
	}
	self := users[0].(*tg.User)
	if !self.Self || !self.Bot || self.ID != fakedc.DemoBotID || self.Username != fakedc.DemoUsername {
		t.Errorf("self is %v", self)
	}
}

func TestAWrongTokenIsRefused(t *testing.T) {
	c := connect(t, serve(t, nil), clientOptions{noSignIn: true})
	_, err := c.AuthImportBotAuthorization(c.ctx, &tg.AuthImportBotAuthorizationRequest{
		APIID: 1, APIHash: "hash", BotAuthToken: "7000000001:something-else",
	})
	wantError(t, err, 400, "ACCESS_TOKEN_INVALID")
}

func TestNothingWorksBeforeSigningIn(t *testing.T) {
	c := connect(t, serve(t, nil), clientOptions{noSignIn: true})
	_, err := c.UpdatesGetState(c.ctx)
	wantError(t, err, 401, "AUTH_KEY_UNREGISTERED")
}

func TestAStoredSessionNeedsNoSecondSignIn(t *testing.T) {
	t.Parallel()
	s := serve(t, nil)
	storage := &session.StorageMemory{} // a key of its own
	connect(t, s, clientOptions{storage: storage}).stop()
	c := connect(t, s, clientOptions{storage: storage})
	if _, err := c.UpdatesGetState(c.ctx); err != nil {
		t.Fatal(err)
	}
	if n := s.World().Calls()["auth.importBotAuthorization"]; n != 1 {
		t.Errorf("signed in %d times, want once", n)
	}
}

func TestAKeyOutlivesTheServerInItsWorld(t *testing.T) {
	t.Parallel()
	w := fakedc.NewDemo(fakedc.WorldOptions{})
	storage := &session.StorageMemory{} // a key of its own
	first := serve(t, w)
	connect(t, first, clientOptions{storage: storage}).stop()
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	connect(t, serve(t, w), clientOptions{storage: storage})
	if n := w.Calls()["auth.importBotAuthorization"]; n != 1 {
		t.Errorf("signed in %d times, want once", n)
	}
}

func TestForgottenKeysHaveToSignInAgain(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	do(t, s, fakedc.Step{Do: "forget_keys"})
	_, err := c.UpdatesGetState(c.ctx)
	wantError(t, err, 401, "AUTH_KEY_UNREGISTERED")
}

// A key that the server does not know gets the transport's -404, upon which gotd
// makes a new one.
func TestAnUnknownKeyIsReplaced(t *testing.T) {
	t.Parallel() // gotd repeats its first request after five seconds
	s := serve(t, nil)
	storage := &session.StorageMemory{} // a key of its own
	connect(t, s, clientOptions{storage: storage}).stop()
	do(t, s, fakedc.Step{Do: "forget_keys", Drop: true})
	c := connect(t, s, clientOptions{storage: storage})
	if _, err := c.UpdatesGetState(c.ctx); err != nil {
		t.Fatal(err)
	}
}

func TestLoggingOutEndsTheSignIn(t *testing.T) {
	c := connect(t, serve(t, nil), clientOptions{})
	if _, err := c.AuthLogOut(c.ctx); err != nil {
		t.Fatal(err)
	}
	_, err := c.UpdatesGetState(c.ctx)
	wantError(t, err, 401, "AUTH_KEY_UNREGISTERED")
}

func TestAMethodThatIsMissingSaysSo(t *testing.T) {
	c := connect(t, serve(t, nil), clientOptions{})
	_, err := c.MessagesGetAllDrafts(c.ctx)
	wantError(t, err, 400, "METHOD_NOT_IMPLEMENTED")
}

// 8, 4.4: what a bot hears when its owner has revoked the token, and when its own
// account is gone.
func TestATokenIsRevoked(t *testing.T) {
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	signIn := func(token string) error {
		_, err := c.AuthImportBotAuthorization(c.ctx, &tg.AuthImportBotAuthorizationRequest{APIID: 1, APIHash: "hash", BotAuthToken: token})
		return err
	}
	do(t, s, fakedc.Step{Do: "token", Who: "bot", Token: "7000000001:another"})
	_, err := c.UpdatesGetState(c.ctx)
	wantError(t, err, 401, "AUTH_KEY_UNREGISTERED")
	wantError(t, signIn(fakedc.DemoToken), 400, "ACCESS_TOKEN_EXPIRED")
	if err := signIn("7000000001:another"); err != nil {
		t.Fatal(err)
	}
	_, err = c.AuthImportBotAuthorization(c.ctx, &tg.AuthImportBotAuthorizationRequest{BotAuthToken: "7000000001:another"})
	wantError(t, err, 400, "API_ID_INVALID")
	do(t, s, fakedc.Step{Do: "delete", Who: "bot"})
	_, err = c.UpdatesGetState(c.ctx)
	wantError(t, err, 401, "USER_DEACTIVATED")
}
