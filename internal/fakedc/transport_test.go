package fakedc_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/gotd/td/telegram"
	"github.com/gotd/td/telegram/dcs"
	"github.com/gotd/td/tg"
	"github.com/gotd/td/transport"

	"github.com/f48b34c0/seen/internal/fakedc"
)

// An obfuscated full transport is not among these: obfuscation has no tag for it.
// gotd announces intermediate then and goes on in full, which nobody can tell apart
// from an intermediate connection that is broken.
func TestGotdWorksOverEveryTransport(t *testing.T) {
	s := serve(t, nil)
	for name, o := range map[string]dcs.PlainOptions{
		"abridged":            {Protocol: transport.Abridged},
		"intermediate":        {Protocol: transport.Intermediate},
		"padded intermediate": {Protocol: transport.PaddedIntermediate},
		"full":                {Protocol: transport.Full},

		"obfuscated abridged":            {Protocol: transport.Abridged, Obfuscated: true},
		"obfuscated intermediate":        {Protocol: transport.Intermediate, Obfuscated: true},
		"obfuscated padded intermediate": {Protocol: transport.PaddedIntermediate, Obfuscated: true},
	} {
		t.Run(name, func(t *testing.T) {
			c := connect(t, s, clientOptions{resolver: dcs.Plain(o)})
			do(t, s, fakedc.Step{Do: "start", Who: "ann"})
			c.received(1)
			if got := c.resolve("carol").ID; got != 1003 {
				t.Errorf("carol is %d", got)
			}
		})
	}
}

func TestGotdWorksOverAWebsocket(t *testing.T) {
	s := serve(t, nil)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	arrived := make(chan struct{}, 1)
	o := clientTo(s, telegram.Options{
		SessionStorage: agree().storage.Clone(),
		Resolver:       dcs.Websocket(dcs.WebsocketOptions{}),
		UpdateHandler: telegram.UpdateHandlerFunc(func(context.Context, tg.UpdatesClass) error {
			arrived <- struct{}{}
			return nil
		}),
	})
	o.DCList.Domains = map[int]string{s.DC(): "ws://" + s.Addr() + "/apiws"}
	tc := telegram.NewClient(1, "hash", o)
	err := tc.Run(ctx, func(ctx context.Context) error {
		if _, err := tc.Auth().Bot(ctx, fakedc.DemoToken); err != nil {
			return err
		}
		do(t, s, fakedc.Step{Do: "start", Who: "ann"})
		select {
		case <-arrived:
		case <-ctx.Done():
			return ctx.Err()
		}
		_, err := tc.API().ContactsResolveUsername(ctx, &tg.ContactsResolveUsernameRequest{Username: "carol"})
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// What is a websocket's own: pings are answered between whatever else there is,
// good-byes returned, and what is no websocket is shown out.
func TestAWebsocketIsOne(t *testing.T) {
	s := serve(t, nil)
	const asks = "GET /apiws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
	begin := func(header string) (net.Conn, *http.Response, *bufio.Reader) {
		t.Helper()
		c, err := net.Dial("tcp", s.Addr())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Close() })
		if err := c.SetDeadline(time.Now().Add(patience)); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(c, asks+header+"\r\n"); err != nil {
			t.Fatal(err)
		}
		r := bufio.NewReader(c)
		answer, err := http.ReadResponse(r, nil)
		if err != nil {
			t.Fatal(err)
		}
		return c, answer, r
	}
	const key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" // RFC 6455, 1.3
	for _, header := range []string{"", key, "Sec-WebSocket-Key: c2hvcnQ=\r\nSec-WebSocket-Protocol: binary\r\n"} {
		if _, answer, _ := begin(header); answer.StatusCode != http.StatusBadRequest {
			t.Errorf("%q: %s", header, answer.Status)
		}
	}
	c, answer, r := begin(key + "Sec-WebSocket-Protocol: binary\r\n")
	if got := answer.Header.Get("Sec-WebSocket-Accept"); answer.StatusCode != 101 || got != "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" {
		t.Errorf("%s, %q", answer.Status, got)
	}
	// The mask is zero, which makes it no mask. A ping may stand in the middle of a
	// message.
	for _, frame := range []struct{ say, want string }{
		{"\x02\x80\x00\x00\x00\x00\x89\x82\x00\x00\x00\x00hi", "\x8a\x02hi"},
		{"\x89\x80\x00\x00\x00\x00", "\x8a\x00"},
		{"\x88\x82\x00\x00\x00\x00\x03\xe8", "\x88\x02\x03\xe8"},
	} {
		if _, err := io.WriteString(c, frame.say); err != nil {
			t.Fatal(err)
		}
		got := make([]byte, len(frame.want))
		if _, err := io.ReadFull(r, got); err != nil || string(got) != frame.want {
			t.Errorf("after %q: %q, %v", frame.say, got, err)
		}
	}
	if _, err := r.ReadByte(); !errors.Is(err, io.EOF) {
		t.Errorf("after the good-bye: %v", err)
	}
	c, _, r = begin(key + "Sec-WebSocket-Protocol: binary\r\n")
	if _, err := io.WriteString(c, "\x89\x00\x00\x00\x00\x00"); err != nil {
		t.Fatal(err)
	}
	if b, err := r.ReadByte(); err == nil {
		t.Errorf("a client without a mask was answered with %#x", b)
	}
}
