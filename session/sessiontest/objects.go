package sessiontest

import "github.com/gotd/td/tg"

// envelope puts users and chats into a pushed container.
func envelope(date int, objects ...any) *tg.Updates {
	u := &tg.Updates{Date: date}
	for _, o := range objects {
		switch o := o.(type) {
		case tg.UserClass:
			u.Users = append(u.Users, o)
		case tg.ChatClass:
			u.Chats = append(u.Chats, o)
		case tg.UpdateClass:
			u.Updates = append(u.Updates, o)
		}
	}
	return u
}

// user is a full user; the fields that a test is about are set on it.
func user(id, hash int64, first string, names ...string) *tg.User {
	u := &tg.User{ID: id}
	u.SetFirstName(first)
	u.SetAccessHash(hash)
	switch len(names) {
	case 0:
	case 1:
		u.SetUsername(names[0])
	default: // collectible ones: the single field is empty then
		var list []tg.Username
		for i, n := range names {
			list = append(list, tg.Username{Username: n, Active: true, Editable: i == 0})
		}
		u.SetUsernames(list)
	}
	return u
}

// low is the min form of a user.
func low(id, hash int64, first string) *tg.User {
	u := user(id, hash, first)
	u.SetMin(true)
	return u
}

func channel(id, hash int64, title string) *tg.Channel {
	c := &tg.Channel{ID: id, Title: title, Photo: &tg.ChatPhotoEmpty{}}
	c.SetAccessHash(hash)
	return c
}

func group(id int64, title string) *tg.Chat {
	return &tg.Chat{ID: id, Title: title, Photo: &tg.ChatPhotoEmpty{}}
}
