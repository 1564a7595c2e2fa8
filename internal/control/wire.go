package control

import (
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/f48b34c0/seen/internal/answer"
)

const (
	oneObject = "application/json"
	manyLines = "application/x-ndjson"
)

// failure is how an error stands in a list, so that it cannot be taken for an
// element.
type failure struct {
	Error *answer.Error `json:"error"`
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", oneObject)
	w.WriteHeader(status)
	_ = newEncoder(w).Encode(v) // whoever asked has gone
}

// writeError answers with the error alone. The status is for people with curl;
// the client goes by the code.
func writeError(w http.ResponseWriter, err error) {
	e := answer.From(err)
	writeFailed(w, e, failure{Error: e})
}

// writeFailed answers with v, in which e stands.
func writeFailed(w http.ResponseWriter, e *answer.Error, v any) {
	if e.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(e.RetryAfter))
	}
	writeJSON(w, httpStatus(e.Code), v)
}

func httpStatus(code answer.Code) int {
	switch code {
	case answer.Usage:
		return http.StatusBadRequest
	case answer.Unauthorized:
		return http.StatusUnauthorized
	case answer.NeverStarted, answer.Blocked, answer.Deleted, answer.IsBot, answer.Forbidden:
		return http.StatusForbidden
	case answer.NeverSeen, answer.NotFound:
		return http.StatusNotFound
	case answer.Contested:
		return http.StatusConflict
	case answer.FloodWait:
		return http.StatusTooManyRequests
	case answer.Unreachable:
		return http.StatusBadGateway
	case answer.Held, answer.Interrupted:
		return http.StatusServiceUnavailable
	default:
		return http.StatusInternalServerError
	}
}

// lines writes a list, one object per line. Nothing is sent before the first
// line, so that a list that fails at once has the status of its error.
type lines struct {
	w       http.ResponseWriter
	enc     *json.Encoder
	started bool
}

func newLines(w http.ResponseWriter) *lines {
	return &lines{w: w, enc: newEncoder(w)}
}

func (l *lines) start() {
	if !l.started {
		l.started = true
		l.w.Header().Set("Content-Type", manyLines)
		l.w.WriteHeader(http.StatusOK)
	}
}

// write reports whether somebody still listens.
func (l *lines) write(v any) bool {
	l.start()
	return l.enc.Encode(v) == nil
}

func (l *lines) fail(err error) {
	if !l.started {
		writeError(l.w, err)
		return
	}
	_ = l.enc.Encode(failure{Error: answer.From(err)}) // whoever asked has gone
}

// end makes an empty list a list.
func (l *lines) end() { l.start() }

func newEncoder(w http.ResponseWriter) *json.Encoder {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc
}
