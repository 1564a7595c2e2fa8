package bot

import (
	"context"
	"time"

	"github.com/gotd/td/tg"
	"go.uber.org/zap"

	"github.com/f48b34c0/seen/session"
)

// greeter handles updates: it answers the beginning of a chat, and every /start.
// What it owes goes to the outbox, so it waits for nothing and sends nothing itself.
type greeter struct {
	bot *Bot
	// bots bounds how often other bots are answered.
	bots *turns
}

func newGreeter(b *Bot) greeter { return greeter{b, newTurns(botAnswers, botWindow)} }

// Handle implements telegram.UpdateHandler.
func (g greeter) Handle(_ context.Context, u tg.UpdatesClass) error {
	env, ok := u.(*tg.Updates)
	if !ok {
		return nil
	}
	for _, u := range env.Updates {
		if u, ok := u.(*tg.UpdateNewMessage); ok {
			if m, ok := u.Message.(*tg.Message); ok {
				g.message(m, env.Users)
			}
		}
	}
	return nil
}

func (g greeter) message(m *tg.Message, users []tg.UserClass) {
	from, private := m.PeerID.(*tg.PeerUser)
	id := session.UserID(from.GetUserID())
	if m.Out || !private || id.Service() {
		return
	}
	start, started := session.ParseStart(m.Message)
	if !started && g.known(from.UserID, m.ID) || start.Bot != "" && !g.called(start.Bot) {
		return
	}
	// Somebody of whom nothing is known is greeted without a name.
	p, err := g.bot.book.Peer(id)
	at := time.Unix(int64(m.Date), 0)
	if err == nil && p.Has(session.FlagBot) && !g.answersBot(p, at) {
		return
	}
	greeting := session.Greeting{
		User: from.UserID, Message: m.ID, At: at, Start: started, Payload: start.Payload,
	}
	if !g.bot.opts.NoGreeting {
		g.words(&greeting, p, languageIn(users, from.UserID))
	}
	g.bot.file.Outbox().Greet(greeting)
}

// known reports whether somebody has written to the bot before. If that cannot be
// found out, the outbox decides.
func (g greeter) known(user int64, message int) bool {
	d, err := g.bot.file.Dialog(user)
	return err == nil && d.Began != 0 && d.Began < message
}

// called reports whether a username is the bot's.
func (g greeter) called(name string) bool {
	self, err := g.bot.self()
	return err != nil || hasName(self, name)
}

// answersBot reports whether another bot is answered: if that was allowed, and not
// too often, since two bots that answer each other never end.
// See core.telegram.org/api/bots/bot-to-bot.
func (g greeter) answersBot(p session.Peer, at time.Time) bool {
	if !g.bot.opts.Bots {
		return false
	}
	if !g.bots.take(p.ID.Num, at) {
		g.bot.opts.Logger.Warn("another bot is not answered: it has been too often",
			zap.Stringer("bot", p.ID), zap.Duration("within", botWindow))
		return false
	}
	return true
}

// words says what somebody is greeted with, in the language of the update, else in
// the last one that is known, else in English.
func (g greeter) words(to *session.Greeting, p session.Peer, language string) {
	texts := g.bot.greetings.Load()
	if texts == nil {
		to.Text, to.Again = "Hello! I will remember you.", "Hello again!"
		if p.FirstName != "" {
			to.Text = "Hello, " + p.FirstName + "! I will remember you."
			to.Again = "Hello again, " + p.FirstName + "!"
		}
		return
	}
	chosen := texts.in(language, p.Language)
	to.HTML = true
	to.Text = chosen.fresh.fill(p.FirstName, to.Payload)
	to.Again = chosen.again.fill(p.FirstName, to.Payload)
}

// languageIn is the language that an update says of somebody.
func languageIn(users []tg.UserClass, id int64) string {
	for _, u := range users {
		if u, ok := u.(*tg.User); ok && u.ID == id {
			return u.LangCode
		}
	}
	return ""
}
