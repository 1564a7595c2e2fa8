package fakedc

import "fmt"

// firstPersonID is where ids of people begin that a story adds.
const firstPersonID = 1101

// person is a user, human or bot.
type person struct {
	key       string
	id        int64
	firstName string
	lastName  string
	// username is the one that they have taken; bought are collectible ones.
	username string
	bought   []string
	lang     string
	phone    string
	premium  bool
	deleted  bool
	// photo is the id of the profile photo, or 0. hidePhoto keeps it out of min
	// objects, hideForwards their id out of forwarded messages.
	photo        int64
	hidePhoto    bool
	hideForwards bool
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
	// Bought are collectible usernames, which they have beside Username.
	Bought []string
	Lang   string
	// Phone is what a shared contact has; bots are not shown it otherwise.
	Phone   string
	Premium bool
	// HideForwards is the privacy setting "Forwarded Messages: nobody".
	HideForwards bool
	// Token makes them a bot that can sign in with it.
	Token string
	// BotToBot is what a bot's owner turns on at @BotFather.
	BotToBot bool
	// GroupPrivacy keeps from a bot what is not meant for it in groups.
	GroupPrivacy bool
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
	added := &person{
		key: p.Key, id: p.ID, firstName: p.FirstName, lastName: p.LastName, lang: p.Lang,
		phone: p.Phone, premium: p.Premium, hideForwards: p.HideForwards,
	}
	for _, name := range append([]string{p.Username}, p.Bought...) {
		if err := w.checkName(name, owner{}); err != nil {
			return nil, err
		}
	}
	if added.firstName == "" {
		added.firstName = p.Key
	}
	if p.Token != "" {
		added.bot = newAccount(added, p.Token)
		added.bot.botToBot, added.bot.privacy = p.BotToBot, p.GroupPrivacy
		w.bots = append(w.bots, added.bot)
	}
	w.people[added.id] = added
	w.keyed[added.key] = added
	w.setName(added, p.Username)
	for _, name := range p.Bought {
		w.addName(added, name)
	}
	return added, nil
}
