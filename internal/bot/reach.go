package bot

import (
	"errors"
	"net"
	"strconv"
	"syscall"

	"github.com/gotd/td/telegram"
	"github.com/gotd/td/telegram/dcs"
	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/internal/answer"
)

// reach sets in a client's options where the servers are, and how to get there.
func (o *Options) reach(client *telegram.Options, dial dialFunc) error {
	switch {
	case o.Server.Addr != "":
		list, err := dcOptions(o.Server.Addr, o.Server.DC)
		if err != nil {
			return err
		}
		client.DC = o.Server.DC
		client.DCList = dcs.List{Options: list}
		client.PublicKeys = []telegram.PublicKey{{RSA: o.Server.Key}}
	case o.Server.Test:
		client.DC = o.Server.DC
		client.DCList = dcs.Test()
	}
	if o.Proxy == nil || o.Proxy.kind != proxyMTProto {
		client.Resolver = dcs.Plain(dcs.PlainOptions{Dial: dcs.DialFunc(dial)})
		return nil
	}
	if o.Server.Test {
		// It is told numbers of data centers, and those of the test environment are
		// Telegram's own there.
		return answer.Errorf(answer.Usage, "an MTProto proxy does not lead to Telegram's test environment").
			WithHint("use a socks5 or http proxy for it")
	}
	resolver, err := dcs.MTProxy(o.Proxy.addr, o.Proxy.secret, dcs.MTProxyOptions{Dial: dcs.DialFunc(dial)})
	if err != nil {
		return noProxy("the MTProto proxy's secret is malformed")
	}
	client.Resolver = resolver
	return nil
}

func dcOptions(addr string, dc int) ([]tg.DCOption, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, answer.Errorf(answer.Usage, "%q is not HOST:PORT", addr)
	}
	n, err := strconv.Atoi(port)
	if err != nil || n <= 0 || n > 65535 {
		return nil, answer.Errorf(answer.Usage, "%q is not HOST:PORT", addr)
	}
	return []tg.DCOption{{ID: dc, IPAddress: host, Port: n, Static: true}}, nil
}

// gone reports in our words that what was named is not there. Telegram is worth
// waiting for; a server or a proxy that somebody has named and that refuses is
// not. What lies behind a proxy may be tried again: of several addresses of a
// data center some may be out of its reach.
func (o *Options) gone(err error) error {
	unknown, _ := errors.AsType[*net.DNSError](err)
	refused := errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, errProxyLogin) || unknown != nil && unknown.IsNotFound
	switch {
	case !refused:
		return nil
	case o.Proxy != nil:
		return answer.Errorf(answer.Unreachable, "the bot cannot connect through the %w", err).
			WithHint("is the proxy running, and are its address and its password right?")
	case o.Server.Addr != "":
		return answer.Errorf(answer.Unreachable, "nothing answers at %s", o.Server.Addr).
			WithHint("is the server running, and is --dc its address?")
	default:
		return nil
	}
}
