package bot

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"github.com/gotd/td/tg"
)

// shown is a styled text on one line: the text, and its entities with what they say.
func shown(s styled) string {
	out := fmt.Sprintf("%q", s.text)
	for _, e := range s.entities {
		kind := strings.TrimPrefix(reflect.TypeOf(e).Elem().Name(), "MessageEntity")
		out += fmt.Sprintf(" %s %d+%d", kind, e.GetOffset(), e.GetLength())
		switch e := e.(type) {
		case *tg.MessageEntityTextURL:
			out += " " + e.URL
		case *tg.MessageEntityPre:
			out += " " + e.Language
		case *tg.MessageEntityCustomEmoji:
			out += fmt.Sprint(" ", e.DocumentID)
		case *tg.InputMessageEntityMentionName:
			out += fmt.Sprint(" ", e.UserID.(*tg.InputUser).UserID)
		case *tg.MessageEntityBlockquote:
			out += map[bool]string{true: " folded"}[e.Collapsed]
		}
	}
	return out
}

// core.telegram.org/bots/api#markdownv2-style.
func TestMarkdownIsThatOfTheBotAPI(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"plain", `"plain"`},
		{"*bold \\*text*", `"bold *text" Bold 0+10`},
		{"_italic \\*text_", `"italic *text" Italic 0+12`},
		{"__underline__ ~strike~ ||spoiler||", `"underline strike spoiler" Underline 0+9 Strike 10+6 Spoiler 17+7`},
		{"*bold _italic bold ~strike~ __underline___ bold*", `"bold italic bold strike underline bold" Bold 0+38 Italic 5+28 Strike 17+6 Underline 24+9`},
		{"[URL](http://example.com/a\\)b)", `"URL" TextURL 0+3 http://example.com/a)b`},
		{"[*Bob*](tg://user?id=1002)", `"Bob" InputMessageEntityMentionName 0+3 1002 Bold 0+3`},
		{"![👍](tg://emoji?id=5368324170671202286)", `"👍" CustomEmoji 0+2 5368324170671202286`},
		{"`a*b_c\\`` ok", "\"a*b_c` ok\" Code 0+6"},
		{"```\nx *y*\n```", `"x *y*" Pre 0+5 `},
		{"```go\nx\n``` end", "\"x\\n end\" Pre 0+1 go"},
		{">one\n>*two*\nthree", `"one\ntwo\nthree" Blockquote 0+7 Bold 4+3`},
		{">one\n**>two\n>three||", `"one\ntwo\nthree" Blockquote 0+3 Blockquote 4+9 folded`},
		{">one||\ntwo", `"one\ntwo" Blockquote 0+3 folded`},
		{">||a|| b", `"a b" Blockquote 0+3 Spoiler 0+1`},
		// What need not be escaped here may be, and what means nothing stands for itself.
		{"1\\.5 kg\\! \\#\\-\\(\\)", `"1.5 kg! #-()"`},
		{"1.5 kg! #-() {a|b} 2>1 [x] [y](z", `"1.5 kg! #-() {a|b} 2>1 [x] [y](z"`},
		{" *😀 a * ", `"😀 a" Bold 0+4`},
		{"**", `""`},
		{"*\xff*", "\"\uFFFD\" Bold 0+1"},
		{"a\\", `"a\\"`},
	} {
		got, err := fromMarkdown(tt.in)
		if err != nil || shown(got) != tt.want {
			t.Errorf("%q is\n%s, %v\nand should be\n%s", tt.in, shown(got), err, tt.want)
		}
	}
	for in, want := range map[string]string{
		"a *b":                        "line 1 of the Markdown: * is not closed",
		"snake_case":                  "line 1 of the Markdown: _ is not closed",
		"a\n\n*b _c* d_":              "line 3 of the Markdown: * closes before _ does",
		"`a":                          "line 1 of the Markdown: ` is not closed",
		"a\n```go\nb":                 "line 2 of the Markdown: ``` is not closed",
		"[a *b](x)*":                  "line 1 of the Markdown: [ is not closed",
		"[Bob](tg://user?id=bob)":     `"tg://user?id=bob" links to no user`,
		"![x](https://example.com)":   `line 1 of the Markdown: "https://example.com" is no custom emoji; write tg://emoji?id=5368324170671202286`,
		">*one\ntwo*":                 "line 1 of the Markdown: * is not closed",
		"*one\n>two*":                 "line 1 of the Markdown: * is not closed",
		"[a](tg://user?id=1002) ~b~*": "line 1 of the Markdown: * is not closed",
	} {
		if got, err := fromMarkdown(in); err == nil || err.Error() != want {
			t.Errorf("%q is %s, %v; want %q", in, shown(got), err, want)
		}
	}
}

// Whatever is written, the entities lie in the text, begin and end between runes, and
// end in no white space; and nothing panics.
func FuzzStyledTexts(f *testing.F) {
	for _, s := range []string{
		"*bold _italic_* ||x||", ">quote\n**>other||", "```go\nx```", "[a](b) ![👍](tg://emoji?id=5)", "\\*😀*😀*",
		"<b>a</b>", `<a href="tg://user?id=1">Bob</a> {1002|Bob}`, "{@ann| Ann }[Bob](tg://user?id=1002)",
	} {
		f.Add(s, byte(0), uint16(7))
		f.Add(s, byte(1), uint16(3))
		f.Add(s, byte(2), uint16(100))
	}
	f.Fuzz(func(t *testing.T, in string, mode byte, limit uint16) {
		req := requestOf(in, mode)
		text, _, err := readText(req, lenient, func(string) bool { return true })
		if err != nil {
			return
		}
		sound(t, text)
		pieces, err := text.pieces(1+int(limit), true)
		if err != nil {
			return
		}
		for _, p := range pieces {
			sound(t, p)
		}
		if diff := cmp.Diff(strings.Join(strings.Fields(text.text), ""), joined(pieces)); diff != "" {
			t.Fatalf("%q in parts of %d is not the same:\n%s", text.text, 1+limit, diff)
		}
	})
}

func joined(pieces []styled) (all string) {
	for _, p := range pieces {
		all += strings.Join(strings.Fields(p.text), "")
	}
	return all
}

func sound(t *testing.T, s styled) {
	t.Helper()
	if s.text != strings.TrimSpace(s.text) {
		t.Fatalf("%q is not trimmed", s.text)
	}
	units, last := utf16.Encode([]rune(s.text)), 0
	for _, e := range s.entities {
		from, to := e.GetOffset(), e.GetOffset()+e.GetLength()
		switch {
		case from < last || from >= to || to > len(units):
			t.Fatalf("%s: out of place", shown(s))
		case utf16.IsSurrogate(rune(units[from])) && units[from] >= 0xdc00, utf16.IsSurrogate(rune(units[to-1])) && units[to-1] < 0xdc00:
			t.Fatalf("%s: in the middle of a rune", shown(s))
		case strings.TrimSpace(string(utf16.Decode(units[to-1:to]))) == "":
			t.Fatalf("%s: ends in white space", shown(s))
		}
		last = from
	}
}
