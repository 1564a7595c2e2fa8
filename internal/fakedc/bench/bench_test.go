package bench

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/proto"
	"github.com/gotd/td/session"
	"github.com/gotd/td/telegram"
	"github.com/gotd/td/telegram/dcs"
	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgtest"
	"github.com/gotd/td/transport"

	"github.com/f48b34c0/seen/internal/fakedc"
)

// patience is for slow machines.
const patience = 2 * time.Minute

// The same client at both servers: what differs is the server. tgtest answers and
// pushes what is put into its hands; fakedc looks it up in its world first.

// BenchmarkPush pushes messages of people who were never seen before.
func BenchmarkPush(b *testing.B) {
	b.Run("fakedc", func(b *testing.B) {
		s := startFakedc(b, nil)
		r := dial(b, s.Addr(), s.PublicKey())
		r.send(&tg.AuthImportBotAuthorizationRequest{APIID: 1, APIHash: "hash", BotAuthToken: fakedc.DemoToken})
		r.receive(proto.ResultTypeID, 1)
		spent := cpu(b)
		b.ResetTimer()
		done := make(chan error, 1)
		go func() {
			_, err := s.World().Do(r.ctx, fakedc.Step{Do: "crowd", Count: b.N})
			done <- err
		}()
		r.receive(tg.UpdatesTypeID, b.N)
		if err := <-done; err != nil {
			b.Fatal(err)
		}
		spent()
	})
	b.Run("tgtest", func(b *testing.B) {
		s := startTgtest(b)
		r := dial(b, s.addr.String(), s.key)
		r.send(&tg.HelpGetConfigRequest{})
		r.receive(proto.ResultTypeID, 1)
		at := <-s.sessions
		spent := cpu(b)
		b.ResetTimer()
		done := make(chan error, 1)
		go func() {
			var err error
			for i := range b.N {
				err = errors.Join(err, s.Send(r.ctx, at, proto.MessageFromServer, oneMessage(i)))
			}
			done <- err
		}()
		r.receive(tg.UpdatesTypeID, b.N)
		if err := <-done; err != nil {
			b.Fatal(err)
		}
		spent()
	})
}

// BenchmarkCalls resolves a name, 64 times at once.
func BenchmarkCalls(b *testing.B) {
	b.Run("fakedc", func(b *testing.B) {
		s := startFakedc(b, nil)
		at := netip.MustParseAddrPort(s.Addr())
		resolving(b, options(at.Addr().String(), int(at.Port()), s.PublicKey()))
	})
	b.Run("tgtest", func(b *testing.B) {
		s := startTgtest(b)
		resolving(b, options(s.addr.IP.String(), s.addr.Port, s.key))
	})
}

// resolving signs in where that is possible, and resolves.
func resolving(b *testing.B, o telegram.Options) {
	b.Helper()
	tc := telegram.NewClient(1, "hash", o)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := tc.Run(ctx, func(ctx context.Context) error {
		if _, err := tc.Auth().Bot(ctx, fakedc.DemoToken); err != nil {
			return err
		}
		resolveAll(b, tc.API())
		return nil
	}); err != nil {
		b.Fatal(err)
	}
}

func resolveAll(b *testing.B, api *tg.Client) {
	b.Helper()
	atOnce(b, func(int) error {
		_, err := api.ContactsResolveUsername(context.Background(), &tg.ContactsResolveUsernameRequest{Username: "carol"})
		return err
	})
}

type tgtestServer struct {
	*tgtest.Server
	addr     *net.TCPAddr
	key      *rsa.PublicKey
	sessions chan tgtest.Session
}

func startTgtest(b *testing.B) *tgtestServer {
	b.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		b.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	s := &tgtestServer{key: &key.PublicKey, sessions: make(chan tgtest.Session, 1), addr: l.Addr().(*net.TCPAddr)}
	d := tgtest.NewDispatcher()
	config := &tg.Config{ThisDC: 2, DCOptions: list(s.addr.IP.String(), s.addr.Port).Options}
	d.HandleFunc(tg.HelpGetConfigRequestTypeID, func(server *tgtest.Server, req *tgtest.Request) error {
		select {
		case s.sessions <- req.Session:
		default:
		}
		return server.SendResult(req, config)
	})
	d.HandleFunc(tg.ContactsResolveUsernameRequestTypeID, func(server *tgtest.Server, req *tgtest.Request) error {
		var r tg.ContactsResolveUsernameRequest
		if err := r.Decode(req.Buf); err != nil {
			return err
		}
		return server.SendResult(req, &tg.ContactsResolvedPeer{Peer: &tg.PeerUser{UserID: 1003}, Users: []tg.UserClass{stranger(3)}})
	})
	d.HandleFunc(tg.AuthImportBotAuthorizationRequestTypeID, func(server *tgtest.Server, req *tgtest.Request) error {
		return server.SendResult(req, &tg.AuthAuthorization{User: stranger(1)})
	})
	s.Server = tgtest.NewServer(tgtest.NewPrivateKey(key), tgtest.UnpackInvoke(d), tgtest.ServerOptions{DC: 2, ReadTimeout: patience})
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = s.Serve(ctx, transport.Listen(l))
	}()
	b.Cleanup(func() {
		cancel()
		<-served
	})
	return s
}

func list(ip string, port int) dcs.List {
	return dcs.List{Options: []tg.DCOption{{ID: 2, IPAddress: ip, Port: port, Static: true}}}
}

func options(ip string, port int, key *rsa.PublicKey) telegram.Options {
	return telegram.Options{
		DC: 2, DCList: list(ip, port), PublicKeys: []telegram.PublicKey{{RSA: key}},
		SessionStorage: &session.StorageMemory{}, NoUpdates: true,
	}
}

// startFakedc serves a world; nil is the demo's.
func startFakedc(b *testing.B, world *fakedc.World) *fakedc.Server {
	b.Helper()
	s, err := fakedc.Start(context.Background(), fakedc.Options{World: world, HandshakeTimeout: patience})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close() })
	return s
}

func stranger(i int) *tg.User {
	u := &tg.User{ID: int64(2_000_000 + i)}
	u.SetAccessHash(int64(i) << 20)
	u.SetFirstName("Somebody")
	u.SetUsername("user000001")
	u.SetLangCode("en")
	return u
}

func oneMessage(i int) bin.Encoder {
	m := &tg.Message{ID: i + 1, PeerID: &tg.PeerUser{UserID: int64(2_000_000 + i)}, Date: 1, Message: "hello from somebody"}
	return &tg.Updates{
		Updates: []tg.UpdateClass{&tg.UpdateNewMessage{Message: m, Pts: i + 2, PtsCount: 1}},
		Users:   []tg.UserClass{stranger(i)}, Date: 1,
	}
}
