package main

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"strconv"

	"github.com/gotd/log"
	"github.com/gotd/td/telegram"
	"github.com/gotd/td/telegram/dcs"
	"github.com/gotd/td/tg"
)

// place is what the driver says in the environment.
type place struct {
	host, token, store, profile string

	port, dc, users int
	key             telegram.PublicKey
}

func thePlace() (p place, err error) {
	number := func(name string) int {
		n, wrong := strconv.Atoi(os.Getenv(name))
		if wrong != nil {
			err = errors.Join(err, fmt.Errorf("%s: %w", name, wrong))
		}
		return n
	}
	p = place{
		host: os.Getenv("FAKEDC_HOST"), token: os.Getenv("FAKEDC_TOKEN"),
		store: os.Getenv("PEERS_STORE"), profile: os.Getenv("PEERS_PROFILE"),
		port: number("FAKEDC_PORT"), dc: number("FAKEDC_DC"), users: number("PEERS_USERS"),
	}
	block, _ := pem.Decode([]byte(os.Getenv("FAKEDC_KEY")))
	if block == nil {
		return p, errors.Join(err, errors.New("FAKEDC_KEY has no key"))
	}
	key, wrong := x509.ParsePKCS1PublicKey(block.Bytes)
	p.key = telegram.PublicKey{RSA: key}
	return p, errors.Join(err, wrong)
}

// options are those of both clients.
func (p place) options() telegram.Options {
	return telegram.Options{
		DC:         p.dc,
		DCList:     dcs.List{Options: []tg.DCOption{{ID: p.dc, IPAddress: p.host, Port: p.port, Static: true}}},
		PublicKeys: []telegram.PublicKey{p.key},
		Logger:     silent{},
	}
}

// silent is a logger that derives itself. gotd derives one for every message, and
// what it takes without a logger of one's own, a wrapper each time, is a fifth of
// its work: the clients would differ by their loggers and not by what they store.
type silent struct{}

func (silent) Enabled(context.Context, log.Level) bool             { return false }
func (silent) Log(context.Context, log.Level, string, ...log.Attr) {}
func (silent) With(...log.Attr) log.Logger                         { return silent{} }
func (silent) Named(string) log.Logger                             { return silent{} }
