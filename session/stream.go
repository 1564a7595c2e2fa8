package session

import (
	"context"
	"slices"
	"time"

	"github.com/cenkalti/backoff/v4"
	"github.com/gotd/log"
	"github.com/gotd/td/telegram/auth"
	"github.com/gotd/td/tgerr"
)

const (
	// gapWait is how long what is missing may still arrive by itself before it is
	// fetched. See core.telegram.org/api/updates#recovering-gaps.
	gapWait = 500 * time.Millisecond
	// idleWait is how long nothing may come before the bot asks whether it has
	// missed something.
	idleWait = 15 * time.Minute
	// fetchWait bounds one call for a difference: an answer may never come.
	fetchWait = time.Minute
	// inVain is how often the server may say that nothing is missing where something
	// is.
	inVain = 5
	// atOnce is how many channels are asked at once. When a run begins all are,
	// and the server would refuse that.
	atOnce = 4
)

// stream is where updates come from and can be fetched from again: the account,
// or a channel. It belongs to the follower's goroutine.
type stream struct {
	id    ID // of the channel; zero is the account
	fetch func(ctx context.Context)
	// sequences are those it counts, and jump goes on with what came too early in them.
	sequences []*series
	jump      func()

	fetching bool // a difference is under way
	again    bool // and another one is needed after it
	queued   bool // a difference is needed
	// behind says that pushed updates were not taken, because too many wait to be
	// handled: all that follow have to be fetched too.
	behind bool
	// timer runs until what is missing is fetched; nil if nothing is missing.
	// failed says that the last attempt failed, so that it is needed in any case.
	timer  *time.Timer
	failed bool
	retry  backoff.BackOff
	vain   int // differences in a row that have told nothing
}

func newStream(id ID) stream {
	b := backoff.NewExponentialBackOff()
	b.InitialInterval, b.MaxInterval, b.MaxElapsedTime = 100*time.Millisecond, 30*time.Second, 0
	b.Reset() // or it begins with its default
	return stream{id: id, retry: b}
}

// idle reports whether nothing is going on.
func (s *stream) idle() bool {
	return !s.fetching && !s.queued && s.timer == nil
}

// missing reports whether something came too early.
func (s *stream) missing() bool {
	return slices.ContainsFunc(s.sequences, func(r *series) bool { return len(r.early) > 0 })
}

// watch notes where the sequences stand in which something is missing, and stuck
// reports whether one of them stands there still. In a burst something is missing
// all the time, and never for long.
func (s *stream) watch() {
	for _, r := range s.sequences {
		r.watched = -1
		if len(r.early) > 0 {
			r.watched = r.at
		}
	}
}

func (s *stream) stuck() bool {
	return slices.ContainsFunc(s.sequences, func(r *series) bool { return len(r.early) > 0 && r.watched == r.at })
}

// calm stops the timer.
func (s *stream) calm() {
	if s.timer != nil {
		s.timer.Stop()
		s.timer = nil
	}
}

// want asks for a difference as soon as there is room for one.
func (f *follower) want(s *stream) {
	s.calm()
	s.failed = false
	switch {
	case s.fetching:
		s.again = true
	case !s.queued:
		s.queued = true
		f.line = append(f.line, s)
	}
}

// wantIn asks for a difference after a while, unless calm is called before.
func (f *follower) wantIn(s *stream, wait time.Duration) {
	s.calm()
	var t *time.Timer
	t = time.AfterFunc(wait, func() {
		f.post(func() error {
			if s.timer == t {
				f.ripe(s)
			}
			return nil
		})
	})
	s.timer = t
}

// heed looks whether something is missing in a stream. A server that has pushed
// more than it tells of when it is asked is asked again a few times, with longer
// and longer pauses; then what is missing is given up.
func (f *follower) heed(s *stream) {
	switch {
	case s.fetching, s.queued, s.failed:
		return
	case !s.missing():
		s.calm()
		s.vain = 0
		return
	case s.timer != nil:
		return
	case s.vain == inVain:
		s.vain = 0
		f.stats.skipped.Add(1)
		s.jump()
		if !s.missing() {
			return
		}
	}
	s.watch()
	f.wantIn(s, gapWait<<s.vain)
}

// ripe is called when a stream's time is up: what was missing has not come.
func (f *follower) ripe(s *stream) {
	c := f.channels[s.id.Num]
	unmet := c != nil && s == &c.stream && !c.known
	if !unmet && (s.failed || s.stuck()) {
		f.want(s)
		return
	}
	s.calm()
	if unmet {
		f.meet(c)
	}
	f.heed(s) // there may be a gap further on
}

// fallBehind lets a stream's updates be fetched when the handlers have caught up.
func (f *follower) fallBehind(s *stream) {
	s.behind = true
	f.want(s)
}

// launch fetches what is wanted, as far as there is room: a difference brings as
// much as the server likes, and what it brings is never dropped. A stream whose
// handlers are slow is passed over.
func (f *follower) launch(ctx context.Context) {
	if len(f.line) > 0 && f.file.crowded() { // what it brings could not be kept
		if f.later == nil {
			f.later = time.AfterFunc(gapWait, func() {
				f.post(func() error {
					f.later = nil
					return nil
				})
			})
		}
		return
	}
	rest := f.line[:0]
	for _, s := range f.line {
		channel := s.id.Kind == Channel
		switch {
		case channel && f.busy == atOnce:
			rest = append(rest, s)
			continue
		case !f.lanes.room(s.id):
			f.crowded.Store(true)
			if !f.lanes.room(s.id) { // they did not catch up meanwhile
				rest = append(rest, s)
				continue
			}
		}
		if channel {
			f.busy++
		}
		s.queued, s.behind, s.fetching = false, false, true
		s.fetch(ctx)
	}
	clear(f.line[len(rest):])
	f.line = rest
}

// fetched ends a difference. One that has not moved the stream was in vain if
// something is missing.
func (f *follower) fetched(s *stream, moved bool) {
	f.release(s)
	s.retry.Reset()
	if s.vain++; moved {
		s.vain = 0
	}
	if s.again {
		s.again = false
		f.want(s)
	}
	f.heed(s)
}

func (f *follower) release(s *stream) {
	s.fetching = false
	if s.id.Kind == Channel {
		f.busy--
	}
}

// refused takes the error of a difference. One that passes is waited for, with
// nobody else waiting; one that ends the sign-in ends everything. After any other
// the stream is begun anew by otherwise.
func (f *follower) refused(ctx context.Context, s *stream, err error, otherwise func(ctx context.Context)) error {
	if auth.IsUnauthorized(err) {
		return err
	}
	wait := s.retry.NextBackOff()
	if d, ok := tgerr.AsFloodWait(err); ok {
		wait = d
	}
	f.log.Warn(ctx, "A difference was refused", log.Stringer("of", s.id), log.Duration("wait", wait), log.Error(err))
	if !passing(err) && otherwise != nil {
		otherwise(ctx)
		return nil
	}
	f.release(s)
	f.wantIn(s, wait)
	s.failed = true
	return nil
}
