package fakedc

import (
	"fmt"

	"github.com/gotd/td/tgerr"
)

// slowMode lets the members of a supergroup write once in so many seconds. Admins
// write as they like.
//
// See https://core.telegram.org/method/channels.toggleSlowMode.
func (w *World) slowMode(p *person, s Step) (Result, error) {
	c := w.chat(s.Chat)
	every, err := durationOf(s.For)
	switch {
	case err != nil:
		return Result{}, err
	case c == nil, !c.super, c.broadcast, !c.may(p, rightBan), every < 0:
		return Result{}, fmt.Errorf("%s cannot slow down %q", s.Who, s.Chat)
	}
	c.slow = int(every.Seconds())
	return Result{}, nil
}

// early is for how many seconds p may not write in c yet.
func (w *World) early(c *chat, p *person) int {
	last, ok := c.spoke[p.id]
	if c.slow == 0 || !ok || c.admin(p) {
		return 0
	}
	return max(last+c.slow-w.date(), 0)
}

// spoken notes when p has written in c.
func (w *World) spoken(c *chat, p *person) {
	if c == nil || c.slow == 0 {
		return
	}
	if c.spoke == nil {
		c.spoke = map[int64]int{}
	}
	c.spoke[p.id] = w.date()
}

// slowed is for bots what early is for people. Typing is not slowed down.
func (w *World) slowed(a *account, c *chat) error {
	if c == nil {
		return nil
	}
	if n := w.early(c, a.user); n > 0 {
		return tgerr.New(420, fmt.Sprintf("SLOWMODE_WAIT_%d", n))
	}
	return nil
}
