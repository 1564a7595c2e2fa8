package session

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/session/internal/record"
)

// sighting is one observation of a peer: what a Telegram object said, in our own
// terms. It is copied out of the object at once, because gotd's objects change
// when they are encoded and belong to the handlers.
type sighting struct {
	id    ID
	at    int64 // Unix seconds on the server's clock
	first int64 // when another book saw the peer first; 0 without one
	// origin is the source as records have it; many sightings share one.
	origin *record.Source

	hash    int64
	hasHash bool
	// minHash says that the hash is of class min. A min user whose phone is
	// present and empty carries a full hash.
	minHash bool
	min     bool
	// namesOnly is an updateUserName: it changes names and makes no record.
	namesOnly bool
	// forbidden is a chat that the bot cannot see any more.
	forbidden bool
	// told is the name, folded, for which the server gave this peer when it was
	// asked.
	told string

	firstName, lastName, title string
	phone, language            string
	usernames                  []Username
	flags                      Flags
	migratedTo                 int64

	// print is the fingerprint of the object that it was taken from, or 0.
	print uint64
	// prev is the sighting of the same peer that was queued before this one, and
	// seq the place of this one among all.
	prev *sighting
	seq  uint64
}

// since is when the peer was first seen, as far as the sighting tells.
func (s *sighting) since() int64 {
	if s.first != 0 {
		return min(s.first, s.at)
	}
	return s.at
}

// Limits on what is stored, well above Telegram's own: a hostile server must not
// fill the file with one name.
const (
	maxText     = 512
	maxUsername = 32
	maxNames    = 64
)

func sightUser(u *tg.User) *sighting {
	s := &sighting{}
	s.user(u)
	return s
}

// user makes an empty sighting one of a user.
func (s *sighting) user(u *tg.User) {
	*s = sighting{
		id:        UserID(u.ID),
		min:       u.Min,
		firstName: clip(u.FirstName),
		lastName:  clip(u.LastName),
		phone:     clip(u.Phone),
		language:  clip(u.LangCode),
		usernames: usernames(u.Username, u.Usernames),
	}
	s.hash, s.hasHash = u.GetAccessHash()
	phone, hasPhone := u.GetPhone()
	s.minHash = u.Min && (!hasPhone || phone != "")
	for _, f := range []struct {
		set  bool
		flag Flags
	}{
		{u.Self, FlagSelf},
		{u.Bot, FlagBot},
		{u.Premium, FlagPremium},
		{u.Deleted, FlagDeleted},
		{u.Verified, FlagVerified},
		{u.Scam, FlagScam},
		{u.Fake, FlagFake},
		{u.Support, FlagSupport},
	} {
		if f.set {
			s.flags |= f.flag
		}
	}
}

func sightChannel(c *tg.Channel) *sighting {
	s := &sighting{
		id:        ChannelID(c.ID),
		min:       c.Min,
		minHash:   c.Min,
		title:     clip(c.Title),
		usernames: usernames(c.Username, c.Usernames),
	}
	s.hash, s.hasHash = c.GetAccessHash()
	for _, f := range []struct {
		set  bool
		flag Flags
	}{
		{c.Verified, FlagVerified},
		{c.Scam, FlagScam},
		{c.Fake, FlagFake},
		{c.Megagroup, FlagMegagroup},
		{c.Broadcast, FlagBroadcast},
		{c.Forum, FlagForum},
		{c.Monoforum, FlagMonoforum},
		{c.Left, FlagLeft},
	} {
		if f.set {
			s.flags |= f.flag
		}
	}
	return s
}

func sightChat(c tg.ChatClass) *sighting {
	switch c := c.(type) {
	case *tg.Channel:
		return sightChannel(c)
	case *tg.ChannelForbidden:
		s := &sighting{
			id: ChannelID(c.ID), title: clip(c.Title), forbidden: true,
			hash: c.AccessHash, hasHash: true, flags: FlagForbidden,
		}
		if c.Megagroup {
			s.flags |= FlagMegagroup
		}
		if c.Broadcast {
			s.flags |= FlagBroadcast
		}
		return s
	case *tg.Chat:
		s := &sighting{id: ChatID(c.ID), title: clip(c.Title)}
		if c.Left {
			s.flags |= FlagLeft
		}
		if to, ok := c.GetMigratedTo(); ok {
			if ch, ok := to.(*tg.InputChannel); ok && ChannelID(ch.ChannelID).Valid() {
				s.migratedTo = ch.ChannelID
			}
		}
		return s
	case *tg.ChatForbidden:
		return &sighting{id: ChatID(c.ID), title: clip(c.Title), forbidden: true, flags: FlagForbidden}
	default: // chatEmpty says nothing
		return nil
	}
}

// sightNames is an updateUserName: new names for somebody known.
func sightNames(u *tg.UpdateUserName) *sighting {
	return &sighting{
		id:        UserID(u.UserID),
		namesOnly: true,
		firstName: clip(u.FirstName),
		lastName:  clip(u.LastName),
		usernames: usernames("", u.Usernames),
	}
}

// usernames joins the single field and the list: a peer with collectible names
// has an empty field, one without has no list.
func usernames(single string, list []tg.Username) []Username {
	var out []Username
	add := func(name string, editable bool) {
		if !ValidUsername(name) || len(out) == maxNames {
			return
		}
		for _, have := range out {
			if strings.EqualFold(have.Name, name) {
				return
			}
		}
		out = append(out, Username{Name: name, Editable: editable})
	}
	if single != "" {
		add(single, true)
	}
	for _, u := range list {
		if u.Active {
			add(u.Username, u.Editable)
		}
	}
	return out
}

// ValidUsername reports whether s can be a username: 1 to 32 Latin letters,
// digits and underscores. Names that Telegram lets people choose are narrower;
// names that it sells are not.
func ValidUsername(s string) bool {
	if s == "" || len(s) > maxUsername {
		return false
	}
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '_':
		default:
			return false
		}
	}
	return true
}

// clip makes a text storable: valid UTF-8 of at most maxText bytes.
func clip(s string) string { return cut(strings.ToValidUTF8(cut(s), "\uFFFD")) }

// cut leaves out what is too long, and no half of a letter.
func cut(s string) string {
	if len(s) <= maxText {
		return s
	}
	n := maxText
	for n > maxText-utf8.UTFMax && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// NameTrust is how long a name is believed without being confirmed: by a full
// sighting of its bearer, or by the server when it is asked.
const NameTrust = 24 * time.Hour

// confirmAfter is the age in seconds from which a stored time is renewed by a
// sighting that says nothing else new: at most two writes a day per person.
const confirmAfter = int64(NameTrust / time.Second / 2)
