package fakedc

import (
	"errors"
	"fmt"
)

// open makes p somebody the bot may write to. Whoever writes to a bot that they
// have blocked unblocks it first: apps offer nothing else.
func (w *World) open(a *account, p *person) error {
	if p.bot != nil {
		return errors.New("bots do not write to bots")
	}
	d := a.dialog(p)
	d.started = true
	if d.blocked {
		return w.stop(a, p, false)
	}
	return nil
}

// block needs a dialog: whether one can block a bot that one never started, and
// what it is told then, is not documented.
func (w *World) block(p *person, s Step) (Result, error) {
	a, err := w.botOf(s)
	if err != nil {
		return Result{}, err
	}
	d := a.dialogs[p.id]
	if d == nil || !d.started {
		return Result{}, fmt.Errorf("%s never started the bot", s.Who)
	}
	stopped := s.Do == "block"
	if d.blocked == stopped {
		return Result{}, nil
	}
	return Result{}, w.stop(a, p, stopped)
}

// stop tells a bot that a user has blocked it, or does no longer.
//
// See https://core.telegram.org/constructor/updateBotStopped.
func (w *World) stop(a *account, p *person, stopped bool) error {
	a.dialog(p).blocked = stopped
	return w.note(a, event{what: whatStop, more: &detail{user: p, stopped: stopped}})
}

// allow lets a bot write without having been started.
//
// See https://core.telegram.org/constructor/messageActionBotAllowed.
func (w *World) allow(p *person, s Step) (Result, error) {
	x := &action{Name: "allow", Reason: s.Reason}
	switch s.Reason {
	case "from_request", "attach_menu":
	case "domain":
		x.Domain = s.Text
	case "app":
		x.App = s.Text
	default:
		return Result{}, fmt.Errorf("no reason is called %q", s.Reason)
	}
	if (x.Reason == "domain" || x.Reason == "app") && s.Text == "" {
		return Result{}, fmt.Errorf("which %s?", s.Reason)
	}
	return w.say(p, Step{Who: s.Who, Bot: s.Bot}, message{action: x})
}

// shareContact sends the card of somebody: their id, but not them.
//
// See https://core.telegram.org/constructor/messageMediaContact.
func (w *World) shareContact(p *person, s Step) (Result, error) {
	whom := w.keyed[s.Other]
	if whom == nil {
		return Result{}, fmt.Errorf("nobody is called %q", s.Other)
	}
	return w.say(p, s, message{media: &media{Contact: &contact{
		Phone: whom.phone, FirstName: whom.firstName, LastName: whom.lastName, UserID: whom.id,
	}}})
}

// sharePeer answers a bot that has asked for somebody: with an id, and a name if
// the bot wanted one, but without an access hash.
//
// See https://core.telegram.org/constructor/messageActionRequestedPeerSentMe.
func (w *World) sharePeer(p *person, s Step) (Result, error) {
	whom := w.keyed[s.Other]
	if whom == nil {
		return Result{}, fmt.Errorf("nobody is called %q", s.Other)
	}
	peer := asked{ID: whom.id}
	if s.Named {
		peer.FirstName, peer.LastName, peer.Username = whom.firstName, whom.lastName, whom.username
	}
	return w.say(p, Step{Who: s.Who, Bot: s.Bot}, message{action: &action{
		Name: "share_peer", Button: s.Button, Peers: []asked{peer},
	}})
}
