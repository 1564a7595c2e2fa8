package fakedc

import (
	"slices"
	"sort"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// maxMessageLength is in UTF-16 code units; maxEntities is per message.
const (
	maxMessageLength = 4096
	maxEntities      = 100
)

// units is the length of s as Telegram counts it.
func units(s string) int {
	n := 0
	for _, r := range s {
		n += max(utf16.RuneLen(r), 1)
	}
	return n
}

// byteOffset is where in s that many units end.
func byteOffset(s string, n int) int {
	for i, r := range s {
		if n <= 0 {
			return i
		}
		n -= max(utf16.RuneLen(r), 1)
	}
	return len(s)
}

// boundaries marks the offsets where an entity may begin or end: not between the
// two halves of a surrogate pair.
func boundaries(s string) map[int]bool {
	at := map[int]bool{0: true}
	n := 0
	for _, r := range s {
		n += max(utf16.RuneLen(r), 1)
		at[n] = true
	}
	return at
}

// trim cuts white space off both ends of a text and moves the entities along, as
// the server does. Entities that lose all of their text go.
func trim(text string, entities []StoredEntity) (string, []StoredEntity) {
	left := strings.TrimLeftFunc(text, unicode.IsSpace)
	shift := units(text) - units(left)
	text = strings.TrimRightFunc(left, unicode.IsSpace)
	end := units(text)
	kept := entities[:0]
	for _, e := range entities {
		from, to := max(e.Offset-shift, 0), min(e.Offset+e.Length-shift, end)
		if from < to {
			e.Offset, e.Length = from, to-from
			kept = append(kept, e)
		}
	}
	return text, kept
}

// withFound adds the mentions and commands that the server finds in a text, except
// where an entity is already, and sorts.
func withFound(text string, entities []StoredEntity) []StoredEntity {
	given := len(entities)
	offset := 0
	word := true // whether a word may begin here
	for i, r := range text {
		if word && (r == '@' || r == '/') {
			if e, ok := found(text[i:], r); ok {
				e.Offset = offset
				if !slices.ContainsFunc(entities[:given], e.overlaps) {
					entities = append(entities, e)
				}
			}
		}
		word = !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' && r != '@' && r != '/'
		offset += max(utf16.RuneLen(r), 1)
	}
	sort.SliceStable(entities, func(i, j int) bool {
		a, b := &entities[i], &entities[j]
		return a.Offset < b.Offset || a.Offset == b.Offset && a.Length > b.Length
	})
	return entities
}

// found looks at the beginning of s only. All that it finds is ASCII.
func found(s string, sign rune) (StoredEntity, bool) {
	n := wordLen(s[1:])
	switch {
	case sign == '@' && validName(s[1:1+n]) && n >= 3:
		return StoredEntity{Type: "mention", Length: 1 + n}, true
	case sign == '/' && n >= 1 && n <= 64:
		end := 1 + n
		if strings.HasPrefix(s[end:], "@") {
			if m := wordLen(s[end+1:]); validName(s[end+1 : end+1+m]) {
				end += 1 + m
			}
		}
		// A path is not a command.
		if r, _ := utf8.DecodeRuneInString(s[end:]); r == '/' {
			return StoredEntity{}, false
		}
		return StoredEntity{Type: "bot_command", Length: end}, true
	}
	return StoredEntity{}, false
}

func wordLen(s string) int {
	n := 0
	for n < len(s) {
		c := s[n]
		if c != '_' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
			break
		}
		n++
	}
	return n
}

func (s StoredEntity) overlaps(other StoredEntity) bool {
	// Styles may lie over a mention; what has a meaning of its own may not.
	switch other.Type {
	case "bold", "italic", "underline", "strikethrough", "spoiler", "blockquote":
		return false
	}
	return s.Offset < other.Offset+other.Length && other.Offset < s.Offset+s.Length
}
