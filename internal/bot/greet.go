package bot

import (
	"context"
	"regexp"
	"strings"
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
	payload, ok := startPayload(m.Message)
	if !ok {
		return
	}
	// Somebody of whom nothing is known is greeted without a name.
	p, err := g.bot.book.Peer(session.UserID(from.UserID))
	if err == nil && p.Has(session.FlagBot) {
		return // two bots that greet each other never end
	}
	greeting := session.Greeting{
		User: from.UserID, Message: m.ID, At: time.Unix(int64(m.Date), 0), Payload: payload,
	}
	if !g.bot.opts.NoGreeting {
		greeting.Text = greetingFor(p)
	}
	g.bot.file.Outbox().Greet(greeting)
}

func greetingFor(p session.Peer) string {
	if p.FirstName == "" {
		return "Hello! I will remember you."
	}
	return "Hello, " + p.FirstName + "! I will remember you."
}

// payloads are what Telegram lets a deep link carry. People can type anything
// after /start: what is not a payload is taken for none.
// See core.telegram.org/api/links#bot-links.
var payloads = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// startPayload reads "/start", "/start payload" and "/start@bot payload".
func startPayload(text string) (payload string, ok bool) {
	command, rest, _ := strings.Cut(text, " ")
	if name, _, _ := strings.Cut(command, "@"); name != "/start" {
		return "", false
	}
	if rest = strings.TrimSpace(rest); payloads.MatchString(rest) {
		return rest, true
	}
	return "", true
}
