package fakedc_test

import (
	"context"
	"testing"

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
