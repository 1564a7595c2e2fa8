package session

import "github.com/f48b34c0/seen/session/internal/record"

// changeFunc is a change that is made by a function.
type changeFunc func(b *batch) error

func (f changeFunc) apply(b *batch) error { return f(b) }

// putMeta writes the file's own record.
func (f *File) putMeta() {
	f.add(changeFunc(func(b *batch) error {
		return b.put(bucketMeta, []byte(keyMeta), f.meta.get())
	}))
}

// Server returns what [File.SetServer] was given last, or "".
func (f *File) Server() string { return f.meta.get().Server }

// SetServer notes at which servers the bot has signed in, in the caller's words:
// an auth key is good there and nowhere else.
func (f *File) SetServer(name string) {
	f.meta.edit(func(m *record.Meta) { m.Server = clip(name) })
	f.putMeta()
}

// signedIn stamps the file with the bot that has signed in and starts a new
// generation of hashes. The file of another bot stays as it is.
func (f *File) signedIn(bot int64) error {
	if have := f.BotID(); have != 0 && have != bot {
		return &OtherBotError{Owner: have, Bot: bot}
	}
	f.meta.edit(func(m *record.Meta) {
		m.BotId = bot
		m.Generation++
	})
	f.putMeta()
	return nil
}
