package bench

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"net"
	"testing"
	"time"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/crypto"
	"github.com/gotd/td/exchange"
	"github.com/gotd/td/proto"
	"github.com/gotd/td/transport"
)

// raw is a client that decrypts and counts, and does nothing else: gotd's own
// would be what is measured.
type raw struct {
	b      *testing.B
	ctx    context.Context
	wire   transport.Conn
	cipher crypto.Cipher
	key    exchange.ClientExchangeResult
}

func dial(b *testing.B, addr string, key *rsa.PublicKey) *raw {
	b.Helper()
	nc, err := net.Dial("tcp", addr)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = nc.Close() })
	wire, err := transport.Intermediate.Handshake(nc)
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	b.Cleanup(cancel)
	r := &raw{b: b, ctx: ctx, wire: wire, cipher: crypto.NewClientCipher(rand.Reader)}
	if r.key, err = exchange.NewExchanger(wire, 2).Client([]exchange.PublicKey{{RSA: key}}).Run(ctx); err != nil {
		b.Fatal(err)
	}
	return r
}

func (r *raw) send(v bin.Encoder) {
	r.b.Helper()
	var b bin.Buffer
	if err := r.cipher.Encrypt(r.key.AuthKey, crypto.EncryptedMessageData{
		Salt: r.key.ServerSalt, SessionID: r.key.SessionID, SeqNo: 1, Message: v,
		MessageID: int64(proto.NewMessageID(time.Now(), proto.MessageFromClient)),
	}, &b); err != nil {
		r.b.Fatal(err)
	}
	if err := r.wire.Send(r.ctx, &b); err != nil {
		r.b.Fatal(err)
	}
}

// receive waits for n messages of a type.
func (r *raw) receive(id uint32, n int) {
	r.b.Helper()
	count := func(body []byte) {
		if got, err := (&bin.Buffer{Buf: body}).PeekID(); err == nil && got == id {
			n--
		}
	}
	var b bin.Buffer
	for n > 0 {
		b.Reset()
		if err := r.wire.Recv(r.ctx, &b); err != nil {
			r.b.Fatal(err)
		}
		m, err := r.cipher.DecryptFromBuffer(r.key.AuthKey, &b)
		if err != nil {
			r.b.Fatal(err)
		}
		var box proto.MessageContainer
		if box.Decode(&bin.Buffer{Buf: m.Data()}) != nil {
			count(m.Data())
			continue
		}
		for _, in := range box.Messages {
			count(in.Body)
		}
	}
}
