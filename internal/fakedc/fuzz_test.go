package fakedc

import (
	"bytes"
	"context"
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
	for _, v := range samples() {
		b, err := encode(v)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		own := i.layers[nativeLayer]
		for _, l := range i.layers {
			out, err := translate(own, l, body)
			if err != nil {
				continue
			}
			if _, err := translate(l, own, out); err != nil {
				t.Logf("no way back from %d: %v", l.number, err)
			}
		}
	})
}
