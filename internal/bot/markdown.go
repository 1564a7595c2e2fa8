package bot

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/internal/answer"
)

// fromMarkdown reads the MarkdownV2 of core.telegram.org/bots/api#markdownv2-style.
// What it has to escape may stand as it is where it cannot mean anything, such as a
// full stop; a mark that opens something and is not closed is an error.
func fromMarkdown(s string) (styled, error) {
	m := markdown{in: strings.ToValidUTF8(s, "\uFFFD"), quote: -1}
	for m.at < len(m.in) {
		if err := m.next(); err != nil {
			return styled{}, err
		}
	}
	if err := m.endQuote(); err != nil {
		return styled{}, err
	}
	if err := m.closed(); err != nil {
		return styled{}, err
	}
	slices.Reverse(m.entities) // what is outside comes first
	return styled{text: m.out.String(), entities: m.entities}.trim(), nil
}

// markdown is a text that is being read.
type markdown struct {
	in       string
	at       int
	out      strings.Builder
	units    int // of out
	entities []tg.MessageEntityClass
	open     []pending
	// quote is where in out the block quotation began, or -1.
	quote int
}

// pending is a mark that waits for its end.
type pending struct {
	mark   string
	offset int
	line   int
}

func (m *markdown) wrong(line int, format string, args ...any) error {
	return answer.Errorf(answer.Usage, "line %d of the Markdown: %s", line, fmt.Sprintf(format, args...)).
		WithHint(`write \ before a mark that is none; see https://core.telegram.org/bots/api#markdownv2-style`)
}

func (m *markdown) line() int { return 1 + strings.Count(m.in[:m.at], "\n") }

func (m *markdown) rest() string { return m.in[m.at:] }

// write takes a piece of the text over as it is.
func (m *markdown) write(s string) {
	m.out.WriteString(s)
	m.units += width(s)
}

// next reads one mark or one rune.
func (m *markdown) next() error {
	if m.at == 0 || m.in[m.at-1] == '\n' {
		if err := m.beginLine(); err != nil || m.at == len(m.in) {
			return err
		}
	}
	rest := m.rest()
	switch {
	case rest[0] == '\\' && len(rest) > 1 && rest[1] > ' ' && rest[1] < utf8.RuneSelf:
		m.write(rest[1:2])
		m.at += 2
	case strings.HasPrefix(rest, "```"):
		return m.verbatim("```")
	case rest[0] == '`':
		return m.verbatim("`")
	case strings.HasPrefix(rest, "!["), rest[0] == '[':
		return m.link()
	case rest[0] == ']' && m.innermost() == "[":
		return m.endLink()
	case strings.HasPrefix(rest, "||"), strings.HasPrefix(rest, "__"):
		return m.toggle(rest[:2])
	case strings.IndexByte("*_~", rest[0]) >= 0:
		return m.toggle(rest[:1])
	default:
		_, n := utf8.DecodeRuneInString(rest)
		m.write(rest[:n])
		m.at += n
	}
	return nil
}

func (m *markdown) innermost() string {
	if len(m.open) == 0 {
		return ""
	}
	mark := m.open[len(m.open)-1].mark
	return mark[len(mark)-1:]
}

// toggle opens or closes a style.
func (m *markdown) toggle(mark string) error {
	last := len(m.open) - 1
	if last < 0 || m.open[last].mark != mark {
		for _, o := range m.open {
			if o.mark == mark {
				return m.wrong(m.line(), "%s closes before %s does", mark, m.open[last].mark)
			}
		}
		m.push(mark)
		return nil
	}
	from := m.open[last].offset
	m.open = m.open[:last]
	m.at += len(mark)
	if length := m.units - from; length > 0 {
		m.entities = append(m.entities, styleOf(mark, from, length))
	}
	return nil
}

func (m *markdown) push(mark string) {
	m.open = append(m.open, pending{mark, m.units, m.line()})
	m.at += len(mark)
}

func styleOf(mark string, offset, length int) tg.MessageEntityClass {
	switch mark {
	case "*":
		return &tg.MessageEntityBold{Offset: offset, Length: length}
	case "_":
		return &tg.MessageEntityItalic{Offset: offset, Length: length}
	case "__":
		return &tg.MessageEntityUnderline{Offset: offset, Length: length}
	case "~":
		return &tg.MessageEntityStrike{Offset: offset, Length: length}
	default:
		return &tg.MessageEntitySpoiler{Offset: offset, Length: length}
	}
}

// closed refuses marks that were opened and not closed.
func (m *markdown) closed() error {
	if len(m.open) > 0 {
		o := m.open[len(m.open)-1]
		return m.wrong(o.line, "%s is not closed", o.mark)
	}
	return nil
}

// verbatim reads code, in which only the backquote and the backslash are escaped.
func (m *markdown) verbatim(fence string) error {
	line := m.line()
	m.at += len(fence)
	language := ""
	if fence == "```" {
		if first, _, ok := strings.Cut(m.rest(), "\n"); ok && !strings.ContainsAny(first, " \t`") {
			language = first
			m.at += len(first) + 1
		}
	}
	from := m.units
	for !strings.HasPrefix(m.rest(), fence) {
		rest := m.rest()
		if rest == "" {
			return m.wrong(line, "%s is not closed", fence)
		}
		if rest[0] == '\\' && len(rest) > 1 && (rest[1] == '`' || rest[1] == '\\') {
			m.at++
			rest = rest[1:]
		}
		_, n := utf8.DecodeRuneInString(rest)
		m.write(rest[:n])
		m.at += n
	}
	m.at += len(fence)
	switch length := m.units - from; {
	case length == 0:
	case fence == "`":
		m.entities = append(m.entities, &tg.MessageEntityCode{Offset: from, Length: length})
	default:
		m.entities = append(m.entities, &tg.MessageEntityPre{Offset: from, Length: length, Language: language})
	}
	return nil
}

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

// beginLine reads what says whether the line belongs to a block quotation. Two stars
// part it from the one before.
func (m *markdown) beginLine() error {
	rest := m.rest()
	apart := strings.HasPrefix(rest, "**>")
	if apart || !strings.HasPrefix(rest, ">") {
		if err := m.endQuote(); err != nil {
			return err
		}
	}
	switch {
	case apart:
		m.at += len("**>")
	case strings.HasPrefix(rest, ">"):
		m.at++
	default:
		return nil
	}
	if m.quote < 0 {
		if err := m.closed(); err != nil {
			return err
		}
		m.quote = m.units
	}
	return nil
}

// endQuote ends the block quotation, if there is one. One that ends in || is shown
// folded.
func (m *markdown) endQuote() error {
	if m.quote < 0 {
		return nil
	}
	end := m.units
	if strings.HasSuffix(m.out.String(), "\n") {
		end--
	}
	q := &tg.MessageEntityBlockquote{Offset: m.quote, Length: end - m.quote}
	if n := len(m.open); n > 0 && m.open[n-1].mark == "||" && m.open[n-1].offset >= end {
		m.open, q.Collapsed = m.open[:n-1], true
	}
	m.quote = -1
	if q.Length > 0 {
		m.entities = append(m.entities, q)
	}
	return m.closed()
}
