package fakedc

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/gotd/td/tg"
)

// owner is who has a username: a person or a chat, or nobody.
type owner struct {
	person *person
	chat   *chat
}

func (o owner) key() string {
	if o.chat != nil {
		return o.chat.key
	}
	return o.person.key
}

// setName gives p the name that they can change at will and that checkName has
// allowed, or none.
func (w *World) setName(p *person, name string) {
	if p.username != "" {
		delete(w.names, strings.ToLower(p.username))
	}
	p.username = name
	if name != "" {
		w.names[strings.ToLower(name)] = owner{person: p}
	}
}

// addName gives p a collectible name.
func (w *World) addName(p *person, name string) {
	p.bought = append(p.bought, name)
	w.names[strings.ToLower(name)] = owner{person: p}
}

// checkName says whether o may take a name. Taking one that somebody else has
// is not possible; names move when one gives it up and another takes it.
func (w *World) checkName(name string, o owner) error {
	if name == "" {
		return nil
	}
	if !validName(name) {
		return fmt.Errorf("%q is not a username", name)
	}
	if has, taken := w.names[strings.ToLower(name)]; taken && has != o {
		return fmt.Errorf("username %q is %s's", name, has.key())
	}
	return nil
}

// validName follows TDLib's is_valid_username: 1-32 letters, digits and
// underscores that begin with a letter, do not end in an underscore and have no
// two in a row. Shorter names than five letters exist.
func validName(name string) bool {
	if len(name) == 0 || len(name) > 32 || strings.HasSuffix(name, "_") || strings.Contains(name, "__") {
		return false
	}
	for i, r := range name {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		if !letter && (i == 0 || r != '_' && (r < '0' || r > '9')) {
			return false
		}
	}
	return true
}

// usernames is the vector of somebody with collectible names; the field username
// is empty then. Everybody else has the field and no vector.
//
// See https://core.telegram.org/constructor/username.
func (p *person) usernames() []tg.Username {
	if len(p.bought) == 0 {
		return nil
	}
	var list []tg.Username
	if p.username != "" {
		list = append(list, tg.Username{Editable: true, Active: true, Username: p.username})
	}
	for _, name := range p.bought {
		list = append(list, tg.Username{Active: true, Username: name})
	}
	return list
}

// allNames are for updateUserName, which has a vector in either case.
func (p *person) allNames() []tg.Username {
	if list := p.usernames(); list != nil || p.username == "" {
		return list
	}
	return []tg.Username{{Editable: true, Active: true, Username: p.username}}
}

// rename is not told to anybody, unless the step says so: bots find out when they
// next see the user.
func (w *World) rename(p *person, s Step) (Result, error) {
	if s.FirstName == "" {
		return Result{}, errors.New("a person needs a first name")
	}
	p.firstName, p.lastName = s.FirstName, s.LastName
	return Result{}, w.tellName(p, s)
}

func (w *World) takeName(p *person, s Step) (Result, error) {
	if err := w.checkName(s.Username, owner{person: p}); err != nil {
		return Result{}, err
	}
	if slices.Contains(p.bought, s.Username) {
		return Result{}, fmt.Errorf("%s has bought %q", s.Who, s.Username)
	}
	w.setName(p, s.Username)
	return Result{}, w.tellName(p, s)
}

func (w *World) buyName(p *person, s Step) (Result, error) {
	if s.Username == "" {
		return Result{}, errors.New("which name?")
	}
	if err := w.checkName(s.Username, owner{}); err != nil {
		return Result{}, err
	}
	w.addName(p, s.Username)
	return Result{}, w.tellName(p, s)
}

func (w *World) giveUpName(p *person, s Step) (Result, error) {
	same := func(name string) bool { return strings.EqualFold(name, s.Username) }
	switch i := slices.IndexFunc(p.bought, same); {
	case s.Username == "":
		return Result{}, errors.New("which name?")
	case i >= 0:
		delete(w.names, strings.ToLower(s.Username))
		p.bought = slices.Delete(p.bought, i, i+1)
	case same(p.username):
		w.setName(p, "")
	default:
		return Result{}, fmt.Errorf("%s has no name %q", s.Who, s.Username)
	}
	return Result{}, w.tellName(p, s)
}

// tellName sends updateUserName to the bots that have met p, when a step asks for
// it: Telegram may or may not.
//
// See https://core.telegram.org/constructor/updateUserName.
func (w *World) tellName(p *person, s Step) error {
	if !s.Tell {
		return nil
	}
	for _, a := range w.bots {
		if !w.met(a, p) {
			continue
		}
		err := w.announce(a, func() tg.UpdateClass {
			return &tg.UpdateUserName{UserID: p.id, FirstName: p.firstName, LastName: p.lastName, Usernames: p.allNames()}
		}, &detail{user: p})
		if err != nil {
			return err
		}
	}
	return nil
}
