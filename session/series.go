package session

import (
	"cmp"
	"slices"

	"github.com/gotd/td/tg"
)

// series is one sequence of updates as it is handed out: how far it has come, and
// what has arrived too early. See core.telegram.org/api/updates#update-handling.
type series struct {
	at    int
	early []arrival
	mixed bool // early is not in the order of what they take it from
	most  int  // how much of that is kept; maxEarly if it is 0
	// watched is where it stood when the wait for what is missing began.
	watched int
}

// arrival is what takes a series from one value to another: updates, or nothing that
// has to be handed out, such as the answer to a deletion of the bot's own.
type arrival struct {
	from, to int
	updates  []tg.UpdateClass
	users    []tg.UserClass
	chats    []tg.ChatClass
	date     int
}

// maxEarly bounds what a series keeps, and accountEarly what those of the account do:
// gotd reads every message on a goroutine of its own, so that in a burst they
// overtake each other by thousands. Whatever is missing for longer has to be fetched
// anyway, and what is not kept with it.
const (
	maxEarly     = 1024
	accountEarly = 16 * maxEarly
	// containersEarly is half of what may wait for handlers: when it is no use to wait
	// any longer all of it is let go at once, and what nothing counts would be lost for
	// want of room.
	containersEarly = pressure / 2
)

func (s *series) full() bool { return len(s.early) >= cmp.Or(s.most, maxEarly) }

// keep keeps an arrival for later, or returns false if that would be too much.
// Nothing is kept then.
func (s *series) keep(a arrival) bool {
	if s.full() {
		s.early = nil
		return false
	}
	if n := len(s.early); n > 0 && inOrder(s.early[n-1], a) > 0 {
		s.mixed = true
	}
	s.early = append(s.early, a)
	return true
}

// sort puts in order what is early. Most of it comes so.
func (s *series) sort() {
	if s.mixed {
		slices.SortStableFunc(s.early, inOrder)
		s.mixed = false
	}
}

func inOrder(a, b arrival) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) }

// put returns what may be handed out now that a has arrived: nothing if it comes
// too early or for the second time, else all that follows it too. While a
// difference is fetched nothing may, since that tells the same things again.
// It is false if there was no room to keep a.
func (s *series) put(a arrival, fetching bool) (next []arrival, ok bool) {
	switch {
	case a.from > s.at || fetching && s.follows(a):
		return nil, s.keep(a)
	case !s.follows(a):
		return nil, true
	}
	return append([]arrival{a}, s.reach(a.to)...), true
}

// follows reports whether a is what comes next. What counts for nothing, with
// from and to the same, can come again.
func (s *series) follows(a arrival) bool { return a.from == s.at && a.to >= a.from }

// reach moves the series to a value that is known from elsewhere, and returns what
// was early and may be handed out now.
func (s *series) reach(at int) (next []arrival) {
	s.at = at
	s.sort()
	n := 0
	for n < len(s.early) && s.early[n].from <= s.at {
		if a := s.early[n]; s.follows(a) {
			next = append(next, a)
			s.at = a.to
		}
		n++
	}
	clear(s.early[:n])
	if s.early = s.early[n:]; len(s.early) == 0 {
		s.early = nil
	}
	return next
}

// until returns what a value covers of that which was early: it has not been handed
// out yet.
func (s *series) until(at int) (list []arrival) {
	s.sort()
	for _, a := range s.early {
		if n := len(list); n > 0 && a.from < a.to && list[n-1].from == a.from {
			continue // once more
		}
		if a.from < at {
			list = append(list, a)
		}
	}
	return list
}

// through is reach that returns what the value covers too.
func (s *series) through(at int) (next []arrival) {
	next = s.until(at)
	return append(next, s.reach(at)...)
}

// all moves the series beyond everything that was early, and returns that.
func (s *series) all() (next []arrival) {
	for _, a := range s.early {
		s.at = max(s.at, a.to)
	}
	return s.through(s.at)
}

// first is where the earliest of what is kept begins; false if nothing is.
func (s *series) first() (from int, ok bool) {
	if len(s.early) == 0 {
		return 0, false
	}
	s.sort()
	return s.early[0].from, true
}
