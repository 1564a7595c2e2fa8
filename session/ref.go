package session

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

// ErrRef means that what was typed is neither an id nor a username nor a link to
// either.
var ErrRef = errors.New("not a name, an id or a link to somebody")

// Ref is a reference to a peer that a person typed. Exactly one field is set.
type Ref struct {
	// Self is the bot itself.
	Self bool
	// ID is the peer with that id.
	ID ID
	// Name is the peer that bears that username, as it was typed, without @.
	Name string
}

// String returns the reference in its short form.
func (r Ref) String() string {
	switch {
	case r.Self:
		return "me"
	case r.Name != "":
		return "@" + r.Name
	default:
		return strconv.FormatInt(r.ID.BotAPI(), 10)
	}
}

// ParseRef reads a reference to a peer:
//
//	me                          the bot itself
//	123, id:123                 a user's id
//	-123, -1001234              a group's or channel's id, as the Bot API has it
//	@Name, Name                 a username
//	t.me/name, name.t.me        a link; also https://, telegram.me, telegram.dog
//	tg://resolve?domain=name    the same
//	tg://user?id=123            a user's id
//
// Everything else is an ErrRef. What follows the name in a link is ignored.
func ParseRef(s string) (Ref, error) {
	s = strings.TrimSpace(s)
	if strings.EqualFold(s, "me") {
		return Ref{Self: true}, nil
	}
	if name, ok := strings.CutPrefix(s, "@"); ok {
		return refName(s, name)
	}
	if num, ok := cutPrefixFold(s, "id:"); ok {
		return refID(s, num)
	}
	if s != "" && (s[0] == '-' || s[0] >= '0' && s[0] <= '9') {
		return refID(s, s)
	}
	if rest, ok := cutPrefixFold(s, "tg:"); ok {
		return refScheme(s, strings.TrimPrefix(rest, "//"))
	}
	for _, scheme := range []string{"https://", "http://"} {
		if rest, ok := cutPrefixFold(s, scheme); ok {
			return refLink(s, rest)
		}
	}
	if strings.ContainsAny(s, "./") {
		return refLink(s, s)
	}
	return refName(s, s)
}

func bad(s, why string) error {
	if len(s) > 80 {
		s = strings.ToValidUTF8(s[:80], "") + "..."
	}
	if why != "" {
		return fmt.Errorf("%q is %w: %s", s, ErrRef, why)
	}
	return fmt.Errorf("%q is %w", s, ErrRef)
}

// refName reads a username. Telegram's start with a letter.
func refName(s, name string) (Ref, error) {
	if !ValidUsername(name) || name[0] == '_' || name[0] >= '0' && name[0] <= '9' {
		return Ref{}, bad(s, "")
	}
	return Ref{Name: name}, nil
}

func refID(s, num string) (Ref, error) {
	n, err := strconv.ParseInt(num, 10, 64)
	if err != nil {
		return Ref{}, bad(s, "")
	}
	id, err := FromBotAPI(n)
	if err != nil {
		return Ref{}, bad(s, "outside the ranges of Telegram's ids")
	}
	return Ref{ID: id}, nil
}

// refScheme reads what follows tg:, as in core.telegram.org/api/links.
func refScheme(s, rest string) (Ref, error) {
	action, query, _ := strings.Cut(rest, "?")
	query, _, _ = strings.Cut(query, "#")
	values, err := url.ParseQuery(query)
	if err != nil {
		return Ref{}, bad(s, "")
	}
	switch strings.ToLower(strings.TrimSuffix(action, "/")) {
	case "resolve":
		if values.Get("phone") != "" {
			return Ref{}, bad(s, "bots cannot look up phone numbers")
		}
		return refName(s, values.Get("domain"))
	case "user":
		return refID(s, values.Get("id"))
	default:
		return Ref{}, bad(s, "")
	}
}

// notPeople are first parts of links that lead elsewhere, and subdomains that
// are not names; from core.telegram.org/api/links.
func notPeople(part string) bool {
	switch part {
	case "www", "addemoji", "addlist", "addstickers", "addstyle", "addtheme", "auction", "auth",
		"boost", "call", "confirmphone", "contact", "giftcode", "invoice", "joinchat", "login",
		"m", "nft", "proxy", "setlanguage", "share", "socks", "web", "a", "k", "z", "c", "s", "bg", "iv":
		return true
	}
	return false
}

// refLink reads a link without its scheme.
func refLink(s, rest string) (Ref, error) {
	if cut := strings.IndexAny(rest, "?#"); cut >= 0 {
		rest = rest[:cut]
	}
	host, path, _ := strings.Cut(rest, "/")
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	host = strings.TrimPrefix(host, "www.")
	part, _, _ := strings.Cut(path, "/")
	switch host {
	case "t.me", "telegram.me", "telegram.dog":
		switch {
		case strings.HasPrefix(part, "+"), notPeople(strings.ToLower(part)):
			return Ref{}, bad(s, "the link leads to something else")
		default:
			return refName(s, strings.TrimPrefix(part, "@"))
		}
	}
	if name, ok := strings.CutSuffix(host, ".t.me"); ok && len(name) > 1 && !notPeople(name) {
		return refName(s, name)
	}
	return Ref{}, bad(s, "")
}

func cutPrefixFold(s, prefix string) (string, bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return s, false
	}
	return s[len(prefix):], true
}
