package bot

import (
	"context"
	"slices"
	"strings"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/session"
)

// Link returns the link that starts the bot with a payload. It asks nobody.
func (b *Bot) Link(_ context.Context, req answer.LinkRequest) (answer.Link, error) {
	if !session.ValidPayload(req.Payload) {
		return answer.Link{}, answer.Errorf(answer.Usage, "%q cannot be a payload", req.Payload).
			WithHint("a payload is 1 to 64 of A-Z, a-z, 0-9, _ and -")
	}
	if _, err := b.self(); err != nil {
		return answer.Link{}, err
	}
	return answer.Link{Link: b.deepLink(req.Payload), Payload: req.Payload}, nil
}

// hasName reports whether a peer bears a username, in any case.
func hasName(p session.Peer, name string) bool {
	return slices.ContainsFunc(p.Usernames, func(u session.Username) bool { return strings.EqualFold(u.Name, name) })
}

// deepLink returns the link that starts the bot with a payload.
// See core.telegram.org/api/links#bot-links.
func (b *Bot) deepLink(payload string) string {
	name := "BOT"
	if p, err := b.self(); err == nil && len(p.Usernames) > 0 {
		name = p.Usernames[0].Name
	}
	return "https://t.me/" + name + "?start=" + payload
}
