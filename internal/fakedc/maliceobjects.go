package fakedc

import (
	"fmt"
	"math"
	"strings"

	"github.com/gotd/td/tg"
)

// strangerID is where the ids of people begin whom only malice has.
const strangerID = 1 << 39

func stranger(id, hash int64) *tg.User {
	u := &tg.User{ID: id, FirstName: "Nobody", LangCode: "en"}
	u.SetAccessHash(hash)
	return u
}

func strangeChannel(id, hash int64) *tg.Channel {
	c := &tg.Channel{ID: id, Title: "Nowhere", Megagroup: true, Photo: &tg.ChatPhotoEmpty{}, Date: 1}
	c.SetAccessHash(hash)
	return c
}

func strangeChat(id int64) *tg.Chat {
	return &tg.Chat{ID: id, Title: "Nowhere", Photo: &tg.ChatPhotoEmpty{}, ParticipantsCount: 1, Date: 1, Version: 1}
}

// strangeObjects are peers that well-formed bytes can tell of, and that cannot be.
func (w *World) strangeObjects(a *account, kind string, size, nth int) (m malice, ok bool) {
	switch kind {
	case "zero_id":
		m.users = []tg.UserClass{stranger(0, 1), &tg.UserEmpty{}}
		m.chats = []tg.ChatClass{strangeChannel(0, 1), strangeChat(0), &tg.ChatEmpty{}, &tg.ChannelForbidden{AccessHash: 1}}
	case "id_range":
		// See https://core.telegram.org/api/bots/ids.
		for _, id := range []int64{-1, -1001, math.MinInt64, 1 << 40, math.MaxInt64} {
			m.users = append(m.users, stranger(id, 1))
			m.chats = append(m.chats, strangeChannel(id, 1), strangeChat(id), &tg.ChatForbidden{ID: id})
		}
	case "invalid_utf8":
		const broken = "\xff\xfe\xc3\x28"
		u := stranger(strangerID+1, 1)
		u.Username, u.FirstName, u.LastName, u.LangCode = "a"+broken, broken, broken, broken
		u.SetUsernames([]tg.Username{{Active: true, Username: "b" + broken}})
		c := strangeChannel(strangerID+1, 1)
		c.Username, c.Title = "c"+broken, broken
		m.users, m.chats = []tg.UserClass{u}, []tg.ChatClass{c}
	case "names":
		m.users = strangeNames(sizeOr(size, 64<<10))
	case "same_name":
		for i := range sizeOr(size, 2) {
			u := stranger(strangerID+10+int64(i), 1)
			u.Username = "same_name"
			m.users = append(m.users, u)
		}
	case "zero_hash":
		bare := &tg.User{ID: strangerID + 2, FirstName: "Nobody"}
		m.users = []tg.UserClass{stranger(strangerID+1, 0), bare}
		m.chats = []tg.ChatClass{strangeChannel(strangerID+1, 0)}
	case "twice":
		min := stranger(strangerID+1, 2)
		min.Min = true
		m.users = []tg.UserClass{min, stranger(strangerID+1, 3), stranger(strangerID+1, 4), min}
	case "second_self":
		u := stranger(strangerID+1, 1)
		u.Self, u.Bot = true, true
		m.users = []tg.UserClass{u}
	case "vector":
		const many = 10_000
		m.users = make([]tg.UserClass, sizeOr(size, many))
		for i := range m.users {
			m.users[i] = stranger(strangerID+int64(nth*len(m.users)+i), 1)
		}
	default:
		return m, false
	}
	return m, true
}

// strangeNames look like something else: keys of a store, paths, options, other
// people's names in other letters, or a book. size is how long the longest is.
func strangeNames(size int) []tg.UserClass {
	list := []string{
		"peer0_1001", "users_1001", "../../etc/passwd", "-rf", "a\x00b", "a\nb", "\x1b[2J", "@ann", "ANN\u0130", "\uff41\uff4e\uff4e",
		" ", "ann ", "1001", "t.me/ann", "%s%n", "{}", strings.Repeat("a", size), strings.Repeat("\u00e4", size/2),
	}
	users := make([]tg.UserClass, 0, 2*len(list)+1)
	for i, name := range list {
		u := stranger(strangerID+100+int64(i), 1)
		u.Username, u.FirstName = name, name
		other := stranger(strangerID+200+int64(i), 1)
		other.SetUsernames([]tg.Username{{Active: true, Username: name}, {Active: true}, {Username: name}})
		users = append(users, u, other)
	}
	crowded := stranger(strangerID+300, 1)
	names := make([]tg.Username, 1000)
	for i := range names {
		names[i] = tg.Username{Active: true, Username: fmt.Sprintf("name_%d", i)}
	}
	crowded.SetUsernames(names)
	return append(users, crowded)
}

func sizeOr(size, usual int) int {
	if size == 0 {
		return usual
	}
	return size
}
