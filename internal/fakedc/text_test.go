package fakedc

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestWhatTheServerFindsInAText(t *testing.T) {
	for text, want := range map[string][]StoredEntity{
		"/start promo":      {{Type: "bot_command", Length: 6}},
		"/go@a_bot now":     {{Type: "bot_command", Length: 9}},
		"see /usr/bin":      nil,
		"a@carol.example":   nil,
		"hi @carol, @x":     {{Type: "mention", Offset: 3, Length: 6}},
		"\U0001F600 @carol": {{Type: "mention", Offset: 3, Length: 6}},
	} {
		if diff := cmp.Diff(want, withFound(text, nil)); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	}
}

// Whatever is trimmed, entities stay inside the text and keep their order.
func TestEntitiesStayInsideTheText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[ \n\t]{0,3}[a-z@/ \x{1F600}\x{1F44D}]{0,20}[ \n]{0,3}`).Draw(t, "text")
		n := units(text)
		var list []StoredEntity
		for range rapid.IntRange(0, 4).Draw(t, "entities") {
			from := rapid.IntRange(0, n).Draw(t, "from")
			list = append(list, StoredEntity{Type: "bold", Offset: from, Length: rapid.IntRange(0, n-from).Draw(t, "length")})
		}
		text, list = trim(text, list)
		at := boundaries(text)
		for i, e := range withFound(text, list) {
			if e.Offset < 0 || e.Length <= 0 || e.Offset+e.Length > units(text) {
				t.Fatalf("entity %d of %q is %+v", i, text, e)
			}
			if e.Type != "bold" && (!at[e.Offset] || !at[e.Offset+e.Length]) {
				t.Fatalf("entity %d of %q splits a rune: %+v", i, text, e)
			}
		}
	})
}
