package control

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/f48b34c0/seen/internal/answer"
)

// parting is how long somebody who watches may take to read the last line when
// the daemon stops.
const parting = 500 * time.Millisecond

// updates writes every update at once when it comes. It is the one answer that
// does not end by itself: it ends when the daemon begins to stop, so that nobody
// who watches holds that up. It does not wait until the bot is ready either, since
// what was missed comes before that.
func (s *server) updates(w http.ResponseWriter, r *http.Request) {
	var req answer.UpdatesRequest
	if err := readJSON(w, r, &req); err != nil {
		writeError(w, err)
		return
	}
	c := http.NewResponseController(w)
	ctx, leave := context.WithCancel(r.Context())
	var stopped sync.WaitGroup
	stopped.Go(func() {
		select {
		case <-s.stopping:
			_ = c.SetWriteDeadline(time.Now().Add(parting)) // a socket can
			leave()
		case <-ctx.Done():
		}
	})
	defer stopped.Wait()
	defer leave()

	lines := newLines(w)
	for line, err := range s.bot.Updates(ctx, req) {
		select {
		case <-s.stopping:
			err = answer.Errorf(answer.Failed, "the daemon has stopped")
		default:
		}
		if err != nil {
			lines.fail(err)
			return
		}
		if !lines.write(line) || c.Flush() != nil {
			return
		}
	}
}
