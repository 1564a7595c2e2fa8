package control

import (
	"net/http"
	"sync"

	"github.com/f48b34c0/seen/internal/answer"
)

// running counts the requests that run, so that none outlives the server:
// [http.Server.Close] does not wait for them.
type running struct {
	mu     sync.Mutex
	closed bool
	wg     sync.WaitGroup
}

func (r *running) enter() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return false
	}
	r.wg.Add(1)
	return true
}

// close lets nobody enter any more and waits for those who have.
func (r *running) close() {
	r.mu.Lock()
	r.closed = true
	r.mu.Unlock()
	r.wg.Wait()
}

func (r *running) count(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if !r.enter() {
			writeError(w, answer.Errorf(answer.Held, "the daemon has stopped").WithHint("try again"))
			return
		}
		defer r.wg.Done()
		next.ServeHTTP(w, req)
	})
}
