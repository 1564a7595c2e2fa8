package fakedc

import (
	"fmt"
	"strings"

	"github.com/gotd/td/tg"
)

// firstPersonID is where ids of people begin that a story adds.
const firstPersonID = 1101

// person is a user, human or bot.
type person struct {
	key       string
	id        int64
	firstName string
	lastName  string
	username  string
	lang      string
	deleted   bool
	// bot is set for bots.
	bot *account
}

// Person describes somebody who is to be added to a world.
type Person struct {
	// Key is what steps call them.
	Key string
	// ID is chosen by the world when it is 0.
	ID        int64
	FirstName string
	LastName  string
	Username  string
	Lang      string
	// Token makes them a bot that can sign in with it.
	Token string
}

// AddPerson adds somebody whom no bot has seen yet.
func (w *World) AddPerson(p Person) (id int64, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	added, err := w.addPerson(p)
	if err != nil {
		return 0, err
	}
	return added.id, nil
}

func (w *World) addPerson(p Person) (*person, error) {
	switch {
	case p.Key == "":
		return nil, fmt.Errorf("a person needs a key")
	case w.keyed[p.Key] != nil:
		return nil, fmt.Errorf("%q is there already", p.Key)
	case w.chat(p.Key) != nil:
		return nil, fmt.Errorf("%q is a chat", p.Key)
	case p.ID == 0:
		for w.people[w.nextID] != nil {
			w.nextID++
		}
		p.ID = w.nextID
	case w.people[p.ID] != nil:
		return nil, fmt.Errorf("id %d is taken", p.ID)
	}
	if err := w.checkName(p.Username, nil); err != nil {
		return nil, err
	}
	added := &person{
		key: p.Key, id: p.ID, firstName: p.FirstName, lastName: p.LastName, lang: p.Lang,
	}
	if added.firstName == "" {
		added.firstName = p.Key
	}
	if p.Token != "" {
		added.bot = newAccount(added, p.Token)
		w.bots = append(w.bots, added.bot)
	}
	w.people[added.id] = added
	w.keyed[added.key] = added
	w.setName(added, p.Username)
	return added, nil
}

// setName gives p a name that checkName has allowed, or none.
func (w *World) setName(p *person, name string) {
	if p.username != "" {
		delete(w.names, strings.ToLower(p.username))
	}
	p.username = name
	if name != "" {
		w.names[strings.ToLower(name)] = p
	}
}

// checkName says whether p may take a name. Taking one that somebody else has
// is not possible; names move when one gives it up and another takes it.
func (w *World) checkName(name string, p *person) error {
	if name == "" {
		return nil
	}
	if !validName(name) {
		return fmt.Errorf("%q is not a username", name)
	}
	if owner := w.names[strings.ToLower(name)]; owner != nil && owner != p {
		return fmt.Errorf("username %q is %s's", name, owner.key)
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

// user builds the object of p that viewer gets to see. A min user has no usable
// hash, and no phone flag that would say otherwise.
//
// See https://core.telegram.org/constructor/user.
func (w *World) user(viewer *account, p *person, min bool) *tg.User {
	u := &tg.User{ID: p.id, Min: min}
	k := kindUser
	if min {
		k = kindMin
	}
	u.AccessHash = w.hash(viewer.user.id, k, p.id)
	if p.deleted {
		u.Deleted = true
		return u
	}
	u.FirstName, u.LastName, u.Username = p.firstName, p.lastName, p.username
	if !min {
		u.LangCode = p.lang
	}
	if p.bot != nil {
		u.Bot = true
		u.BotInfoVersion = 1
		// Reads all messages of its groups, as bots with privacy mode off do.
		u.BotChatHistory = true
		u.LangCode = ""
	}
	u.Self = p == viewer.user
	return u
}
