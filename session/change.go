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
