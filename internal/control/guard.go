package control

import (
	"net/http"

	"github.com/f48b34c0/seen/internal/answer"
)

// host is what a client calls the daemon.
const host = "seen"

// guard turns browsers away before anything else looks at the request. A page
// of another origin can make a browser send requests to wherever it can
// connect, but it cannot keep the browser from saying so.
func guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Header.Get("Origin") != "" || r.Header.Get("Referer") != "":
			refuse(w, "requests from a web page are refused")
		case r.Host != host && r.Host != "localhost":
			refuse(w, "requests for another host are refused")
		default:
			h := w.Header()
			h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
			h.Set("X-Content-Type-Options", "nosniff")
			h.Set("Cache-Control", "no-store")
			next.ServeHTTP(w, r)
		}
	})
}

func refuse(w http.ResponseWriter, why string) {
	writeError(w, answer.Errorf(answer.Forbidden, "%s", why))
}
