package bot

import (
	"context"
	"errors"
	"iter"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/session"
)

// inFlight is how many references of one stream are worked on at once: enough for
// two calls about a hundred ids each.
const inFlight = 256

// ResolveMany tells who many references mean, in their order, each as soon as it
// and those before it are decided. It reads on meanwhile, as far as [inFlight].
// Ids that the book does not have are asked about together; names are looked up
// one at a time in their order, so that what is left of the day's look-ups goes to
// those who come first.
//
// A failure is an answer and ends nothing. Only an error of the references ends
// it, and ctx.
func (b *Bot) ResolveMany(ctx context.Context, refs answer.References) iter.Seq2[answer.Resolved, error] {
	return func(yield func(answer.Resolved, error) bool) {
		ctx, leave := context.WithCancel(ctx)
		queue := make(chan *line, inFlight)
		ended := make(chan struct{})
		defer func() {
			leave()
			for l := range queue { // the reader waits for room
				<-l.done
			}
			<-ended
		}()
		go func() {
			defer close(ended)
			defer close(queue)
			b.read(ctx, refs(ctx), queue)
		}()
		for l := range queue {
			<-l.done
			if !yield(l.got, l.err) || l.err != nil {
				return
			}
		}
	}
}

// line is one reference of a stream.
type line struct {
	done chan struct{}
	got  answer.Resolved
	err  error
}

// read puts the references into the queue and begins to work on each.
func (b *Bot) read(ctx context.Context, reqs iter.Seq2[answer.ResolveRequest, error], queue chan<- *line) {
	decided := make(chan struct{})
	close(decided)
	turn := decided
	for req, err := range reqs {
		l := &line{done: decided, err: err}
		if err == nil && ctx.Err() != nil {
			l.err = answer.Errorf(answer.Interrupted, "interrupted: %w", ctx.Err())
		}
		if l.err == nil {
			ref, p, err := b.inBook(req.Ref, req.CachedOnly)
			if errors.Is(err, errAsk) {
				l.done = make(chan struct{})
				mine, next := turn, turn
				if ref.Name != "" {
					next = l.done
				}
				turn = next
				go b.decide(ctx, l, req, ref, mine) // ends with ctx; whoever takes the line waits for it
			} else {
				l.got = resolved(req, p, fromBook, err)
			}
		}
		queue <- l
		if l.err != nil {
			return
		}
	}
}

// decide asks the server about one reference.
func (b *Bot) decide(ctx context.Context, l *line, req answer.ResolveRequest, ref session.Ref, turn <-chan struct{}) {
	defer close(l.done)
	err := b.ask(ctx, ref, turn)
	<-turn // what was looked up before it counts, as if each had waited for the other
	var p session.Peer
	if err == nil {
		p, _, err = b.known(ref)
		err = verdict(ref, err)
	}
	l.got = resolved(req, p, fromServer, err)
}
