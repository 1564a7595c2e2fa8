package bot

import (
	"context"
	"runtime"
	"sync"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/session"
)

// inquiries ask the server who the peers of some ids are, those of one kind. What
// comes while a call is made waits, and is asked in the next one with everything
// else that has come. Whoever wants to know the same waits for the same answer; an
// error reaches all who wait for the call, and nobody who comes later.
type inquiries struct {
	// ask makes one call and reports who was shown in the answer.
	ask func(ctx context.Context, list []inquiry) (map[session.ID]bool, error)

	mu      sync.Mutex
	open    map[inquiry]*question // those who wait and those who are asked about
	waiting []*question
	busy    bool
	closed  bool
	workers sync.WaitGroup
}

// mostAsked is how many ids one call may have.
// See core.telegram.org/method/users.getUsers.
const mostAsked = 100

// inquiry names a peer as the request does.
type inquiry struct {
	id   session.ID
	hash int64
}

// question is an inquiry that somebody waits for.
type question struct {
	inquiry
	people int // who wait for it
	with   *together
	done   chan struct{}
	shown  bool
	err    error
}

// together are those that one call is made for. It ends with the last one who
// waits for any of them.
type together struct {
	people int
	cancel context.CancelFunc
}

// about asks about one peer and reports whether the server has shown it.
func (q *inquiries) about(ctx context.Context, i inquiry) (shown bool, err error) {
	a := q.join(i)
	select {
	case <-a.done:
		return a.shown, a.err
	case <-ctx.Done():
		q.leave(a)
		return false, answer.Errorf(answer.Interrupted, "interrupted: %w", ctx.Err())
	}
}

func (q *inquiries) join(i inquiry) *question {
	q.mu.Lock()
	defer q.mu.Unlock()
	a := q.open[i]
	if a == nil && q.closed {
		a = &question{done: make(chan struct{}), err: answer.Errorf(answer.Failed, "the bot is closed")}
		close(a.done)
		return a
	}
	if a == nil {
		a = &question{inquiry: i, done: make(chan struct{})}
		if q.open == nil {
			q.open = make(map[inquiry]*question)
		}
		q.open[i] = a
		q.waiting = append(q.waiting, a)
		if !q.busy {
			q.busy = true
			q.workers.Go(q.work)
		}
	}
	a.people++
	if a.with != nil {
		a.with.people++
	}
	return a
}

func (q *inquiries) leave(a *question) {
	q.mu.Lock()
	defer q.mu.Unlock()
	a.people--
	if a.people == 0 && q.open[a.inquiry] == a {
		delete(q.open, a.inquiry) // who comes now must not join what is being ended
	}
	if a.with == nil {
		return
	}
	a.with.people--
	if a.with.people == 0 {
		a.with.cancel()
	}
}

// work makes calls while anybody waits.
func (q *inquiries) work() {
	runtime.Gosched() // whoever is about to ask comes along
	for {
		ctx, cancel := context.WithCancel(context.Background())
		list := q.take(&together{cancel: cancel})
		if len(list) == 0 {
			cancel()
			return
		}
		q.call(ctx, list)
		cancel()
	}
}

// take takes the next ones who wait. With none it ends the worker.
func (q *inquiries) take(with *together) []*question {
	q.mu.Lock()
	defer q.mu.Unlock()
	var list []*question
	for len(q.waiting) > 0 && len(list) < mostAsked {
		a := q.waiting[0]
		q.waiting = q.waiting[1:]
		if a.people == 0 {
			continue
		}
		a.with = with
		with.people += a.people
		list = append(list, a)
	}
	q.busy = len(list) > 0
	return list
}

// call asks about all of them at once. Some servers refuse the whole call for one
// peer that they would not show: then each is asked about alone.
func (q *inquiries) call(ctx context.Context, list []*question) {
	shown, err := q.ask(ctx, inquiriesOf(list))
	if !hidden(err) {
		q.settle(list, shown, err)
		return
	}
	if len(list) == 1 {
		q.settle(list, nil, nil)
		return
	}
	for i, a := range list {
		alone := []*question{a}
		shown, err := q.ask(ctx, inquiriesOf(alone))
		if err != nil && !hidden(err) {
			q.settle(list[i:], nil, err)
			return
		}
		q.settle(alone, shown, nil)
	}
}

func inquiriesOf(list []*question) []inquiry {
	out := make([]inquiry, len(list))
	for i, a := range list {
		out[i] = a.inquiry
	}
	return out
}

// close lets nobody ask any more, and waits for those who do. Their calls must be
// about to end.
func (q *inquiries) close() {
	q.mu.Lock()
	q.closed = true
	q.mu.Unlock()
	q.workers.Wait()
}

// settle tells those who wait.
func (q *inquiries) settle(list []*question, shown map[session.ID]bool, err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, a := range list {
		a.shown, a.err = shown[a.id], err
		if q.open[a.inquiry] == a {
			delete(q.open, a.inquiry)
		}
		close(a.done)
	}
}
