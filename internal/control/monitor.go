package control

import (
	"context"
	"net"
	"net/http"
	"net/http/pprof"
	"strings"
	"time"

	"github.com/f48b34c0/seen/internal/answer"
)

// checkup bounds how long the bot may take to say that it is well.
const checkup = 5 * time.Second

// healthz tells whether the daemon works: a supervisor may end one that does not.
func (s *server) healthz(w http.ResponseWriter, r *http.Request) { s.well(w, r, s.health) }

// readyz tells whether the bot is signed in and connected as well. It is not
// while the connection is lost, which a restart does not mend.
func (s *server) readyz(w http.ResponseWriter, r *http.Request) { s.well(w, r, s.connected) }

func (s *server) well(w http.ResponseWriter, r *http.Request, check func(context.Context) error) {
	ctx, cancel := context.WithTimeout(r.Context(), checkup)
	defer cancel()
	if err := check(ctx); err != nil {
		writeJSON(w, http.StatusServiceUnavailable, failure{Error: answer.From(err)})
		return
	}
	writeJSON(w, http.StatusOK, answer.Health{OK: true})
}

func (s *server) health(ctx context.Context) error {
	if s.opts.Health == nil {
		return nil
	}
	return s.opts.Health(ctx)
}

func (s *server) connected(ctx context.Context) error {
	select {
	case <-s.stopping:
		return answer.Errorf(answer.Held, "the daemon is about to stop")
	default:
	}
	select {
	case <-s.opts.Ready:
	default:
		return answer.Errorf(answer.Held, "the daemon is not ready yet")
	}
	st, err := s.bot.Status(ctx)
	switch {
	case err != nil:
		return err
	case !st.Connected:
		return answer.Errorf(answer.Unreachable, "the bot is not connected")
	}
	return s.health(ctx)
}

// metrics are for Prometheus, if the daemon was told to count.
func (s *server) metrics(w http.ResponseWriter, r *http.Request) {
	if s.opts.Metrics == nil {
		writeError(w, answer.Errorf(answer.Usage, "the daemon keeps no metrics").WithHint("start it with --metrics"))
		return
	}
	s.opts.Metrics.ServeHTTP(w, r)
}

// profiles are for whoever looks for what is slow. They tell of the process, so
// they are for its user alone: by the socket.
func profiles(w http.ResponseWriter, r *http.Request) {
	if !originOf(r).socket {
		refuse(w, "profiles are to be had by the socket alone")
		return
	}
	switch strings.TrimPrefix(r.URL.Path, "/debug/pprof/") {
	case "cmdline":
		refuse(w, "the command line is not told")
	case "profile":
		pprof.Profile(w, r)
	case "symbol":
		pprof.Symbol(w, r)
	case "trace":
		pprof.Trace(w, r)
	default:
		pprof.Index(w, r)
	}
}

// Monitor is an address on TCP for health and metrics, and for nothing else:
// supervisors and Prometheus carry no token.
type Monitor struct {
	net.Listener
	wide bool
}

// ListenMonitor opens a [Monitor] at HOST:PORT. Unless anywhere is set, that has
// to be an address of this machine alone.
func ListenMonitor(ctx context.Context, addr string, anywhere bool) (*Monitor, error) {
	l, err := listenTCP(ctx, addr, anywhere)
	if err != nil {
		return nil, err
	}
	return &Monitor{Listener: l, wide: anywhere}, nil
}

// observed is what stands behind a monitor. Pages are turned away as everywhere;
// where other machines may ask, they may do it by whatever name they have for
// this one.
func (s *server) observed() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", s.healthz)
	mux.HandleFunc("GET /readyz", s.readyz)
	mux.HandleFunc("GET /metrics", s.metrics)
	mux.HandleFunc("/", notFound)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case fromPage(r.Header):
			refuse(w, "requests from a web page are refused")
		case !s.opts.Monitor.wide && !ownName(r.Host, false):
			refuse(w, "requests for another host are refused")
		default:
			forbidFraming(w.Header())
			mux.ServeHTTP(w, r)
		}
	})
}
