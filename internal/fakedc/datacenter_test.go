package fakedc_test

import (
	"context"
	"errors"
	"testing"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/crypto"
	"github.com/gotd/td/mt"
	"github.com/gotd/td/proto/codec"
	"github.com/gotd/td/session"
	"github.com/gotd/td/tg"
	"github.com/gotd/td/transport"

	"github.com/f48b34c0/seen/internal/fakedc"
)

// neighbors starts data centers 1 and 2 of one world. Accounts live in 2.
func neighbors(t *testing.T) (first, second *fakedc.Server) {
	t.Helper()
	w := fakedc.NewDemo(fakedc.WorldOptions{})
	fakedc.ShareKeys(w, agree().world)
	start := func(dc int) *fakedc.Server {
		s, err := fakedc.Start(context.Background(), fakedc.Options{
			World: w, Key: agree().rsa, DC: dc, Home: 2, HandshakeTimeout: patience,
		})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		return s
	}
	return start(1), start(2)
}

func TestSigningInElsewhereIsSentHome(t *testing.T) {
	t.Parallel() // two keys have to be agreed on
	first, _ := neighbors(t)
	c := connect(t, first, clientOptions{storage: &session.StorageMemory{}})
	config, err := c.HelpGetConfig(c.ctx)
	if err != nil {
		t.Fatal(err)
	}
	if config.ThisDC != 2 || len(config.DCOptions) != 2 {
		t.Errorf("at dc %d of %d, want to have moved to 2 of 2", config.ThisDC, len(config.DCOptions))
	}
	do(t, first, fakedc.Step{Do: "start", Who: "ann"})
	c.received(1)
}

func TestTheWrongDataCenterNamesTheRightOne(t *testing.T) {
	first, _ := neighbors(t)
	fakedc.MoveKeys(first.World(), 1)
	r := dialRaw(t, first, intermediate())
	r.send(r.nextID(), 1, importBot())
	if got := r.refusal(); got != "USER_MIGRATE_2" {
		t.Errorf("got %s", got)
	}
}

func intermediate() transport.Protocol { return transport.Intermediate }

func importBot() *tg.AuthImportBotAuthorizationRequest {
	return &tg.AuthImportBotAuthorizationRequest{APIID: 1, APIHash: "hash", BotAuthToken: fakedc.DemoToken}
}

// A key that was agreed on at one data center is unknown at the others.
func TestEveryDataCenterHasItsOwnKeys(t *testing.T) {
	first, second := neighbors(t)
	for s, want := range map[*fakedc.Server]int32{first: 404, second: 0} {
		r := dialRaw(t, s, intermediate())
		r.send(r.nextID(), 0, &mt.PingRequest{PingID: 1})
		var b bin.Buffer
		err := r.wire.Recv(r.ctx, &b)
		var refused *codec.ProtocolErr
		if errors.As(err, &refused) != (want != 0) || want != 0 && refused.Code != want {
			t.Errorf("dc %d: got %v", s.DC(), err)
		}
	}
}

// A bot reads its files at another data center by an authorization that was taken
// there, and does nothing else there.
func TestAnAuthorizationIsTakenToAnotherDataCenter(t *testing.T) {
	t.Parallel() // agrees on a key
	first, second := neighbors(t)
	c := connect(t, second, clientOptions{})
	keys := &session.StorageMemory{}
	there := connect(t, first, clientOptions{noSignIn: true, storage: keys})
	_, err := c.AuthExportAuthorization(c.ctx, 2)
	wantError(t, err, 400, "DC_ID_INVALID")
	_, err = c.AuthExportAuthorization(c.ctx, 4)
	wantError(t, err, 400, "DC_ID_INVALID")
	ticket, err := c.AuthExportAuthorization(c.ctx, 1)
	if err != nil {
		t.Fatal(err)
	}
	_, err = there.UploadSaveFilePart(there.ctx, &tg.UploadSaveFilePartRequest{FileID: 1, Bytes: []byte("x")})
	wantError(t, err, 401, "AUTH_KEY_UNREGISTERED")
	_, err = there.AuthImportAuthorization(there.ctx, &tg.AuthImportAuthorizationRequest{ID: 1001, Bytes: ticket.Bytes})
	wantError(t, err, 400, "AUTH_BYTES_INVALID")
	take := func() error {
		_, err := there.AuthImportAuthorization(there.ctx, &tg.AuthImportAuthorizationRequest{ID: ticket.ID, Bytes: ticket.Bytes})
		return err
	}
	if err := take(); err != nil {
		t.Fatal(err)
	}
	wantError(t, take(), 400, "AUTH_BYTES_INVALID")
	if _, err := there.UploadSaveFilePart(there.ctx, &tg.UploadSaveFilePartRequest{FileID: 1, Bytes: []byte("x")}); err != nil {
		t.Error(err)
	}
	// gotd would go where it is sent.
	r := dialRaw(t, first, intermediate())
	kept, err := (&session.Loader{Storage: keys}).Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var key crypto.Key
	copy(key[:], kept.AuthKey)
	r.key, r.salt = key.WithID(), kept.Salt
	r.send(r.nextID(), 1, &tg.UpdatesGetStateRequest{})
	if got := r.refusal(); got != "USER_MIGRATE_2" {
		t.Errorf("got %s", got)
	}
}
