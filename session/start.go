package session

import (
	"regexp"
	"strings"
)

// Start is a /start that somebody has sent.
type Start struct {
	// Payload is what a deep link carried, empty if it was none: people can type
	// anything after /start, and what cannot be a payload is not taken for one.
	Payload string
	// Bot is the username after the command, as in groups; empty if there is none.
	Bot string
}

// ParseStart reads "/start", "/start payload" and "/start@bot payload", and
// reports whether the text is one of them.
func ParseStart(text string) (Start, bool) {
	command, rest := text, ""
	if i := strings.IndexAny(text, " \n\t"); i >= 0 {
		command, rest = text[:i], strings.TrimSpace(text[i:])
	}
	name, bot, addressed := strings.Cut(command, "@")
	if name != "/start" || addressed && !ValidUsername(bot) {
		return Start{}, false
	}
	s := Start{Bot: bot}
	if ValidPayload(rest) {
		s.Payload = rest
	}
	return s, true
}

var payloads = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// ValidPayload reports whether a deep link can carry s: 1 to 64 of A-Z, a-z, 0-9,
// _ and -. See core.telegram.org/api/links#bot-links.
func ValidPayload(s string) bool { return payloads.MatchString(s) }
