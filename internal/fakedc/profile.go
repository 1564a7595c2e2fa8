package fakedc

import "github.com/gotd/td/tg"

// look is how much of a person an object shows.
type look byte

const (
	lookFull look = iota
	// lookVirtual is a min object whose phone flag is present and empty: the
	// documentation of user says that its hash is a full one.
	lookVirtual
	lookMin
)

// user builds the object of p that viewer gets to see. A min user has no usable
// hash, and no phone flag that would say otherwise; what else min leaves out are
// the fields that a client must not take from it.
//
// See https://core.telegram.org/constructor/user.
func (w *World) user(viewer *account, p *person, l look) *tg.User {
	u := &tg.User{ID: p.id, Min: l != lookFull}
	if l == lookMin {
		u.SetAccessHash(w.hashFor(viewer, kindMin, p.id))
	} else {
		u.SetAccessHash(w.hashFor(viewer, kindUser, p.id))
	}
	if l == lookVirtual {
		u.SetPhone("")
	}
	if p.deleted {
		u.Deleted = true
		return u
	}
	u.FirstName, u.LastName, u.Premium = p.firstName, p.lastName, p.premium
	if list := p.usernames(); list != nil {
		u.SetUsernames(list)
	} else {
		u.Username = p.username
	}
	if l == lookFull {
		u.LangCode = p.lang
		u.ApplyMinPhoto = !p.hidePhoto
	}
	if p.photo != 0 && (l == lookFull || !p.hidePhoto) {
		u.SetPhoto(&tg.UserProfilePhoto{PhotoID: p.photo, DCID: w.dc})
	} else {
		u.SetPhoto(&tg.UserProfilePhotoEmpty{})
	}
	if p.bot != nil {
		u.Bot = true
		u.BotInfoVersion = 1
		u.BotChatHistory = !p.bot.privacy
		u.LangCode = ""
	}
	u.Self = p == viewer.user
	return u
}

// person as a step changes it, not told to anybody.
func (w *World) changeProfile(p *person, s Step) (Result, error) {
	switch s.Do {
	case "language":
		p.lang = s.Lang
	case "premium":
		p.premium = !s.Off
	case "privacy":
		p.hideForwards = !s.Off
	case "photo":
		p.photo, p.hidePhoto = 0, s.Hidden
		if !s.Off {
			p.photo = w.nextMade()
		}
	case "bot_to_bot", "group_privacy":
		switch {
		case p.bot == nil:
			return Result{}, errNotABot
		case s.Do == "bot_to_bot":
			p.bot.botToBot = !s.Off
		default:
			p.bot.privacy = !s.Off
		}
	}
	return Result{}, nil
}

// delete leaves an account with an id, a hash and nothing else.
func (w *World) delete(p *person, _ Step) (Result, error) {
	w.setName(p, "")
	for len(p.bought) > 0 {
		if _, err := w.giveUpName(p, Step{Username: p.bought[0]}); err != nil {
			return Result{}, err
		}
	}
	p.firstName, p.lastName, p.lang, p.phone = "", "", "", ""
	p.photo, p.premium = 0, false
	p.deleted = true
	return Result{}, nil
}

// gone says whether somebody has deleted their account.
func (w *World) gone(p *person) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return p.deleted
}
