package bot

import (
	"strings"
	"testing"

	"github.com/gotd/td/tg"
	"pgregory.net/rapid"

	"github.com/f48b34c0/seen/internal/answer"
)

// requestOf is a request for a text, in one of the ways in which it can be written.
func requestOf(text string, mode byte) answer.SendRequest {
	req := answer.SendRequest{Text: text}
	switch mode % 3 {
	case 1:
		req.HTML = true
	case 2:
		req.Markdown = true
	}
	return req
}

func TestATextIsCutWhereItHurtsLeast(t *testing.T) {
	for _, tt := range []struct {
		text  string
		limit int
		want  []string
	}{
		{"aaaa bbbb", 20, []string{"aaaa bbbb"}},
		{"aaaa\n\nbbbb\ncccc dddd", 16, []string{"aaaa\n\nbbbb", "cccc dddd"}},
		{"aaaa bbbb\n\ncccc dd", 14, []string{"aaaa bbbb", "cccc dd"}},
		{"aaaa bbbb cccc", 10, []string{"aaaa bbbb", "cccc"}},
		{"aaaaaaaaaaaa", 5, []string{"aaaaa", "aaaaa", "aa"}},
		{"😀😀😀😀", 5, []string{"😀😀", "😀😀"}},
		{"a😀😀😀😀", 4, []string{"a😀", "😀😀", "😀"}},
		{"aaaa          bbbb", 6, []string{"aaaa", "bbbb"}},
	} {
		old := styled{text: tt.text}
		var got []string
		for rest := old; rest.text != ""; {
			n := tt.limit
			if width(rest.text) > n {
				n = rest.bestCut(tt.limit)
			}
			var head styled
			head, rest = rest.cutAt(n)
			got = append(got, head.text)
		}
		if strings.Join(got, "|") != strings.Join(tt.want, "|") {
			t.Errorf("%q in parts of %d is %q, want %q", tt.text, tt.limit, got, tt.want)
		}
	}
}

func TestAMentionIsNotTorn(t *testing.T) {
	text := styled{text: strings.Repeat("a", 4090) + " Bob Example"}
	text.entities = []tg.MessageEntityClass{&tg.InputMessageEntityMentionName{Offset: 4091, Length: 11, UserID: &tg.InputUser{UserID: 1002}}}
	pieces, err := text.pieces(maxText, true)
	if err != nil || len(pieces) != 2 || pieces[1].text != "Bob Example" || len(pieces[0].entities) != 0 {
		t.Errorf("got %v, %v", pieces, err)
	}
	// A caption holds less, and what follows it is an ordinary message.
	pieces, err = styled{text: strings.Repeat("a ", 3000)}.pieces(maxCaption, true)
	if err != nil || len(pieces) != 3 || width(pieces[0].text) > maxCaption || width(pieces[1].text) < maxCaption {
		t.Errorf("got %d parts, %v", len(pieces), err)
	}
}

// Whatever is cut: no part is too long or has too many entities, and together they say
// what was to be said, every letter in the style that it had.
func TestPartsSayWhatTheWholeSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "bb", "😀", "👩‍👩‍👧", "long-word-without-an-end", "\n", "\n\n", " "}), 1, 120).Draw(t, "words")
		text := styled{text: strings.TrimSpace(strings.Join(words, " "))}
		n := width(text.text)
		if n == 0 {
			return
		}
		for range rapid.IntRange(0, 150).Draw(t, "entities") {
			from := rapid.IntRange(0, n-1).Draw(t, "from")
			text.entities = append(text.entities, &tg.MessageEntityBold{Offset: from, Length: rapid.IntRange(1, n-from).Draw(t, "length")})
		}
		text = text.trim()
		limit := rapid.IntRange(24, 200).Draw(t, "limit")
		pieces, err := text.pieces(limit, true)
		if err != nil {
			return // more than a hundred at one place
		}
		first := limit
		for i, p := range pieces {
			if i > 0 {
				first = maxText
			}
			if width(p.text) > first || len(p.entities) > maxEntities || p.text == "" {
				t.Fatalf("part %d: %d units of %d, %d entities", i, width(p.text), first, len(p.entities))
			}
		}
		if got, want := letters(pieces...), letters(text); got != want {
			t.Fatalf("in parts\n%s\nand whole\n%s", got, want)
		}
	})
}

// letters are those of a text that are no white space, upper case where they are bold.
func letters(pieces ...styled) string {
	var out strings.Builder
	for _, p := range pieces {
		for i, r := range units(p.text) {
			bold := false
			for _, e := range p.entities {
				bold = bold || i >= e.GetOffset() && i < e.GetOffset()+e.GetLength()
			}
			if s := string(r); strings.TrimSpace(s) != "" {
				if bold {
					s = "*" + s
				}
				out.WriteString(s)
			}
		}
	}
	return out.String()
}
