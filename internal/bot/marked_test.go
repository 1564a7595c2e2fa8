package bot

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
)

func TestMentionsAreReadOutOfAText(t *testing.T) {
	for _, tt := range []struct {
		in, text string
		want     []mark
	}{
		{"Thanks, @ann!", "Thanks, @ann!", []mark{{"@ann", "@ann", 8, 4}}},
		{"{1002|Bob} and @carol", "Bob and @carol", []mark{{"1002", "Bob", 0, 3}, {"@carol", "@carol", 8, 6}}},
		{"  @ann  ", "@ann", []mark{{"@ann", "@ann", 0, 4}}},
		{"😀 {@ann|Ann 😀} ", "😀 Ann 😀", []mark{{"@ann", "Ann 😀", 3, 6}}},
		{"{@ann|Ann }and", "Annand", []mark{{"@ann", "Ann", 0, 3}}},
		{"mail ann@example.com", "mail ann@example.com", nil},
		{"a {brace} and {another", "a {brace} and {another", nil},
		{"@ @1 @_x {", "@ @1 @_x {", nil},
		{"[Bob](tg://user?id=1002), [no](https://example.com), [x](tg://user?id=ann)", "Bob, [no](https://example.com), [x](tg://user?id=ann)", []mark{{"1002", "Bob", 0, 3}}},
		{"[1](tg:user?id=1)", "1", []mark{{"1", "1", 0, 1}}},
		{"{a| a }", "a", []mark{{"a", "a", 0, 1}}},
		{"(@ann)", "(@ann)", []mark{{"@ann", "@ann", 1, 4}}},
	} {
		got, err := parseMentions(tt.in)
		if err != nil || got.text != tt.text {
			t.Errorf("%q is the text %q, %v; want %q", tt.in, got.text, err, tt.text)
		}
		if diff := cmp.Diff(tt.want, got.mentions, cmp.AllowUnexported(mark{})); diff != "" {
			t.Errorf("%q:\n%s", tt.in, diff)
		}
	}
	for _, in := range []string{"{@ann| }", "[ ](tg://user?id=1)"} {
		if _, err := parseMentions(in); err == nil {
			t.Errorf("%.20q was taken", in)
		}
	}
}

// What a mark says of its place is true of the text.
func FuzzParseMentions(f *testing.F) {
	for _, s := range []string{"Thanks, @ann!", "{1002|Bob} 😀 {@ann|Ann }", "{a|b{c|d}", "\xff@ann", "[Bob](tg://user?id=1002)"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		m, err := parseMentions(s)
		if err != nil {
			return
		}
		gone := 0
		for _, c := range m.cuts {
			gone += c.to - c.from
		}
		if whole := width(strings.TrimSpace(strings.ToValidUTF8(s, "\uFFFD"))); whole-gone != width(m.text) {
			t.Fatalf("%q: %d of %d units were cut, and %d are left", s, gone, whole, width(m.text))
		}
		units := utf16.Encode([]rune(m.text))
		end := 0
		for _, k := range m.mentions {
			if k.offset < end || k.length <= 0 || k.offset+k.length > len(units) {
				t.Fatalf("%q: %+v lies outside the %d units of %q", s, k, len(units), m.text)
			}
			end = k.offset + k.length
			if end > k.offset && unicode.IsSpace([]rune(k.text)[len([]rune(k.text))-1]) {
				t.Fatalf("%q: %+v ends in white space", s, k)
			}
			if got := string(utf16.Decode(units[k.offset:end])); got != string([]rune(k.text)) {
				t.Fatalf("%q: %+v stands over %q", s, k, got)
			}
		}
	})
}
