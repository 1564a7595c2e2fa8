package fakedc_test

import (
	"testing"

	"github.com/gotd/td/session"

	"github.com/f48b34c0/seen/internal/fakedc"
)

func TestAClientWithTemporaryKeysSignsInAndHears(t *testing.T) {
	t.Parallel() // two keys have to be agreed on
	s := serve(t, nil)
	storage := &session.StorageMemory{}
	c := connect(t, s, clientOptions{storage: storage, pfs: true})
	do(t, s, fakedc.Step{Do: "start", Who: "ann"})
	c.received(1)
	if n := s.World().Calls()["auth.bindTempAuthKey"]; n == 0 {
		t.Error("no key was bound")
	}
	c.stop()
	// Signed in is the permanent key, so a new temporary one is enough.
	c = connect(t, s, clientOptions{storage: storage, pfs: true})
	if _, err := c.UpdatesGetState(c.ctx); err != nil {
		t.Error(err)
	}
	if n := s.World().Calls()["auth.importBotAuthorization"]; n != 1 {
		t.Errorf("signed in %d times, want once", n)
	}
}

func TestATemporaryKeyNeedsAPermanentOne(t *testing.T) {
	t.Parallel()
	c := connect(t, serve(t, nil), clientOptions{noSignIn: true})
	_, err := c.AuthBindTempAuthKey(c.ctx, bindNothing())
	wantError(t, err, 400, "TEMP_AUTH_KEY_EMPTY")
}
