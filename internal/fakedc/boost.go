package fakedc

import (
	"fmt"
	"strconv"
)

// boost lets somebody support a supergroup or channel for a while, a month unless
// the step says how long. Its admins hear of it.
//
// See https://core.telegram.org/constructor/updateBotChatBoost.
func (w *World) boost(p *person, s Step) (Result, error) {
	const month = 30 * 24 * 60 * 60
	c := w.chat(s.Chat)
	if c == nil || !c.super || !c.has(p) {
		return Result{}, fmt.Errorf("%s cannot boost %q", s.Who, s.Chat)
	}
	d, err := durationOf(s.For)
	if err != nil {
		return Result{}, err
	}
	expires := w.date() + month
	if d > 0 {
		expires = w.date() + int(d.Seconds())
	}
	id := strconv.FormatUint(uint64(w.nextMade()), 16)
	for _, a := range w.bots {
		if !c.admin(a.user) {
			continue
		}
		if err := w.note(a, event{what: whatBoost, more: &detail{user: p, chat: c, about: id, until: expires}}); err != nil {
			return Result{}, err
		}
	}
	return Result{}, nil
}
