package fakedc

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	"testing"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/crypto"
	"github.com/gotd/td/mt"
	"github.com/gotd/td/proto"
	"github.com/gotd/td/tg"
)

// FuzzFrame reads frames of all transports from anything, and back what was written.
func FuzzFrame(f *testing.F) {
	f.Add(byte(abridged), []byte{1, 1, 2, 3, 4})
	f.Add(byte(abridged), []byte{0x7f, 0xff, 0xff, 0xff})
	f.Add(byte(intermediate), []byte{4, 0, 0, 0, 1, 2, 3, 4})
	f.Add(byte(padded), []byte{5, 0, 0, 0, 1, 2, 3, 4, 5})
	f.Add(byte(full), []byte{8, 0, 0, 0, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, kind byte, data []byte) {
		framing := framing(kind % 4)
		body, err := framing.readFrame(bytes.NewReader(data), 0)
		if err != nil || len(body) == 0 {
			return
		}
		if framing == abridged || framing == padded {
			body = body[:len(body)/4*4] // what a server says comes in words
		}
		again, err := framing.readFrame(bytes.NewReader(framing.appendFrame(nil, body, 7)), 7)
		if len(body) > 0 && (err != nil || !bytes.HasPrefix(again, trim16(body)[:min(len(trim16(body)), len(again))])) {
			t.Fatalf("%x came back as %x (%v)", body, again, err)
		}
	})
}

// FuzzWebsocket reads frames of a websocket from anything, and what a client sends
// as it was sent.
func FuzzWebsocket(f *testing.F) {
	f.Add([]byte{0x82, 0x84, 1, 2, 3, 4, 5, 6, 7, 8}, uint16(3))
	f.Add([]byte{0x82, 0xfe, 0, 1, 0, 0, 0, 0, 9}, uint16(200))
	f.Add([]byte{0x82, 0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 9}, uint16(0))
	f.Add([]byte{0x89, 0x81, 0, 0, 0, 0, 1, 0x88, 0x80, 0, 0, 0, 0}, uint16(1))
	f.Fuzz(func(t *testing.T, data []byte, cut uint16) {
		quiet := func(byte, []byte) error { return nil }
		_, _ = io.Copy(io.Discard, &websocket{r: bufio.NewReader(bytes.NewReader(data)), control: quiet})

		// The same data in two frames, the second with a mask.
		at := min(int(cut), len(data))
		wire := append(frameHead(nil, frameBinary, at), make([]byte, 4)...)
		wire[1] |= frameMasked
		wire = append(wire, data[:at]...)
		second := frameHead(nil, frameContinued, len(data)-at)
		second[1] |= frameMasked
		mask := []byte{1, 2, 3, 4}
		wire = append(append(wire, second...), mask...)
		for i, b := range data[at:] {
			wire = append(wire, b^mask[i%4])
		}
		got, err := io.ReadAll(&websocket{r: bufio.NewReader(bytes.NewReader(wire)), control: quiet})
		if err != nil || !bytes.Equal(got, data) {
			t.Fatalf("%x came as %x (%v)", data, got, err)
		}
	})
}

// FuzzMessage lets the server handle anything that a client with a good key may say.
func FuzzMessage(f *testing.F) {
	s, err := Start(context.Background(), Options{})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = s.Close() })
	for _, v := range []bin.Encoder{
		&mt.PingRequest{PingID: 1},
		&mt.MsgsStateReq{MsgIDs: []int64{1}},
		&mt.DestroySessionRequest{SessionID: 1},
		proto.GZIP{Data: []byte{1, 2, 3, 4}},
		&proto.MessageContainer{Messages: []proto.Message{{ID: 4, Bytes: 4, Body: []byte{1, 2, 3, 4}}}},
		&tg.InvokeWithLayerRequest{Layer: 198, Query: &tg.HelpGetConfigRequest{}},
		&tg.InvokeAfterMsgRequest{MsgID: 4, Query: &tg.UpdatesGetStateRequest{}},
		&tg.MessagesSendMessageRequest{Peer: &tg.InputPeerSelf{}, Message: "hello"},
	} {
		b, err := encode(v)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(int64(8), 1, b)
	}
	key := crypto.Key{1}.WithID()
	f.Fuzz(func(t *testing.T, id int64, seq int, body []byte) {
		here, there := net.Pipe()
		defer func() { _, _ = here.Close(), there.Close() }()
		c := &conn{
			srv: s, net: here, out: newOutgoing(),
			sessions: map[*session]struct{}{}, slots: make(chan struct{}, maxRequests),
		}
		ctx, cancel := context.WithCancel(t.Context())
		ses := newSession(&authKey{AuthKey: key, bot: s.world.bots[0], told: map[int64]int{}}, 1)
		_ = c.handle(ctx, ses, incoming{id: id, seq: seq, body: body}, 0)
		cancel()
		c.work.Wait()
	})
}

// FuzzTranslate reads anything in every layer.
func FuzzTranslate(f *testing.F) {
	i, err := newInterpreter()
	if err != nil {
		f.Fatal(err)
	}
	for _, v := range samples(true) {
		b, err := encode(v)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		own := i.layers[nativeLayer]
		for _, l := range i.layers {
			out, err := translate(own, l, body, false)
			if err != nil {
				continue
			}
			if _, err := translate(l, own, out, true); err != nil {
				t.Logf("no way back from %d: %v", l.number, err)
			}
		}
	})
}
