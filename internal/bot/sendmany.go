package bot

import (
	"context"
	"iter"
	"sync"
	"time"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/session"
)

const (
	// atOnce is how many messages of one stream are under way together. Those to one
	// peer go one after the other.
	atOnce = 16
	// longestPause is how long a stream waits for the server by itself. A run that ends
	// sooner can be run again, if its messages have keys.
	longestPause = 10 * time.Minute
)

// SendMany sends many messages, and answers in their order, each as soon as it and
// those before it are decided. Whoever may not be written to is skipped with the
// reason: a failure is an answer and ends nothing. What would fail for all of them
// ends it, and so do an error of the requests and ctx. When the server wants a wait,
// the stream waits.
//
// A message with a key is noted in the session file before it is sent, and again when
// it was. So a stream that broke off, whatever became of the process, can be begun
// anew: what was sent is not sent again.
func (b *Bot) SendMany(ctx context.Context, reqs answer.Sendings) iter.Seq2[answer.Delivered, error] {
	return func(yield func(answer.Delivered, error) bool) {
		ctx, leave := context.WithCancel(ctx)
		queue := make(chan wanted, atOnce)
		ended := make(chan struct{})
		defer func() {
			leave()
			for range queue { // the reader waits for room
			}
			<-ended
		}()
		go func() {
			defer close(ended)
			defer close(queue)
			queueUp(ctx, reqs(ctx), queue)
		}()
		if err := b.file.Deliveries().Sweep(ctx, b.opts.Now()); err != nil {
			yield(answer.Delivered{}, b.explain(err))
			return
		}
		for more := true; more; {
			var round []*sending
			var err error
			round, more, err = nextRound(queue)
			if !b.sendRound(ctx, round, yield) {
				return
			}
			if err != nil {
				yield(answer.Delivered{}, err)
				return
			}
		}
	}
}

// wanted is a request of a stream, or the error that ends it.
type wanted struct {
	req answer.SendRequest
	err error
}

func queueUp(ctx context.Context, reqs iter.Seq2[answer.SendRequest, error], queue chan<- wanted) {
	for req, err := range reqs {
		if err == nil && ctx.Err() != nil {
			err = answer.Errorf(answer.Interrupted, "interrupted: %w", ctx.Err())
		}
		queue <- wanted{req, err}
		if err != nil {
			return
		}
	}
}

// nextRound waits for a request, and takes those that have come with it.
func nextRound(queue <-chan wanted) (round []*sending, more bool, err error) {
	w, more := <-queue
	for more && w.err == nil {
		if round = append(round, &sending{req: w.req, done: make(chan struct{})}); len(round) == atOnce {
			return round, true, nil
		}
		select {
		case w, more = <-queue:
		default:
			return round, true, nil
		}
	}
	return round, more && w.err == nil, w.err
}

// sending is one message of a round.
type sending struct {
	req    answer.SendRequest
	letter *letter
	// before is what is known of its parts. It is not asked for yet of a message that
	// another one of the round has the key of.
	before []session.Delivery
	done   chan struct{} // closed when it is decided
	sent   answer.Sent
	err    error
}

func (s *sending) answer() answer.Delivered {
	if s.err == nil {
		return answer.Delivered{Sent: s.sent}
	}
	return answer.Delivered{Sent: answer.Sent{Key: s.req.Key}, Input: s.req.To, Error: answer.From(s.err)}
}

// sendRound sends messages that were asked for together, and reports whether somebody
// still waits for more.
func (b *Bot) sendRound(ctx context.Context, round []*sending, yield func(answer.Delivered, error) bool) bool {
	ctx, leave := context.WithCancel(ctx)
	var running sync.WaitGroup
	defer running.Wait()
	defer leave()
	for _, s := range round {
		s.letter, s.err = b.write(ctx, s.req, mentioningIn(s.req))
		if ends(s.err) {
			break
		}
	}
	if err := b.tryRound(ctx, round); err != nil {
		yield(answer.Delivered{}, err)
		return false
	}
	last := make(map[session.ID]<-chan struct{})
	for _, s := range round {
		if s.letter == nil || s.err != nil {
			close(s.done)
			continue
		}
		turn := last[s.letter.to.ID]
		last[s.letter.to.ID] = s.done
		running.Go(func() {
			defer close(s.done)
			if turn != nil {
				<-turn
			}
			s.sent, s.err = b.patiently(ctx, s)
		})
	}
	for _, s := range round {
		<-s.done
		if ends(s.err) {
			yield(answer.Delivered{}, s.err)
			return false
		}
		if !yield(s.answer(), nil) {
			return false
		}
	}
	return true
}

// ends reports whether the next message would fail for the same reason.
func ends(err error) bool {
	if err == nil {
		return false
	}
	switch answer.From(err).Code {
	case answer.Unauthorized, answer.Unreachable, answer.Held, answer.Interrupted, answer.Damaged:
		return true
	default:
		return false
	}
}

// tryRound notes all messages of a round that have keys, and waits once. Of several
// that are one and the same only the first is noted.
func (b *Bot) tryRound(ctx context.Context, round []*sending) error {
	taken := make(map[session.Slip]bool)
	var letters []*letter
	var noted []*sending
	for _, s := range round {
		if s.letter == nil || s.err != nil || taken[s.letter.slip(0)] && s.letter.key != "" {
			continue
		}
		taken[s.letter.slip(0)] = true
		letters, noted = append(letters, s.letter), append(noted, s)
	}
	before, err := b.try(ctx, letters...)
	if err != nil {
		return err
	}
	for i, s := range noted {
		s.before = before[i]
	}
	return nil
}

// patiently sends a message, and waits where the server wants that.
func (b *Bot) patiently(ctx context.Context, s *sending) (answer.Sent, error) {
	for {
		if s.before == nil {
			before, err := b.try(ctx, s.letter)
			if err != nil {
				return answer.Sent{}, err
			}
			s.before = before[0]
		}
		sent, _, err := b.post(ctx, s.letter, s.before)
		wait := waitOf(err)
		if wait == 0 || wait > longestPause {
			return sent, err
		}
		if err := pause(ctx, wait); err != nil {
			return sent, answer.Errorf(answer.Interrupted, "interrupted: %w", err)
		}
		s.before = nil
	}
}

// waitOf is how long a refusal says to wait; 0 if it does not.
func waitOf(err error) time.Duration {
	if e := answer.From(err); e != nil && e.Code == answer.FloodWait {
		return time.Duration(e.RetryAfter) * time.Second
	}
	return 0
}
