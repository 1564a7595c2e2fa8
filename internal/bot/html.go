package bot

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/internal/answer"
)

// tags are those of core.telegram.org/bots/api#html-style.
const tags = " b strong i em u ins s strike del a code pre span tg-spoiler tg-emoji tg-time blockquote "

var (
	tagPattern  = regexp.MustCompile(`^<(/?)([A-Za-z][A-Za-z0-9-]*)((?:\s+[A-Za-z-]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?)*)\s*>`)
	attrPattern = regexp.MustCompile(`\s([A-Za-z-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?`)
	reference   = regexp.MustCompile(`&(?:#[xX][0-9a-fA-F]+|#[0-9]+|[a-zA-Z0-9]+);?`)
)

// fromHTML reads HTML in the dialect of core.telegram.org/bots/api#html-style. Like
// Telegram's own reader it refuses tags that it does not know, that are not closed or
// are closed by another one, and a < that begins none. A link to a user is a mention
// whose access hash is not known yet.
func fromHTML(s string) (styled, error) {
	h := htmlText{in: strings.ToValidUTF8(s, "\uFFFD")}
	for h.at < len(h.in) {
		next := strings.IndexByte(h.in[h.at:], '<')
		if next < 0 {
			next = len(h.in) - h.at
		}
		h.write(unescaped(h.in[h.at : h.at+next]))
		if h.at += next; h.at < len(h.in) {
			if err := h.tag(); err != nil {
				return styled{}, err
			}
		}
	}
	if n := len(h.open); n > 0 {
		return styled{}, answer.Errorf(answer.Usage, "<%s> is not closed in the HTML", h.open[n-1].name)
	}
	slices.Reverse(h.entities) // what is outside comes first
	return styled{text: h.out.String(), entities: h.entities}.trim(), nil
}

// htmlText is a text that is being read.
type htmlText struct {
	in       string
	at       int
	out      strings.Builder
	units    int // of out
	entities []tg.MessageEntityClass
	open     []element
	language string // of the code that was read last
}

// element is a tag that waits for its end.
type element struct {
	name   string
	attrs  map[string]string
	offset int
}

func (h *htmlText) write(s string) {
	h.out.WriteString(s)
	h.units += width(s)
}

func (h *htmlText) wrong(format string, args ...any) error {
	line := 1 + strings.Count(h.in[:h.at], "\n")
	return answer.Errorf(answer.Usage, "line %d of the HTML: "+format, append([]any{line}, args...)...).
		WithHint("write &lt; &gt; &amp; for < > &, and only tags of https://core.telegram.org/bots/api#html-style")
}

// tag reads a tag.
func (h *htmlText) tag() error {
	m := tagPattern.FindStringSubmatch(h.in[h.at:])
	if m == nil {
		return h.wrong("a < begins no tag")
	}
	name, last := strings.ToLower(m[2]), len(h.open)-1
	switch {
	case !strings.Contains(tags, " "+name+" "):
		return h.wrong("<%s> is not a tag of Telegram's", name)
	case m[1] == "":
		e := element{name, attributes(m[3]), h.units}
		url := e.attrs["href"]
		if _, ok := linkedUser(url); name == "a" && !ok && userLinks.MatchString(url) {
			return h.wrong("%q links to no user; write tg://user?id=1002", url)
		}
		h.open = append(h.open, e)
	case last < 0 || h.open[last].name != name:
		return h.wrong("</%s> closes nothing", name)
	default:
		h.close(h.open[last])
		h.open = h.open[:last]
	}
	h.at += len(m[0])
	return nil
}

func attributes(s string) map[string]string {
	out := make(map[string]string)
	for _, m := range attrPattern.FindAllStringSubmatch(s, -1) {
		out[strings.ToLower(m[1])] = strings.TrimSpace(unescaped(m[2] + m[3] + m[4]))
	}
	return out
}

// close makes an entity of an element, if it has one.
func (h *htmlText) close(e element) {
	offset, length := e.offset, h.units-e.offset
	if length == 0 {
		return
	}
	var made tg.MessageEntityClass
	switch e.name {
	case "b", "strong":
		made = styleOf("*", offset, length)
	case "i", "em":
		made = styleOf("_", offset, length)
	case "u", "ins":
		made = styleOf("__", offset, length)
	case "s", "strike", "del":
		made = styleOf("~", offset, length)
	case "tg-spoiler":
		made = styleOf("||", offset, length)
	case "code", "pre":
		made = h.code(e, length)
	case "blockquote":
		_, folded := e.attrs["expandable"]
		made = &tg.MessageEntityBlockquote{Offset: offset, Length: length, Collapsed: folded}
	default:
		made = e.special(length)
	}
	if made != nil {
		h.entities = append(h.entities, made)
	}
}

// code makes code of an element. Nested code and pre are one: the language is in the
// class of the code.
func (h *htmlText) code(e element, length int) tg.MessageEntityClass {
	inner := len(h.entities) - 1
	same := inner >= 0 && h.entities[inner].GetOffset() == e.offset && h.entities[inner].GetLength() == length
	language := strings.TrimPrefix(e.attrs["class"], "language-")
	if e.name == "code" {
		if pre, ok := lastOf[*tg.MessageEntityPre](h.entities); ok && same {
			pre.Language = language
			return nil
		}
		h.language = language
		return &tg.MessageEntityCode{Offset: e.offset, Length: length}
	}
	pre := &tg.MessageEntityPre{Offset: e.offset, Length: length}
	if _, ok := lastOf[*tg.MessageEntityCode](h.entities); ok && same {
		pre.Language, h.entities = h.language, h.entities[:inner]
	}
	return pre
}

func lastOf[E tg.MessageEntityClass](list []tg.MessageEntityClass) (last E, ok bool) {
	if len(list) > 0 {
		last, ok = list[len(list)-1].(E)
	}
	return last, ok
}

// special makes an entity of an element that its attributes make one; nil if they do
// not.
func (e element) special(length int) tg.MessageEntityClass {
	switch e.name {
	case "a":
		if url := e.attrs["href"]; url != "" {
			return linkTo(url, e.offset, length)
		}
	case "span":
		if e.attrs["class"] == "tg-spoiler" {
			return styleOf("||", e.offset, length)
		}
	case "tg-emoji":
		if id, err := strconv.ParseInt(e.attrs["emoji-id"], 10, 64); err == nil {
			return &tg.MessageEntityCustomEmoji{Offset: e.offset, Length: length, DocumentID: id}
		}
	case "tg-time":
		if at, err := strconv.Atoi(e.attrs["unix"]); err == nil {
			return timeOf(e.attrs["format"], at, e.offset, length)
		}
	}
	return nil
}

// timeOf is a time that everybody is shown in their own zone, in a format that
// core.telegram.org/bots/api#date-time-entity-formatting describes.
func timeOf(format string, at, offset, length int) tg.MessageEntityClass {
	e := &tg.MessageEntityFormattedDate{Offset: offset, Length: length, Date: at}
	has := func(letters string) bool { return strings.ContainsAny(format, letters) }
	switch {
	case format == "r" || format == "R":
		e.Relative = true
	case strings.Trim(format, "tTdDwW") == "":
		e.ShortTime, e.LongTime, e.ShortDate, e.LongDate, e.DayOfWeek = has("t"), has("T"), has("d"), has("D"), has("wW")
	}
	return e
}

// unescaped is a text with its references resolved: the numbers, and the four names
// that Telegram knows.
func unescaped(s string) string {
	return reference.ReplaceAllStringFunc(s, func(ref string) string {
		name := strings.TrimSuffix(ref[1:], ";")
		if r, ok := map[string]string{"lt": "<", "gt": ">", "amp": "&", "quot": `"`}[name]; ok {
			return r
		}
		digits, base := strings.TrimPrefix(name, "#"), 10
		if hex := strings.TrimLeft(digits, "xX"); digits != name && hex != digits {
			digits, base = hex, 16
		}
		n, err := strconv.ParseInt(digits, base, 32)
		if err != nil || digits == name || n == 0 || n >= 0x10ffff {
			return ref
		}
		return string(rune(n))
	})
}
