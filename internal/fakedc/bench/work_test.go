package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"net/netip"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/gotd/td/telegram"
	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/internal/bot"
	"github.com/f48b34c0/seen/internal/fakedc"
)

// The same calls by gotd alone, which keeps the hashes in a map and nothing else,
// and by the bot: what differs is the book, the pace, the waits, and for raw calls
// the JSON. Client and server share the processors.

// inFlight is how many calls are under way at once.
const inFlight = 64

// audience is how many people the messages go to in turn.
const audience = 1000

// distances are how long the server takes for an answer: nothing, so that what the
// processors do is all that counts, and what a call to Telegram takes at least.
func distances(b *testing.B, do func(b *testing.B, answer time.Duration)) {
	b.Helper()
	for _, d := range []time.Duration{0, 20 * time.Millisecond} {
		b.Run("answer="+d.String(), func(b *testing.B) { do(b, d) })
	}
}

// BenchmarkSending sends messages to people who have written to the bot: by hand, as
// a message, and as a raw call, from JSON to JSON.
func BenchmarkSending(b *testing.B) {
	distances(b, func(b *testing.B, answering time.Duration) {
		b.Run("gotd", func(b *testing.B) {
			withGotd(b, hall(b, audience, answering), true, func(ctx context.Context, api *tg.Client, hashes map[int64]int64) {
				atOnce(b, func(n int) error { return sendByHand(ctx, api, hashes, n) })
			})
		})
		b.Run("seen", func(b *testing.B) {
			withBot(b, hall(b, audience, answering), true, func(ctx context.Context, seen *bot.Bot) {
				atOnce(b, func(n int) error {
					_, err := seen.Send(ctx, answer.SendRequest{To: fmt.Sprint(idOf(n % audience)), Text: text(n), Literal: true})
					return err
				})
			})
		})
		b.Run("seen's raw calls", func(b *testing.B) {
			withBot(b, hall(b, audience, answering), true, func(ctx context.Context, seen *bot.Bot) {
				atOnce(b, func(n int) error { return sendRaw(ctx, seen, n) })
			})
		})
	})
}

// BenchmarkLookingUp looks up names that were never seen before.
func BenchmarkLookingUp(b *testing.B) {
	distances(b, func(b *testing.B, answering time.Duration) {
		b.Run("gotd", func(b *testing.B) {
			withGotd(b, hall(b, b.N, answering), false, func(ctx context.Context, api *tg.Client, _ map[int64]int64) {
				atOnce(b, func(n int) error {
					_, err := api.ContactsResolveUsername(ctx, &tg.ContactsResolveUsernameRequest{Username: nameOf(n)})
					return err
				})
			})
		})
		b.Run("seen", func(b *testing.B) {
			withBot(b, hall(b, b.N, answering), false, func(ctx context.Context, seen *bot.Bot) {
				atOnce(b, func(n int) error {
					_, err := seen.Resolve(ctx, answer.ResolveRequest{Ref: "@" + nameOf(n)})
					return err
				})
			})
		})
	})
}

func sendRaw(ctx context.Context, seen *bot.Bot, n int) error {
	params, err := json.Marshal(map[string]any{"peer": idOf(n % audience), "message": text(n), "random_id": fmt.Sprint(n + 1)})
	if err != nil {
		return err
	}
	_, err = seen.Call(ctx, answer.CallRequest{Method: "messages.sendMessage", Params: params})
	return err
}

func sendByHand(ctx context.Context, api *tg.Client, hashes map[int64]int64, n int) error {
	id := idOf(n % audience)
	_, err := api.MessagesSendMessage(ctx, &tg.MessagesSendMessageRequest{
		Peer: &tg.InputPeerUser{UserID: id, AccessHash: hashes[id]}, Message: text(n), RandomID: int64(n + 1),
	})
	return err
}

func idOf(n int) int64    { return 5_000_000 + int64(n) }
func nameOf(n int) string { return fmt.Sprintf("visitor%07d", n) }
func text(n int) string   { return fmt.Sprint("Your order has shipped, number ", n) }
func person(n int) string { return fmt.Sprint("visitor", n) }

// hall is a server with some people, that takes so long for an answer.
func hall(b *testing.B, people int, answering time.Duration) *fakedc.Server {
	b.Helper()
	world := fakedc.NewDemo(fakedc.WorldOptions{})
	for n := range people {
		_, err := world.AddPerson(fakedc.Person{Key: person(n), ID: idOf(n), FirstName: "Visitor", Username: nameOf(n)})
		if err != nil {
			b.Fatal(err)
		}
	}
	if answering > 0 {
		if _, err := world.Do(b.Context(), fakedc.Step{Do: "fault", Method: "*", For: answering.String(), Count: -1}); err != nil {
			b.Fatal(err)
		}
	}
	return startFakedc(b, world)
}

// greet lets the first people of a hall write to the bot.
func greet(b *testing.B, s *fakedc.Server) {
	b.Helper()
	members := make([]string, audience)
	for n := range members {
		members[n] = person(n)
	}
	if _, err := s.World().Do(b.Context(), fakedc.Step{Do: "chorus", Members: members, Size: 100, Text: "hello"}); err != nil {
		b.Fatal(err)
	}
}

// withGotd signs in with gotd alone. If the audience is known, they have written to
// it, and it has their hashes.
func withGotd(b *testing.B, s *fakedc.Server, known bool, do func(ctx context.Context, api *tg.Client, hashes map[int64]int64)) {
	b.Helper()
	hashes, all := make(map[int64]int64), make(chan struct{})
	done := sync.OnceFunc(func() { close(all) })
	var mu sync.Mutex
	at := netip.MustParseAddrPort(s.Addr())
	o := options(at.Addr().String(), int(at.Port()), s.PublicKey())
	o.NoUpdates = false
	o.UpdateHandler = telegram.UpdateHandlerFunc(func(_ context.Context, u tg.UpdatesClass) error {
		if u, ok := u.(*tg.Updates); ok {
			mu.Lock()
			defer mu.Unlock()
			for _, u := range u.Users {
				if u, ok := u.(*tg.User); ok && u.ID >= idOf(0) {
					if hashes[u.ID] = u.AccessHash; len(hashes) == audience {
						done()
					}
				}
			}
		}
		return nil
	})
	tc := telegram.NewClient(1, "hash", o)
	err := tc.Run(b.Context(), func(ctx context.Context) error {
		if _, err := tc.Auth().Bot(ctx, fakedc.DemoToken); err != nil {
			return err
		}
		if known {
			greet(b, s)
			<-all
		}
		do(ctx, tc.API(), hashes)
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}

// withBot is withGotd for the bot, as it runs as a daemon.
func withBot(b *testing.B, s *fakedc.Server, known bool, do func(ctx context.Context, s *bot.Bot)) {
	b.Helper()
	seen, err := bot.Open(b.Context(), bot.Options{
		AppID: 1, AppHash: "hash", Token: fakedc.DemoToken, SessionFile: filepath.Join(b.TempDir(), "bot.session"),
		Server: bot.Server{Addr: s.Addr(), DC: s.DC(), Key: s.PublicKey()},
		Pace:   bot.Pace{Total: -1, Chat: -1, Group: -1}, LookupsPerDay: -1, NoGreeting: true,
	})
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(b.Context())
	ready, ended := make(chan struct{}), make(chan error, 1)
	go func() { ended <- seen.Run(ctx, func(answer.Peer) { close(ready) }) }()
	select {
	case <-ready:
	case err := <-ended:
		b.Fatal(err)
	}
	if known {
		greet(b, s)
		for deadline := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
			st, err := seen.Status(ctx)
			if err != nil || time.Now().After(deadline) {
				b.Fatal(st, err)
			}
			if st.Peers.Users >= audience {
				break
			}
		}
	}
	do(ctx, seen)
	cancel()
	<-ended
	if err := seen.Close(); err != nil {
		b.Fatal(err)
	}
}

// atOnce measures b.N calls, of which some are under way at once.
func atOnce(b *testing.B, do func(n int) error) {
	b.Helper()
	todo := make(chan int, b.N)
	for n := range b.N {
		todo <- n
	}
	close(todo)
	spent := cpu(b)
	b.ResetTimer()
	var work sync.WaitGroup
	for range inFlight {
		work.Go(func() {
			for n := range todo {
				if err := do(n); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	work.Wait()
	spent()
	b.StopTimer()
}
