package fakedc_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/crypto"
	"github.com/gotd/td/exchange"
	"github.com/gotd/td/transport"

	"github.com/f48b34c0/seen/internal/fakedc"
)

// Whatever two hundred peers do, a client that was there before and one that comes
// after do not notice.
func TestHostileConnectionsDisturbNobody(t *testing.T) {
	s := serve(t, nil)
	before := connect(t, s, clientOptions{})
	garbage := make([]byte, 4096)
	_, _ = rand.Read(garbage)
	intermediate := []byte{0xee, 0xee, 0xee, 0xee}
	for i := range 200 {
		nc, err := net.Dial("tcp", s.Addr())
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = nc.Close() }()
		switch i % 15 {
		case 0: // says nothing
		case 1: // leaves at once
			_ = nc.Close()
		case 2:
			_, _ = nc.Write(garbage)
		case 3: // half of the tag
			_, _ = nc.Write(intermediate[:2])
		case 4: // a frame that never comes
			_, _ = nc.Write(append(bytes.Clone(intermediate), 0xff, 0xff, 0x00, 0x00))
		case 5: // a frame too short for a key id
			_, _ = nc.Write(append(bytes.Clone(intermediate), 4, 0, 0, 0, 1, 2, 3, 4))
		case 6: // an unencrypted message of nonsense
			_, _ = nc.Write(append(append(bytes.Clone(intermediate), 40, 0, 0, 0), make([]byte, 40)...))
		case 7: // an unknown key
			_, _ = nc.Write(append(append(bytes.Clone(intermediate), 64, 0, 0, 0), garbage[:64]...))
		case 8: // a length that no client may announce
			_, _ = nc.Write(append(bytes.Clone(intermediate), 0xff, 0xff, 0xff, 0x7f))
		case 9: // the same in the transport that has no tag
			_, _ = nc.Write([]byte{0xff, 0xff, 0xff, 0x7f, 0, 0, 0, 0})
		case 10: // a good key's id over garbage
			key, _ := fakedc.AnyKey(agree().world)
			frame := append(append(bytes.Clone(intermediate), 72, 0, 0, 0), key.ID[:]...)
			_, _ = nc.Write(append(frame, garbage[:64]...))
		case 11: // a good key, and garbage under it
			key, salt := fakedc.AnyKey(agree().world)
			wire, err := transport.Intermediate.Handshake(nc)
			if err != nil {
				t.Fatal(err)
			}
			sendRaw(t, before.ctx, wire, exchange.ClientExchangeResult{AuthKey: key, ServerSalt: salt, SessionID: int64(i)}, garbage)
		case 12: // half of a websocket
			_, _ = io.WriteString(nc, "GET /apiws HTTP/1.1\r\n")
		case 13: // one without an end
			_, _ = io.WriteString(nc, "GET /apiws HTTP/1.1\r\nX: "+strings.Repeat("x", 64<<10))
		case 14: // one with garbage inside
			_, _ = io.WriteString(nc, "GET /apiws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
				"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: binary\r\n\r\n")
			_, _ = nc.Write(garbage)
		}
	}
	if _, err := before.UpdatesGetState(before.ctx); err != nil {
		t.Error(err)
	}
	after := connect(t, s, clientOptions{})
	do(t, s, fakedc.Step{Do: "start", Who: "ann"})
	before.received(1)
	after.received(1)
}

// A peer with a good key is not to be trusted either.
func TestGarbageUnderAGoodKeyEndsThatConnectionOnly(t *testing.T) {
	t.Parallel()
	s := serve(t, nil)
	c := connect(t, s, clientOptions{})
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	nc, err := net.Dial("tcp", s.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = nc.Close() }()
	wire, err := transport.Intermediate.Handshake(nc)
	if err != nil {
		t.Fatal(err)
	}
	key, err := exchange.NewExchanger(wire, 2).Client([]exchange.PublicKey{{RSA: s.PublicKey()}}).Run(ctx)
	if err != nil {
		t.Fatal(err)
	}
	garbage := make([]byte, 512)
	_, _ = rand.Read(garbage)
	for _, body := range [][]byte{
		garbage,
		{0xdc, 0xf8, 0xf1, 0x73, 0xff, 0xff, 0xff, 0x7f}, // a container of 2^31-1 messages
		{0xa1, 0xcf, 0x72, 0x30, 4, 1, 2, 3, 0, 0, 0, 0}, // gzip of nothing
		bytes.Repeat([]byte{0x0d, 0x0d, 0x9b, 0xda, 1, 0, 0, 0}, 20),
	} {
		sendRaw(t, ctx, wire, key, body)
	}
	if _, err := c.UpdatesGetState(c.ctx); err != nil {
		t.Error(err)
	}
}

func TestASilentPeerIsShownOut(t *testing.T) {
	w := fakedc.NewDemo(fakedc.WorldOptions{})
	s, err := fakedc.Start(context.Background(), fakedc.Options{World: w, HandshakeTimeout: 50 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	nc, err := net.Dial("tcp", s.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = nc.Close() }()
	_ = nc.SetReadDeadline(time.Now().Add(5 * time.Second))
	if _, err := nc.Read(make([]byte, 1)); err == nil || isTimeout(err) {
		t.Errorf("still connected: %v", err)
	}
}

func isTimeout(err error) bool {
	e, ok := errors.AsType[net.Error](err)
	return ok && e.Timeout()
}

func sendRaw(t *testing.T, ctx context.Context, wire transport.Conn, key exchange.ClientExchangeResult, body []byte) {
	t.Helper()
	b := &bin.Buffer{}
	err := crypto.NewClientCipher(rand.Reader).Encrypt(key.AuthKey, crypto.EncryptedMessageData{
		Salt: key.ServerSalt, SessionID: key.SessionID, MessageID: time.Now().Unix() << 32,
		SeqNo: 1, MessageDataLen: int32(len(body)), MessageDataWithPadding: body,
	}, b)
	if err != nil {
		t.Fatal(err)
	}
	// The server may have hung up on what came before.
	_ = wire.Send(ctx, b)
}
