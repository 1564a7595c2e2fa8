package control

import (
	"net"
	"net/http"
	"net/netip"
	"strings"

	"github.com/f48b34c0/seen/internal/answer"
)

// host is what a client calls the daemon.
const host = "seen"

// guard turns away who may not ask, before anything else looks at the request.
func (s *server) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		from := originOf(r)
		switch {
		case from.stranger():
			refuse(w, "the socket is for the daemon's user alone")
		case fromPage(r.Header):
			refuse(w, "requests from a web page are refused")
		case !ownName(r.Host, !from.socket && s.twin.anywhere()):
			refuse(w, "requests for another host are refused")
		case !from.socket && !s.twin.knows(r):
			w.Header().Set("WWW-Authenticate", "Bearer")
			e := answer.Errorf(answer.Usage, "the token is missing or wrong").
				WithHint("send the one that the daemon was given with --listen-token-file")
			writeJSON(w, http.StatusUnauthorized, failure{Error: e})
		default:
			forbidFraming(w.Header())
			next.ServeHTTP(w, r)
		}
	})
}

// fromPage reports whether a browser sends a request for a web page. A page of
// another origin can make a browser send requests to wherever it can connect,
// but it cannot keep the browser from saying so in one of these. Nothing that is
// a client here sends any of them, not even empty.
func fromPage(h http.Header) bool {
	for _, name := range []string{
		"Origin", "Referer", "Sec-Fetch-Site", "Sec-Fetch-Mode", "Sec-Fetch-Dest", "Access-Control-Request-Method",
	} {
		if _, ok := h[name]; ok {
			return true
		}
	}
	return false
}

// ownName reports whether a Host is one of ours. A page can have its own name
// point here, which makes it this origin's page for the browser; it cannot do
// that with an address or with the names that are no names.
func ownName(hostport string, anywhere bool) bool {
	name := hostport
	if h, _, err := net.SplitHostPort(hostport); err == nil {
		name = h
	}
	if name == host || name == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(strings.Trim(name, "[]"))
	return err == nil && (anywhere || ip.IsLoopback())
}

// forbidFraming tells browsers to do nothing with an answer, should one get it.
func forbidFraming(h http.Header) {
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
}

func refuse(w http.ResponseWriter, why string) {
	writeJSON(w, http.StatusForbidden, failure{Error: answer.Errorf(answer.Failed, "%s", why)})
}
