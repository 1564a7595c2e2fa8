package main

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"os"

	"github.com/f48b34c0/seen/internal/answer"
)

// readKey reads an RSA public key as PEM, in either of the two forms in which
// they are passed around: PKCS#1, as Telegram publishes its own, and PKIX, as
// openssl writes them.
func readKey(path string) (*rsa.PublicKey, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, answer.Errorf(answer.Usage, "read server key: %w", err)
	}
	block, _ := pem.Decode(raw)
	if block == nil {
		return nil, notAKey(path)
	}
	if key, err := x509.ParsePKCS1PublicKey(block.Bytes); err == nil {
		return key, nil
	}
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, notAKey(path)
	}
	public, ok := key.(*rsa.PublicKey)
	if !ok {
		return nil, notAKey(path)
	}
	return public, nil
}

func notAKey(path string) error {
	return answer.Errorf(answer.Usage, "%s holds no RSA public key", path).
		WithHint("it should begin with -----BEGIN RSA PUBLIC KEY----- or -----BEGIN PUBLIC KEY-----")
}

// writeKey writes a public key where a client's --dc-key can read it.
func writeKey(path string, key *rsa.PublicKey) error {
	block := &pem.Block{Type: "RSA PUBLIC KEY", Bytes: x509.MarshalPKCS1PublicKey(key)}
	if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o644); err != nil { //nolint:gosec // it is public
		return answer.Errorf(answer.Failed, "write server key: %w", err)
	}
	return nil
}
