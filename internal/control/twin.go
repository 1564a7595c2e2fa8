package control

import (
	"context"
	"net"
	"net/http"
	"net/netip"

	"github.com/f48b34c0/seen/internal/answer"
)

// Twin is a second door beside the socket, on TCP: for containers, which share
// ports more easily than files. It opens for a token alone.
type Twin struct {
	net.Listener
	token *Token
	wide  bool
}

// ListenTCP opens a door at HOST:PORT. Unless anywhere is set, that has to be an
// address of this machine alone.
func ListenTCP(ctx context.Context, addr string, token *Token, anywhere bool) (*Twin, error) {
	l, err := listenTCP(ctx, addr, anywhere)
	if err != nil {
		return nil, err
	}
	return &Twin{Listener: l, token: token, wide: anywhere}, nil
}

// CheckAddr refuses an address that cannot be listened on, or not without anywhere.
func CheckAddr(addr string, anywhere bool) error {
	name, _, err := net.SplitHostPort(addr)
	if err != nil {
		return answer.Errorf(answer.Usage, "%q is not HOST:PORT", addr)
	}
	if !anywhere && !loopback(name) {
		return answer.Errorf(answer.Usage, "%s can be reached from other machines", addr).
			WithHint("listen on 127.0.0.1, or say --listen-anywhere if that is meant; it is not encrypted")
	}
	return nil
}

func listenTCP(ctx context.Context, addr string, anywhere bool) (net.Listener, error) {
	if err := CheckAddr(addr, anywhere); err != nil {
		return nil, err
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, answer.Errorf(answer.Failed, "open door: %w", err)
	}
	return l, nil
}

// loopback reports whether a host is surely this machine alone.
func loopback(name string) bool {
	ip, err := netip.ParseAddr(name)
	return name == "localhost" || err == nil && ip.IsLoopback()
}

// anywhere reports whether requests may come by any address.
func (t *Twin) anywhere() bool { return t != nil && t.wide }

// knows reports whether a request carries the token.
func (t *Twin) knows(r *http.Request) bool { return t != nil && t.token.fits(r) }
