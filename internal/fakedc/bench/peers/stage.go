package main

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"net"
	"runtime"
	"runtime/debug"
	"strconv"

	"github.com/gotd/td/crypto"

	"github.com/f48b34c0/seen/internal/fakedc"
)

// stage is a server of its own for one client.
type stage struct {
	server *fakedc.Server
	people []string
	size   int
}

func newStage(ctx context.Context, j job) (*stage, error) {
	world := fakedc.NewDemo(fakedc.WorldOptions{})
	people, err := populate(world, j.users)
	if err != nil {
		return nil, err
	}
	server, err := fakedc.Start(ctx, fakedc.Options{World: world, Key: j.key})
	if err != nil {
		return nil, err
	}
	return &stage{server: server, people: people, size: j.size}, nil
}

// environment tells a client where the server is.
func (s *stage) environment() ([]string, error) {
	host, port, err := net.SplitHostPort(s.server.Addr())
	if err != nil {
		return nil, err
	}
	key := s.server.PublicKey()
	block := &pem.Block{Type: "RSA PUBLIC KEY", Bytes: x509.MarshalPKCS1PublicKey(key)}
	return []string{
		"FAKEDC_HOST=" + host, "FAKEDC_PORT=" + port, "FAKEDC_DC=" + strconv.Itoa(s.server.DC()),
		"FAKEDC_TOKEN=" + fakedc.DemoToken,
		"FAKEDC_KEY=" + string(pem.EncodeToMemory(block)),
		"FAKEDC_MODULUS=" + key.N.String(), "FAKEDC_EXPONENT=" + strconv.Itoa(key.E),
		"FAKEDC_FINGERPRINT=" + strconv.FormatInt(crypto.RSAFingerprint(key), 10),
	}, nil
}

// rehearse makes the updates ready, and cleans up behind it: this process is not to
// take the processors from the client while it is measured.
func (s *stage) rehearse(ctx context.Context) error {
	for _, step := range []fakedc.Step{
		{Do: "hold"},
		{Do: "chorus", Members: s.people, Size: s.size, Text: "hello from somebody"},
	} {
		if _, err := s.server.World().Do(ctx, step); err != nil {
			return err
		}
	}
	runtime.GC()
	return nil
}

// perform pushes what was made ready.
func (s *stage) perform(ctx context.Context) error {
	r, err := s.server.World().Do(ctx, fakedc.Step{Do: "release"})
	if want := (len(s.people) + s.size - 1) / s.size; err == nil && r.Count != want {
		err = errors.New("the client does not listen: " + strconv.Itoa(r.Count) + " updates were pushed")
	}
	return err
}

// quiet keeps this process from collecting its garbage, until what it returns is
// called.
func quiet() (loud func()) {
	before := debug.SetGCPercent(-1)
	return func() { debug.SetGCPercent(before) }
}
