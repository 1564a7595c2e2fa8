package bot

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gotd/td/mtproxy/obfuscated2"
	"github.com/gotd/td/telegram"
	"github.com/gotd/td/telegram/dcs"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/internal/fakedc"
)

// relay is a proxy of any kind: it counts who comes, and lets greet find out where
// they want to go.
type relay struct {
	net.Listener
	came atomic.Int64
	work sync.WaitGroup
}

// greeting reads what a client says to the proxy first, and returns the way to the
// client after that and the connection that it wants; nil for none.
type greeting func(client net.Conn) (io.ReadWriter, net.Conn, error)

func startRelay(t *testing.T, greet greeting) *relay {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &relay{Listener: l}
	r.work.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			r.came.Add(1)
			r.work.Go(func() { r.carry(conn, greet) })
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		r.work.Wait()
	})
	return r
}

func (r *relay) carry(client net.Conn, greet greeting) {
	defer client.Close() //nolint:errcheck // it is over
	way, server, err := greet(client)
	if err != nil || server == nil {
		return
	}
	defer server.Close() //nolint:errcheck // it is over
	back := make(chan struct{})
	go func() {
		defer close(back)
		_, _ = io.Copy(way, server)
		_ = client.Close()
	}()
	_, _ = io.Copy(server, way)
	_ = server.Close()
	<-back
}

// socks5 is the server's side of RFC 1928, with a password if user is set.
func socks5(user, password string) greeting {
	return func(c net.Conn) (io.ReadWriter, net.Conn, error) {
		read := func(n int) []byte {
			b := make([]byte, n)
			_, _ = io.ReadFull(c, b) // what is short is refused below
			return b
		}
		head := read(2)
		methods := read(int(head[1]))
		method := byte(0)
		if user != "" {
			method = 2
		}
		if !bytes.Contains(methods, []byte{method}) {
			_, err := c.Write([]byte{5, 0xff})
			return nil, nil, err
		}
		_, _ = c.Write([]byte{5, method})
		if user != "" {
			name := read(int(read(2)[1]))
			pass := read(int(read(1)[0]))
			if string(name) != user || string(pass) != password {
				_, err := c.Write([]byte{1, 1})
				return nil, nil, err
			}
			_, _ = c.Write([]byte{1, 0})
		}
		var host string
		switch read(4)[3] {
		case 1:
			host = net.IP(read(4)).String()
		case 3:
			host = string(read(int(read(1)[0])))
		}
		port := strconv.Itoa(int(binary.BigEndian.Uint16(read(2))))
		server, err := net.Dial("tcp", net.JoinHostPort(host, port))
		if err != nil {
			_, _ = c.Write([]byte{5, 5, 0, 1, 0, 0, 0, 0, 0, 0})
			return nil, nil, err
		}
		_, err = c.Write([]byte{5, 0, 0, 1, 0, 0, 0, 0, 0, 0})
		return c, server, err
	}
}

// connect is an HTTP proxy that knows CONNECT alone.
func connect(user, password string) greeting {
	return func(c net.Conn) (io.ReadWriter, net.Conn, error) {
		r := bufio.NewReader(c)
		req, err := http.ReadRequest(r)
		if err != nil {
			return nil, nil, err
		}
		login := "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password))
		switch {
		case req.Method != http.MethodConnect:
			_, err = io.WriteString(c, "HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n")
			return nil, nil, err
		case user != "" && req.Header.Get("Proxy-Authorization") != login:
			_, err = io.WriteString(c, "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
			return nil, nil, err
		}
		server, err := net.Dial("tcp", req.Host)
		if err != nil {
			_, _ = io.WriteString(c, "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
			return nil, nil, err
		}
		_, err = io.WriteString(c, "HTTP/1.1 200 Connection established\r\n\r\n")
		return c, server, err
	}
}

// mtproto is an MTProto proxy before one data center: it takes the obfuscation
// off, which only who has the secret can put on, and names the framing that the
// client has chosen.
// See core.telegram.org/mtproto/mtproto-transports#transport-obfuscation.
func mtproto(secret []byte, dc int, addr string) greeting {
	if len(secret) == 17 {
		secret = secret[1:]
	}
	return func(c net.Conn) (io.ReadWriter, net.Conn, error) {
		way, meta, err := obfuscated2.Accept(c, secret)
		if err != nil || int(meta.DC) != dc {
			return nil, nil, err
		}
		tag := meta.Protocol[:]
		if tag[0] == 0xef {
			tag = tag[:1] // abridged has a short one
		}
		server, err := net.Dial("tcp", addr)
		if err != nil {
			return nil, nil, err
		}
		_, err = server.Write(tag)
		return way, server, err
	}
}

func TestTheBotConnectsThroughProxies(t *testing.T) {
	t.Parallel()
	plain := bytes.Repeat([]byte{7}, 16)
	secured := append([]byte{0xdd}, plain...)
	for name, c := range map[string]struct {
		greet func(dc *fakedc.Server) greeting
		url   string // with ADDR, HOST and PORT of the proxy
	}{
		"socks5":              {func(*fakedc.Server) greeting { return socks5("", "") }, "socks5://ADDR"},
		"socks5h":             {func(*fakedc.Server) greeting { return socks5("", "") }, "socks5h://ADDR/"},
		"socks5 and password": {func(*fakedc.Server) greeting { return socks5("ann", "s:cret") }, "socks5://ann:s%3Acret@ADDR"},
		"http":                {func(*fakedc.Server) greeting { return connect("", "") }, "http://ADDR"},
		"http and password":   {func(*fakedc.Server) greeting { return connect("ann", "s:cret") }, "http://ann:s%3Acret@ADDR/"},
		"MTProto": {
			func(dc *fakedc.Server) greeting { return mtproto(plain, dc.DC(), dc.Addr()) },
			"tg://proxy?server=HOST&port=PORT&secret=" + hex.EncodeToString(plain),
		},
		"MTProto, padded": {
			func(dc *fakedc.Server) greeting { return mtproto(secured, dc.DC(), dc.Addr()) },
			"https://t.me/proxy?server=HOST&port=PORT&secret=" + base64.RawURLEncoding.EncodeToString(secured),
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dc := serve(t)
			r := startRelay(t, c.greet(dc))
			opts := optionsFor(t, dc)
			opts.Proxy = through(t, c.url, r.Addr().String())
			b := openBot(t, opts)
			p, err := b.Resolve(t.Context(), answer.ResolveRequest{Ref: "@carol"})
			if err != nil || p.Name != "Carol" {
				t.Errorf("got %+v, %v", p, err)
			}
			if r.came.Load() == 0 {
				t.Error("nobody came to the proxy")
			}
		})
	}
}

func through(t *testing.T, template, addr string) *Proxy {
	t.Helper()
	host, port, _ := net.SplitHostPort(addr)
	p, err := ParseProxy(strings.NewReplacer("ADDR", addr, "HOST", host, "PORT", port).Replace(template), "")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// A proxy that is not there, or does not let the bot through, is told apart from a
// server that is not there, and its password is not told at all.
func TestAProxyThatRefusesIsNamed(t *testing.T) {
	t.Parallel()
	dc := serve(t)
	dead := startRelay(t, func(net.Conn) (io.ReadWriter, net.Conn, error) { return nil, nil, nil })
	deaf, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = deaf.Close()
	login := startRelay(t, socks5("ann", "right"))
	web := startRelay(t, connect("ann", "right"))
	wrong := startRelay(t, mtproto(bytes.Repeat([]byte{7}, 16), dc.DC(), dc.Addr()))
	for name, c := range map[string]struct {
		url, addr, want string
	}{
		"socks5, nobody there":      {"socks5://ADDR", deaf.Addr().String(), "cannot connect through the socks5 proxy at 127.0.0.1:"},
		"http, nobody there":        {"http://ADDR", deaf.Addr().String(), "cannot connect through the http proxy at 127.0.0.1:"},
		"MTProto, nobody there":     {"tg://proxy?server=HOST&port=PORT&secret=" + strings.Repeat("07", 16), deaf.Addr().String(), "through the MTProto proxy"},
		"no such host":              {"socks5://proxy.invalid:1080", "x:1", "through the socks5 proxy at proxy.invalid:1080"},
		"socks5, no password":       {"socks5://ADDR", login.Addr().String(), "refuses the user"},
		"socks5, a wrong password":  {"socks5://ann:wr0ng@ADDR", login.Addr().String(), "refuses the user"},
		"http, a wrong password":    {"http://ann:wr0ng@ADDR", web.Addr().String(), "refuses the user"},
		"it hangs up":               {"http://ADDR", dead.Addr().String(), "not signed in after 500ms"},
		"MTProto, a wrong secret":   {"tg://proxy?server=HOST&port=PORT&secret=" + strings.Repeat("08", 16), wrong.Addr().String(), "not signed in after 500ms"},
		"a web server that is none": {"http://ADDR", webServer(t), "404"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			opts := optionsFor(t, dc)
			opts.StartTimeout = 500 * time.Millisecond
			opts.Proxy = through(t, c.url, c.addr)
			b := openBot(t, opts)
			_, err := b.Resolve(t.Context(), answer.ResolveRequest{Ref: "@carol"})
			wantCode(t, err, answer.Unreachable)
			if e := answer.From(err); e == nil || !strings.Contains(e.Message, c.want) || strings.Contains(e.Message+e.Hint, "wr0ng") {
				t.Errorf("got %+v", e)
			}
		})
	}
}

// webServer is an HTTP server that is no proxy.
func webServer(t *testing.T) string {
	t.Helper()
	r := startRelay(t, func(c net.Conn) (io.ReadWriter, net.Conn, error) {
		_, _ = http.ReadRequest(bufio.NewReader(c))
		_, err := io.WriteString(c, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
		return nil, nil, err
	})
	return r.Addr().String()
}

func TestHostsCanBeReachedWithoutTheProxy(t *testing.T) {
	t.Parallel()
	dc := serve(t)
	r := startRelay(t, socks5("", ""))
	opts := optionsFor(t, dc)
	var err error
	if opts.Proxy, err = ParseProxy("socks5://"+r.Addr().String(), "example.com,127.0.0.0/8"); err != nil {
		t.Fatal(err)
	}
	b := openBot(t, opts)
	if _, err := b.Resolve(t.Context(), answer.ResolveRequest{Ref: "@carol"}); err != nil {
		t.Error(err)
	}
	if r.came.Load() != 0 {
		t.Error("the proxy was used")
	}
}

func TestAURLThatIsNoProxyIsRefused(t *testing.T) {
	for _, raw := range []string{
		"127.0.0.1:1080", "socks4://127.0.0.1:1080", "https://127.0.0.1:1080", "socks5://", "socks5://h:1/path",
		"http://h:1?x=s3cret", "socks5://ann:s3cret@", "://", "tg://resolve?domain=s3cret",
		"tg://proxy?server=h&port=1", "tg://proxy?server=h&port=1&secret=s3cret", "tg://proxy?port=1&secret=" + strings.Repeat("07", 16),
		"tg://proxy?server=h&port=1&secret=" + strings.Repeat("07", 15), "socks5://ann:s3cret@h:port",
	} {
		p, err := ParseProxy(raw, "")
		if e := answer.From(err); err == nil || e.Code != answer.Usage || strings.Contains(e.Message+e.Hint, "s3cret") {
			t.Errorf("%s: got %v, %v", raw, p, err)
		}
	}
	if p, err := ParseProxy("", "x"); p != nil || err != nil {
		t.Errorf("no proxy: got %v, %v", p, err)
	}
	for raw, want := range map[string]string{
		"socks5://ann:s3cret@h": "socks5 proxy at h:1080",
		"http://h":              "http proxy at h:8080",
		"tg://proxy?server=h&port=1&secret=dd" + strings.Repeat("07", 16): "MTProto proxy at h:1",
	} {
		if p, err := ParseProxy(raw, ""); err != nil || p.String() != want || strings.Contains(fmt.Sprint(p), "s3cret") {
			t.Errorf("%s: got %v, %v", raw, p, err)
		}
	}
}

// Nothing is dialed here: it is the choice of addresses that counts.
func TestWhereTheBotConnectsTo(t *testing.T) {
	dial := func(context.Context, string, string) (net.Conn, error) {
		t.Error("somebody dials")
		return nil, io.EOF
	}
	dc := serve(t)
	for name, c := range map[string]struct {
		server Server
		name   string
		test   bool
		first  string // of the list; empty for gotd's default
	}{
		"Telegram":                 {Server{}, "telegram", false, ""},
		"Telegram's test servers":  {Server{Test: true}, "telegram test", true, dcs.Test().Options[0].IPAddress},
		"a server that is named":   {Server{Addr: "127.0.0.1:4443", Key: dc.PublicKey()}, "key", false, "127.0.0.1"},
		"a server goes before all": {Server{Addr: "127.0.0.1:4443", Key: dc.PublicKey(), Test: true}, "key", false, "127.0.0.1"},
	} {
		opts := Options{Server: c.server}
		opts.setDefaults()
		var client telegram.Options
		if err := opts.reach(&client, dial); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		first := ""
		if len(client.DCList.Options) > 0 {
			first = client.DCList.Options[0].IPAddress
		}
		if first != c.first || client.DCList.Test != c.test || !strings.HasPrefix(opts.Server.name(), c.name) {
			t.Errorf("%s: got %q, test %v, %q", name, first, client.DCList.Test, opts.Server.name())
		}
	}
	opts := Options{Server: Server{Test: true}}
	opts.Proxy, _ = ParseProxy("tg://proxy?server=h&port=1&secret="+url.QueryEscape(strings.Repeat("07", 16)), "")
	if err := opts.reach(&telegram.Options{}, dial); answer.From(err).Code != answer.Usage {
		t.Errorf("the test environment through an MTProto proxy: got %v", err)
	}
}
