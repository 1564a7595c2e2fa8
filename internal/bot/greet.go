package bot

import (
	"context"
	"time"

	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/session"
)

// greeter handles updates: it answers /start. What it owes goes to the outbox,
// so it waits for nothing and sends nothing itself.
type greeter struct{ bot *Bot }

// Handle implements telegram.UpdateHandler.
func (g greeter) Handle(_ context.Context, u tg.UpdatesClass) error {
	env, ok := u.(*tg.Updates)
	if !ok {
		return nil
	}
	for _, u := range env.Updates {
		if u, ok := u.(*tg.UpdateNewMessage); ok {
			if m, ok := u.Message.(*tg.Message); ok {
				g.message(m)
			}
		}
	}
	return nil
}

func (g greeter) message(m *tg.Message) {
	from, private := m.PeerID.(*tg.PeerUser)
	if m.Out || !private {
		return
	}
	start, started := session.ParseStart(m.Message)
	if !started && g.known(from.UserID, m.ID) {
		return
	}
	// Somebody of whom nothing is known is greeted without a name.
	p, err := g.bot.book.Peer(session.UserID(from.UserID))
	if err == nil && p.Has(session.FlagBot) {
		return // two bots that greet each other never end
	}
	greeting := session.Greeting{
		User: from.UserID, Message: m.ID, At: time.Unix(int64(m.Date), 0), Start: started, Payload: start.Payload,
	}
	if !g.bot.opts.NoGreeting {
		greeting.Text = greetingFor(p)
		greeting.Again = greeting.Text
	}
	g.bot.file.Outbox().Greet(greeting)
}

func greetingFor(p session.Peer) string {
	if p.FirstName == "" {
		return "Hello! I will remember you."
	}
	return "Hello, " + p.FirstName + "! I will remember you."
}

// known reports whether somebody has written to the bot before. If that cannot be
// found out, the outbox decides.
func (g greeter) known(user int64, message int) bool {
	d, err := g.bot.file.Dialog(user)
	return err == nil && d.Began != 0 && d.Began < message
}
