package bot

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gotd/td/mtproxy"
	"golang.org/x/net/proxy"

	"github.com/f48b34c0/seen/internal/answer"
)

// Proxy is what the bot connects through. [ParseProxy] makes one; nil is none.
type Proxy struct {
	kind proxyKind
	addr string // HOST:PORT of the proxy
	// What it asks for; both empty if that is nothing.
	user, password string
	// secret is an MTProxy's.
	secret []byte
	// except are hosts that are reached without it.
	except string
}

type proxyKind string

const (
	proxySOCKS   proxyKind = "socks5"
	proxyHTTP    proxyKind = "http"
	proxyMTProto proxyKind = "MTProto"
)

// ParseProxy reads socks5://, http:// and tg://proxy (or https://t.me/proxy)
// URLs. Except lists hosts, domains and networks that are reached without the
// proxy, as NO_PROXY does. An empty URL is no proxy. Errors do not repeat the URL,
// in which a password may be.
func ParseProxy(raw, except string) (*Proxy, error) {
	if raw == "" {
		return nil, nil
	}
	u, err := url.Parse(raw)
	if err != nil {
		return nil, noProxy("the proxy's URL cannot be read")
	}
	port := map[string]string{"socks5": "1080", "socks5h": "1080", "http": "8080"}[u.Scheme]
	switch {
	case u.Scheme == "tg" && u.Host == "proxy", u.Scheme == "https" && u.Host == "t.me" && u.Path == "/proxy":
		return parseMTProxy(u.Query())
	case port == "":
		return nil, noProxy("a proxy of the kind %q is not known", u.Scheme)
	case u.Hostname() == "" || u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.Fragment != "":
		return nil, noProxy("the proxy's URL is not %s://HOST:PORT", u.Scheme)
	}
	if u.Port() != "" {
		port = u.Port()
	}
	p := &Proxy{kind: proxySOCKS, addr: net.JoinHostPort(u.Hostname(), port), except: except}
	if u.Scheme == "http" {
		p.kind = proxyHTTP
	}
	p.user = u.User.Username()
	p.password, _ = u.User.Password()
	return p, nil
}

func parseMTProxy(q url.Values) (*Proxy, error) {
	host, port := q.Get("server"), q.Get("port")
	if host == "" || port == "" {
		return nil, noProxy("the MTProto proxy has no server or no port")
	}
	secret, err := hex.DecodeString(q.Get("secret"))
	if err != nil {
		secret, err = base64.RawURLEncoding.DecodeString(strings.TrimRight(q.Get("secret"), "="))
	}
	if err == nil {
		_, err = mtproxy.ParseSecret(secret)
	}
	if err != nil {
		return nil, noProxy("the MTProto proxy's secret is malformed")
	}
	return &Proxy{kind: proxyMTProto, addr: net.JoinHostPort(host, port), secret: secret}, nil
}

func noProxy(format string, args ...any) error {
	return answer.Errorf(answer.Usage, format, args...).
		WithHint("write socks5://HOST:PORT, http://HOST:PORT or tg://proxy?server=HOST&port=PORT&secret=SECRET; USER:PASSWORD@ may stand before HOST")
}

// String tells the proxy without what is secret about it.
func (p *Proxy) String() string {
	if p == nil {
		return "none"
	}
	return fmt.Sprintf("%s proxy at %s", p.kind, p.addr)
}

// dialFunc connects to an address.
type dialFunc func(ctx context.Context, network, addr string) (net.Conn, error)

// dialer connects through the proxy. An MTProto proxy is connected to directly:
// it is not told addresses but data centers.
func (p *Proxy) dialer() dialFunc {
	direct := new(net.Dialer)
	switch {
	case p == nil:
		return direct.DialContext
	case p.kind == proxyMTProto:
		return p.named(direct.DialContext)
	}
	var through proxy.ContextDialer = viaHTTP{p, direct}
	if p.kind == proxySOCKS {
		var auth *proxy.Auth
		if p.user != "" {
			auth = &proxy.Auth{User: p.user, Password: p.password}
		}
		socks, err := proxy.SOCKS5("tcp", p.addr, auth, direct)
		if err != nil {
			return func(context.Context, string, string) (net.Conn, error) { return nil, err }
		}
		through = viaSOCKS{socks.(proxy.ContextDialer)}
	}
	perHost := proxy.NewPerHost(contextual{through}, direct)
	perHost.AddFromString(p.except)
	return p.named(perHost.DialContext)
}

// named says in errors which proxy it was.
func (p *Proxy) named(dial dialFunc) dialFunc {
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		conn, err := dial(ctx, network, addr)
		if err != nil {
			err = fmt.Errorf("%s: %w", p, err)
		}
		return conn, err
	}
}

// viaSOCKS connects by SOCKS 5; see RFC 1928.
type viaSOCKS struct{ proxy.ContextDialer }

// DialContext implements proxy.ContextDialer.
func (v viaSOCKS) DialContext(ctx context.Context, network, addr string) (net.Conn, error) {
	conn, err := v.ContextDialer.DialContext(ctx, network, addr)
	// The library tells a refused password by words alone.
	if err != nil && strings.Contains(err.Error(), "authentication") {
		return nil, errProxyLogin
	}
	return conn, err
}

// contextual is a dialer for those that know only the older interface.
type contextual struct{ proxy.ContextDialer }

// Dial is never called: everybody here has a context.
func (c contextual) Dial(network, addr string) (net.Conn, error) {
	return c.DialContext(context.Background(), network, addr)
}

// viaHTTP connects by the method CONNECT; see RFC 9110, section 9.3.6.
type viaHTTP struct {
	proxy  *Proxy
	direct *net.Dialer
}

// errProxyLogin: the proxy wants a user and a password, or others.
var errProxyLogin = errors.New("the proxy refuses the user and the password")

// handshake is how long an HTTP proxy may take to connect.
const handshake = 15 * time.Second

// DialContext implements proxy.ContextDialer.
func (v viaHTTP) DialContext(ctx context.Context, network, addr string) (net.Conn, error) {
	conn, err := v.direct.DialContext(ctx, network, v.proxy.addr)
	if err != nil {
		return nil, err
	}
	_ = conn.SetDeadline(time.Now().Add(handshake)) // reading tells
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	err = v.connect(conn, addr)
	if !stop() && err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return conn, conn.SetDeadline(time.Time{})
}

func (v viaHTTP) connect(conn net.Conn, addr string) error {
	req := &http.Request{Method: http.MethodConnect, URL: &url.URL{Opaque: addr}, Host: addr, Header: http.Header{}}
	if v.proxy.user != "" {
		login := base64.StdEncoding.EncodeToString([]byte(v.proxy.user + ":" + v.proxy.password))
		req.Header.Set("Proxy-Authorization", "Basic "+login)
	}
	if err := req.Write(conn); err != nil {
		return fmt.Errorf("ask proxy: %w", err)
	}
	r := bufio.NewReader(conn)
	resp, err := http.ReadResponse(r, req)
	if err != nil {
		return fmt.Errorf("ask proxy: %w", err)
	}
	switch {
	case resp.StatusCode == http.StatusProxyAuthRequired:
		return errProxyLogin
	case resp.StatusCode != http.StatusOK:
		return fmt.Errorf("the proxy answers %s", resp.Status)
	case r.Buffered() > 0:
		// A server of Telegram's says nothing before it is spoken to.
		return errors.New("the proxy says more than it was asked")
	}
	return nil
}
