package fakedc

import (
	"crypto/rsa"
	"crypto/sha1"
	"errors"
	"fmt"
	"math/big"
	"time"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/crypto"
	"github.com/gotd/td/mt"
	"github.com/gotd/td/proto/codec"
)

// open reads what only the owner of the server's key can read.
func (x *exchanging) open(r mt.ReqDHParamsRequest, pq *big.Int) error {
	p, q := new(big.Int).SetBytes(r.P), new(big.Int).SetBytes(r.Q)
	if p.Cmp(q) >= 0 || new(big.Int).Mul(p, q).Cmp(pq) != 0 {
		return refuse("factors", nil)
	}
	data, err := crypto.DecodeRSAPad(r.EncryptedData, x.srv.opts.Key)
	if err != nil {
		if data, err = decodeHashed(r.EncryptedData, x.srv.opts.Key); err != nil {
			return refuse("decrypt", err)
		}
	}
	b := &bin.Buffer{Buf: data}
	inner, err := mt.DecodePQInnerData(b)
	if err != nil {
		return refuse("inner data", err)
	}
	if inner.GetNonce() != x.nonce || inner.GetServerNonce() != x.serverNonce {
		return refuse("nonces of another exchange", nil)
	}
	x.newNonce = inner.GetNewNonce()
	dc := x.srv.opts.DC
	switch inner := inner.(type) {
	case *mt.PQInnerDataDC:
		dc = inner.DC
	case *mt.PQInnerDataTempDC:
		dc = inner.DC
		if x.lifetime = time.Duration(inner.ExpiresIn) * time.Second; x.lifetime <= 0 {
			return refuse("lifetime", nil)
		}
	}
	if !x.srv.answersTo(dc) {
		return &refusal{codec.CodeWrongDC, fmt.Errorf("client wants dc %d", dc)}
	}
	return nil
}

// answersTo knows the other names of a data center: negative for media, and
// 10000 more in the test environment.
func (s *Server) answersTo(dc int) bool {
	if dc < 0 {
		dc = -dc
	}
	return dc%10000 == s.opts.DC
}

// decodeHashed reads the padding of before 2021: SHA-1 of the data, the data, and
// anything up to 255 bytes.
func decodeHashed(data []byte, key *rsa.PrivateKey) ([]byte, error) {
	c := new(big.Int).SetBytes(data)
	if c.Cmp(key.N) >= 0 {
		return nil, errors.New("too large for the key")
	}
	plain := make([]byte, (key.N.BitLen()+7)/8)
	new(big.Int).Exp(c, key.D, key.N).FillBytes(plain)
	hash, rest := plain[1:1+sha1.Size], plain[1+sha1.Size:]
	// How long the data is says only its constructor.
	b := &bin.Buffer{Buf: rest}
	if _, err := mt.DecodePQInnerData(b); err != nil {
		return nil, err
	}
	inner := rest[:len(rest)-b.Len()]
	if sha1.Sum(inner) != [sha1.Size]byte(hash) {
		return nil, errors.New("hash mismatch")
	}
	return inner, nil
}
