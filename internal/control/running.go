package control

import (
	"net/http"
	"sync"
	"time"

	"github.com/f48b34c0/seen/internal/answer"
)

// running counts the requests that run, so that none outlives the server:
// [http.Server.Close] does not wait for them.
type running struct {
	mu     sync.Mutex
	count  int
	closed bool
	none   chan struct{} // closed when the last one leaves a closed server
}

func (r *running) enter() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return false
	}
	r.count++
	return true
}

func (r *running) leave() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.count--
	if r.closed && r.count == 0 {
		close(r.none)
	}
}

// close lets nobody enter any more, waits for those who have, for so long, and
// returns how many are left.
func (r *running) close(patience time.Duration) int {
	r.mu.Lock()
	r.closed, r.none = true, make(chan struct{})
	if r.count == 0 {
		close(r.none)
	}
	r.mu.Unlock()
	select {
	case <-r.none:
	case <-time.After(patience):
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.count
}

func (r *running) counted(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if !r.enter() {
			writeError(w, answer.Errorf(answer.Held, "the daemon has stopped").WithHint("try again"))
			return
		}
		defer r.leave()
		next.ServeHTTP(w, req)
	})
}
