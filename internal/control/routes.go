package control

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"net/http"

	"github.com/f48b34c0/seen/internal/answer"
)

// maxBody bounds a request's body: a message is at most 4096 characters long.
const maxBody = 1 << 20

// routes are the whole interface. Requests are JSON objects of package answer,
// and so are the answers; a list is one object per line.
func (s *server) routes() *table {
	mux := &table{mux: http.NewServeMux()}
	mux.HandleFunc("GET /v1/status", route{s.status, none(), one[answer.Status]()})
	mux.HandleFunc("POST /v1/resolve", reply(s, s.bot.Resolve))
	mux.HandleFunc("POST /v1/resolve/many", duplex(s, s.bot.ResolveMany, many[answer.Peer]()))
	mux.HandleFunc("POST /v1/peers", stream(s, s.bot.Peers))
	mux.HandleFunc("POST /v1/history", stream(s, s.bot.History))
	mux.HandleFunc("POST /v1/export", stream(s, s.bot.Export))
	mux.HandleFunc("POST /v1/import", route{s.imports, many[answer.Entry](), one[answer.Imported]()})
	mux.HandleFunc("POST /v1/forget", reply(s, s.bot.Forget))
	mux.HandleFunc("POST /v1/compact", reply(s, s.bot.Compact))
	mux.HandleFunc("POST /v1/check", route{s.check, one[answer.CheckRequest](), many[answer.CheckLine]()})
	mux.HandleFunc("POST /v1/backup", route{s.backup, one[answer.BackupRequest](), none()})
	mux.HandleFunc("POST /v1/dialogs", stream(s, s.bot.Dialogs))
	mux.HandleFunc("POST /v1/sources", stream(s, s.bot.Sources))
	mux.HandleFunc("POST /v1/can-text", reply(s, s.bot.CanText))
	mux.HandleFunc("POST /v1/link", reply(s, s.bot.Link))
	mux.HandleFunc("POST /v1/send", reply(s, s.bot.Send))
	mux.HandleFunc("POST /v1/send/many", duplex(s, s.bot.SendMany, many[answer.Sent]()))
	mux.HandleFunc("POST /v1/mention", reply(s, s.bot.Mention))
	mux.HandleFunc("POST /v1/logout", reply(s, s.bot.Logout))
	s.rawRoutes(mux)
	mux.HandleFunc("GET /healthz", route{s.healthz, none(), one[answer.Health]()})
	mux.HandleFunc("GET /readyz", route{s.readyz, none(), one[answer.Health]()})
	mux.HandleFunc("GET /metrics", route{s.metrics, none(), none()})
	mux.HandleFunc("GET /debug/pprof/", route{profiles, none(), none()})
	return mux
}

// handler is what stands behind the doors: nothing looks at a request before the
// guard has.
func (s *server) handler() http.Handler {
	routes := s.routes().mux
	routes.HandleFunc("/", notFound)
	return s.guard(s.running.counted(routes))
}

// accept reads a request and waits until the bot is ready for it.
func accept[Q any](s *server, w http.ResponseWriter, r *http.Request) (req Q, err error) {
	if err := readJSON(w, r, &req); err != nil {
		return req, err
	}
	return req, s.wait(r.Context())
}

// reply makes a route of a method that takes one request and gives one answer.
func reply[Q, A any](s *server, ask func(context.Context, Q) (A, error)) route {
	handle := func(w http.ResponseWriter, r *http.Request) {
		req, err := accept[Q](s, w, r)
		if err != nil {
			writeError(w, err)
			return
		}
		got, err := ask(r.Context(), req)
		if err != nil {
			writeError(w, err)
			return
		}
		writeJSON(w, http.StatusOK, got)
	}
	return route{handle, one[Q](), one[A]()}
}

// status does not wait: it is the one who tells that the bot is not ready.
func (s *server) status(w http.ResponseWriter, r *http.Request) {
	got, err := s.bot.Status(r.Context())
	if err != nil {
		writeError(w, err)
		return
	}
	writeJSON(w, http.StatusOK, got)
}

// stream makes a route of a method that takes one request and gives a list. An
// error before the first element is an ordinary one; a later one is the last
// line, because the status has been sent by then.
func stream[Q, A any](s *server, ask func(context.Context, Q) iter.Seq2[A, error]) route {
	handle := func(w http.ResponseWriter, r *http.Request) {
		req, err := accept[Q](s, w, r)
		if err != nil {
			writeError(w, err)
			return
		}
		writeList(w, ask(r.Context(), req))
	}
	return route{handle, one[Q](), many[A]()}
}

func writeList[A any](w http.ResponseWriter, list iter.Seq2[A, error]) {
	lines := newLines(w)
	for element, err := range list {
		if err != nil {
			lines.fail(err)
			return
		}
		if !lines.write(element) {
			return
		}
	}
	lines.end()
}

func notFound(w http.ResponseWriter, r *http.Request) {
	writeError(w, answer.Errorf(answer.Usage, "the daemon knows no %s %s", r.Method, r.URL.Path).
		WithHint("restart the daemon if it is older than the command"))
}

// readJSON is strict: a field that this daemon does not know may forbid what it
// would do without it.
func readJSON(w http.ResponseWriter, r *http.Request, into any) error {
	dec := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return answer.Errorf(answer.Usage, "the request is longer than %d bytes", maxBody)
		}
		return answer.Errorf(answer.Usage, "read request: %w", err)
	}
	// net/http notices that the other side has gone only once the body is read
	// to its end.
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return answer.Errorf(answer.Usage, "the request is more than one JSON object")
	}
	return nil
}
