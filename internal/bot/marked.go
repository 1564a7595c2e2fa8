package bot

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/session"
)

// marked is a text whose marks have been taken out.
type marked struct {
	text     string
	mentions []mark
}

// mark is one mention in a text, counted in UTF-16 code units.
type mark struct {
	ref, text      string
	offset, length int
}

// maxEntities is how many entities a message holds; see telegram's limits.
const maxEntities = 100

// parseMentions reads a text in which @name and {ref|text} are mentions. A brace
// that begins no mention stands for itself, and so does an @ inside a word, as in
// an address.
func parseMentions(s string) (marked, error) {
	// Broken UTF-8 could join across a mark that is taken out.
	s = strings.TrimSpace(strings.ToValidUTF8(s, "\uFFFD"))
	var m marked
	var out strings.Builder
	offset := 0
	write := func(text string) {
		out.WriteString(text)
		offset += width(text)
	}
	before := ' '
	for s != "" {
		if ref, text, rest, ok := cutBraces(s); ok {
			// An entity may not end in white space.
			shown := strings.TrimSpace(text)
			if shown == "" {
				return m, answer.Errorf(answer.Usage, "the mention of %q has no text", ref)
			}
			m.mentions = append(m.mentions, mark{ref, shown, offset, width(shown)})
			write(shown)
			s, before = rest, 'x'
			continue
		}
		if name, rest, ok := cutAt(s, before); ok {
			m.mentions = append(m.mentions, mark{name, name, offset, width(name)})
			write(name)
			s, before = rest, 'x'
			continue
		}
		r, n := utf8.DecodeRuneInString(s)
		write(s[:n])
		s, before = s[n:], r
	}
	if len(m.mentions) > maxEntities {
		return m, answer.Errorf(answer.Usage, "the text mentions %d people; a message holds %d", len(m.mentions), maxEntities)
	}
	m.text = out.String()
	return m, nil
}

// cutBraces cuts {ref|text} off the front.
func cutBraces(s string) (ref, text, rest string, ok bool) {
	inner, found := strings.CutPrefix(s, "{")
	if !found {
		return "", "", s, false
	}
	inner, rest, found = strings.Cut(inner, "}")
	if !found {
		return "", "", s, false
	}
	ref, text, found = strings.Cut(inner, "|")
	if !found || strings.ContainsAny(inner, "{\n") {
		return "", "", s, false
	}
	return strings.TrimSpace(ref), text, rest, true
}

// cutAt cuts @name off the front, unless it stands inside a word.
func cutAt(s string, before rune) (name, rest string, ok bool) {
	if !strings.HasPrefix(s, "@") || unicode.IsLetter(before) || unicode.IsDigit(before) || before == '_' {
		return "", s, false
	}
	end := 1
	for end < len(s) && session.ValidUsername(s[end:end+1]) {
		end++
	}
	if _, err := session.ParseRef(s[:end]); err != nil {
		return "", s, false
	}
	return s[:end], s[end:], true
}
