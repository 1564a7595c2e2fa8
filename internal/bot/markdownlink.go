package bot

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/gotd/td/tg"
)

// link opens a link, if it is one: a bracket that is followed by no address stands
// for itself.
func (m *markdown) link() error {
	mark := "["
	if m.rest()[0] == '!' {
		mark = "!["
	}
	if m.innermost() == "[" || !linkAhead(m.rest()[len(mark):]) {
		m.write(mark)
		m.at += len(mark)
		return nil
	}
	m.push(mark)
	return nil
}

// linkAhead reports whether a text ends in ](...), as the rest of a link does.
func linkAhead(s string) bool {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case ']':
			return strings.HasPrefix(s[i:], "](") && strings.Contains(s[i:], ")")
		}
	}
	return false
}

// endLink reads ](address).
func (m *markdown) endLink() error {
	o := m.open[len(m.open)-1]
	m.open = m.open[:len(m.open)-1]
	m.at += len("](")
	var url strings.Builder
	for ; ; m.at++ {
		rest := m.rest()
		if rest == "" {
			return m.wrong(o.line, "( is not closed")
		}
		if rest[0] == ')' {
			m.at++
			break
		}
		if rest[0] == '\\' && len(rest) > 1 && rest[1] < utf8.RuneSelf {
			m.at++
			rest = rest[1:]
		}
		url.WriteByte(rest[0])
	}
	return m.linked(o, strings.TrimSpace(url.String()))
}

func (m *markdown) linked(o pending, url string) error {
	length := m.units - o.offset
	if o.mark == "![" {
		id, ok := strings.CutPrefix(url, "tg://emoji?id=")
		n, err := strconv.ParseInt(id, 10, 64)
		if !ok || err != nil {
			return m.wrong(o.line, "%q is no custom emoji; write tg://emoji?id=5368324170671202286", url)
		}
		m.entities = append(m.entities, &tg.MessageEntityCustomEmoji{Offset: o.offset, Length: length, DocumentID: n})
		return nil
	}
	if _, ok := linkedUser(url); !ok && userLinks.MatchString(url) {
		return badUserLink(url)
	}
	if length > 0 && url != "" {
		m.entities = append(m.entities, linkTo(url, o.offset, length))
	}
	return nil
}
