package main

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// connectProxy is an HTTP proxy that knows CONNECT alone, and counts who comes.
type connectProxy struct {
	net.Listener
	came atomic.Int64
	work sync.WaitGroup
}

func startProxy(t *testing.T) *connectProxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &connectProxy{Listener: l}
	p.work.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			p.came.Add(1)
			p.work.Go(func() { p.carry(conn) })
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		p.work.Wait()
	})
	return p
}

func (p *connectProxy) carry(client net.Conn) {
	defer client.Close() //nolint:errcheck // it is over
	req, err := http.ReadRequest(bufio.NewReader(client))
	if err != nil || req.Method != http.MethodConnect {
		return
	}
	server, err := net.Dial("tcp", req.Host)
	if err != nil {
		return
	}
	defer server.Close() //nolint:errcheck // it is over
	_, _ = io.WriteString(client, "HTTP/1.1 200 OK\r\n\r\n")
	back := make(chan struct{})
	go func() {
		defer close(back)
		_, _ = io.Copy(client, server)
		_ = client.Close()
	}()
	_, _ = io.Copy(server, client)
	_ = server.Close()
	<-back
}

func TestCommandsConnectThroughTheProxyThatIsNamed(t *testing.T) {
	shop := openShop(t)
	for line, want := range map[string]bool{
		"seen resolve @somebody_else --proxy URL || true":                 true,
		"ALL_PROXY=URL seen send @ann Hello":                              true,
		"all_proxy=URL seen send @ann Hello":                              true,
		"ALL_PROXY=socks5://127.0.0.1:1 seen send @ann Hello --proxy URL": true,
		"ALL_PROXY=URL NO_PROXY=127.0.0.0/8 seen send @ann Hello":         false,
		"ALL_PROXY=URL seen peers":                                        false, // asks nobody
		"ALL_PROXY=URL seen demo":                                         false, // has its own
	} {
		p := startProxy(t)
		line = strings.ReplaceAll(line, "URL", "http://"+p.Addr().String())
		shop.output(t, shop.folder(t), line)
		if got := p.came.Load() > 0; got != want {
			t.Errorf("%s: through the proxy: %v, want %v", line, got, want)
		}
	}
	p := startProxy(t)
	dir := shop.folder(t)
	shop.stay(t, dir, "ALL_PROXY=http://"+p.Addr().String()+" seen run")()
	if p.came.Load() == 0 {
		t.Error("the daemon did not come to the proxy")
	}
}
