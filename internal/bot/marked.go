package bot

import (
	"strconv"
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
	cuts     []cut
}

// mark is one mention in a text, counted in UTF-16 code units.
type mark struct {
	ref, text      string
	offset, length int
}

// parseMentions reads a text in which @name, {ref|text} and links to a user in square
// brackets are mentions. A brace that begins no mention stands for itself, and so does
// an @ inside a word, as in an address.
func parseMentions(s string) (marked, error) {
	// Broken UTF-8 could join across a mark that is taken out.
	return readMarks(strings.TrimSpace(strings.ToValidUTF8(s, "\uFFFD")), func(int, found) bool { return true })
}

// cut is a piece of the text before that is not in the text after, in UTF-16 units.
type cut struct{ from, to int }

// found is a mark at the beginning of a text, of so many bytes. Its own text begins
// at a byte of it.
type found struct {
	ref, text string
	at, size  int
}

// readMarks reads the mentions of a text. A mark counts only if wanted says so, which
// is told its offset.
func readMarks(s string, wanted func(offset int, f found) bool) (marked, error) {
	var m marked
	var out strings.Builder
	read, written := 0, 0 // units
	write := func(text string) {
		out.WriteString(text)
		written += width(text)
	}
	before := ' '
	for s != "" {
		f, ok := findMark(s, before)
		if !ok || !wanted(read, f) {
			r, n := utf8.DecodeRuneInString(s)
			write(s[:n])
			read += width(s[:n])
			s, before = s[n:], r
			continue
		}
		// An entity may not end in white space.
		shown := strings.TrimSpace(f.text)
		if shown == "" {
			return m, answer.Errorf(answer.Usage, "the mention of %q has no text", f.ref)
		}
		end := read + width(s[:f.size])
		from := read + width(s[:f.at]) + width(f.text[:strings.Index(f.text, shown)])
		m.cuts = append(m.cuts, cut{read, from}, cut{from + width(shown), end})
		m.mentions = append(m.mentions, mark{f.ref, shown, written, width(shown)})
		write(shown)
		s, read, before = s[f.size:], end, 'x'
	}
	m.text = out.String()
	return m, nil
}

// findMark finds a mention at the front of a text.
func findMark(s string, before rune) (found, bool) {
	switch s[0] {
	case '{':
		return findBraces(s)
	case '[':
		return findUserLink(s)
	case '@':
		return findAt(s, before)
	}
	return found{}, false
}

// findBraces finds {ref|text}.
func findBraces(s string) (found, bool) {
	inner, _, ok := strings.Cut(s[1:], "}")
	if !ok {
		return found{}, false
	}
	ref, text, ok := strings.Cut(inner, "|")
	if !ok || strings.ContainsAny(inner, "{\n") {
		return found{}, false
	}
	return found{strings.TrimSpace(ref), text, len("{|") + len(ref), len("{}") + len(inner)}, true
}

// findUserLink finds [text](tg://user?id=N).
func findUserLink(s string) (found, bool) {
	text, rest, ok := strings.Cut(s[1:], "](")
	if !ok || strings.ContainsAny(text, "[]\n") {
		return found{}, false
	}
	url, _, ok := strings.Cut(rest, ")")
	id, user := linkedUser(url)
	if !ok || !user {
		return found{}, false
	}
	return found{strconv.FormatInt(id, 10), text, 1, len("[]()") + len(text) + len(url)}, true
}

// findAt finds @name, unless it stands inside a word.
func findAt(s string, before rune) (found, bool) {
	if unicode.IsLetter(before) || unicode.IsDigit(before) || before == '_' {
		return found{}, false
	}
	end := 1
	for end < len(s) && session.ValidUsername(s[end:end+1]) {
		end++
	}
	if _, err := session.ParseRef(s[:end]); err != nil {
		return found{}, false
	}
	return found{s[:end], s[:end], 0, end}, true
}
