package fakedc

import (
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"time"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/crypto"
	"github.com/gotd/td/exchange"
	"github.com/gotd/td/mt"
	"github.com/gotd/td/proto"
	"github.com/gotd/td/proto/codec"
)

// exchanging is one run of the key exchange, as the server sees it. It accepts
// both paddings that Telegram accepts, the old one with a SHA-1 and RSA_PAD, and
// tells temporary keys from permanent ones.
//
// See https://core.telegram.org/mtproto/auth_key.
type exchanging struct {
	srv   *Server
	wire  *wire
	first []byte
	// deadline is when the client must be done.
	deadline time.Time
	// encrypted is a frame that the client sent instead of going on.
	encrypted []byte

	nonce, serverNonce bin.Int128
	newNonce           bin.Int256
	// lifetime is set when the client asks for a temporary key.
	lifetime time.Duration
}

// refusal is a transport error that the client is told about.
type refusal struct {
	code int32
	why  error
}

func (r *refusal) Error() string { return r.why.Error() }

func refuse(why string, err error) error {
	if err == nil {
		return &refusal{codec.CodeAuthKeyNotFound, errors.New(why)}
	}
	return &refusal{codec.CodeAuthKeyNotFound, fmt.Errorf("%s: %w", why, err)}
}

// exchange makes an auth key with the peer, whose first message is first. A
// frame that turns out to be encrypted already is returned to be handled as such:
// the client has a key and goes on with it.
func (s *Server) exchange(wire *wire, first []byte, deadline time.Time) (encrypted []byte, err error) {
	x := &exchanging{srv: s, wire: wire, first: first, deadline: deadline}
	err = x.run()
	var refused *refusal
	switch {
	case x.encrypted != nil:
		return x.encrypted, nil
	case errors.As(err, &refused):
		return nil, errors.Join(err, wire.sendCode(refused.code))
	}
	return nil, err
}

func (x *exchanging) run() error {
	// The factors are known to nobody who needs them to be secret.
	known := exchange.TestServerRNG{}
	pq, err := known.PQ()
	if err != nil {
		return err
	}
	prime, err := known.DhPrime()
	if err != nil {
		return err
	}
	if x.serverNonce, err = crypto.RandInt128(rand.Reader); err != nil {
		return err
	}
	request, err := x.hello(pq)
	if err != nil {
		return err
	}
	if err := x.open(request, pq); err != nil {
		return err
	}
	return x.agree(prime)
}

// hello answers req_pq until the client goes on. Some clients send a fake one first.
func (x *exchanging) hello(pq *big.Int) (request mt.ReqDHParamsRequest, err error) {
	for {
		b, err := x.read()
		if err != nil {
			return request, err
		}
		id, err := b.PeekID()
		if err != nil {
			return request, err
		}
		switch id {
		case mt.ReqPqRequestTypeID:
			var r mt.ReqPqRequest
			err = r.Decode(b)
			x.nonce = r.Nonce
		case mt.ReqPqMultiRequestTypeID:
			var r mt.ReqPqMultiRequest
			err = r.Decode(b)
			x.nonce = r.Nonce
		default:
			err = request.Decode(b)
			if err == nil && (request.Nonce != x.nonce || request.ServerNonce != x.serverNonce) {
				err = errors.New("nonces of another exchange")
			}
			return request, err
		}
		if err != nil {
			return request, err
		}
		if err := x.write(&mt.ResPQ{
			Nonce: x.nonce, ServerNonce: x.serverNonce, Pq: pq.Bytes(),
			ServerPublicKeyFingerprints: []int64{crypto.RSAFingerprint(&x.srv.opts.Key.PublicKey)},
		}); err != nil {
			return request, err
		}
	}
}

// agree does the Diffie-Hellman part and keeps the key.
func (x *exchanging) agree(prime *big.Int) error {
	const g = 3
	secret, err := rand.Int(rand.Reader, prime)
	if err != nil {
		return err
	}
	ga := new(big.Int).Exp(big.NewInt(g), secret, prime)
	data, err := encode(&mt.ServerDHInnerData{
		Nonce: x.nonce, ServerNonce: x.serverNonce, G: g, GA: ga.Bytes(),
		DhPrime: prime.Bytes(), ServerTime: int(x.srv.now().Unix()),
	})
	if err != nil {
		return err
	}
	key, iv := crypto.TempAESKeys(x.newNonce.BigInt(), x.serverNonce.BigInt())
	answer, err := crypto.EncryptExchangeAnswer(rand.Reader, data, key, iv)
	if err != nil {
		return err
	}
	if err := x.write(&mt.ServerDHParamsOk{
		Nonce: x.nonce, ServerNonce: x.serverNonce, EncryptedAnswer: answer,
	}); err != nil {
		return err
	}
	b, err := x.read()
	if err != nil {
		return err
	}
	gb, err := x.clientHalf(b, key, iv)
	if err != nil {
		return err
	}
	if err := crypto.CheckDHParams(prime, big.NewInt(g), ga, gb); err != nil {
		return refuse("client's half", err)
	}
	var shared crypto.Key
	new(big.Int).Exp(gb, secret, prime).FillBytes(shared[:])
	salt := crypto.ServerSalt(x.newNonce, x.serverNonce)
	// The key is known before the client hears that it is: it may use it at once.
	if x.lifetime > 0 {
		x.srv.world.keys.lend(x.srv.opts.DC, shared.WithID(), salt, x.srv.now().Add(x.lifetime))
	} else {
		x.srv.world.keys.add(x.srv.opts.DC, shared.WithID(), salt)
	}
	return x.write(&mt.DhGenOk{
		Nonce: x.nonce, ServerNonce: x.serverNonce, NewNonceHash1: crypto.NonceHash1(x.newNonce, shared),
	})
}

func (x *exchanging) clientHalf(b *bin.Buffer, key, iv []byte) (*big.Int, error) {
	var set mt.SetClientDHParamsRequest
	if err := set.Decode(b); err != nil {
		return nil, err
	}
	plain, err := crypto.DecryptExchangeAnswer(set.EncryptedData, key, iv)
	if err != nil {
		return nil, refuse("client's half", err)
	}
	var half mt.ClientDHInnerData
	if err := half.Decode(&bin.Buffer{Buf: plain}); err != nil {
		return nil, refuse("client's half", err)
	}
	if half.Nonce != x.nonce || half.ServerNonce != x.serverNonce {
		return nil, refuse("nonces of another exchange", nil)
	}
	return new(big.Int).SetBytes(half.GB), nil
}

func (x *exchanging) read() (*bin.Buffer, error) {
	frame := x.first
	if x.first = nil; frame == nil {
		var err error
		if frame, err = x.wire.recv(x.deadline); err != nil {
			return nil, err
		}
	}
	if len(frame) >= 8 && [8]byte(frame) != ([8]byte{}) {
		x.encrypted = frame
		return nil, errors.New("encrypted message in a key exchange")
	}
	var m proto.UnencryptedMessage
	if err := m.Decode(&bin.Buffer{Buf: frame}); err != nil {
		return nil, err
	}
	return &bin.Buffer{Buf: m.MessageData}, nil
}

func (x *exchanging) write(v bin.Encoder) error {
	data, err := encode(v)
	if err != nil {
		return err
	}
	var b bin.Buffer
	m := proto.UnencryptedMessage{MessageID: x.srv.ids.next(proto.MessageServerResponse, x.srv.now()), MessageData: data}
	if err := m.Encode(&b); err != nil {
		return err
	}
	return x.wire.send(b.Buf)
}
