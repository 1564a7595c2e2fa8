package rawtl

import (
	"slices"
	"strings"

	"github.com/f48b34c0/seen/internal/spell"
)

// Error says what is wrong with a call, and where.
type Error struct {
	// Path is the method and the fields down to the place, as in
	// "messages.sendMessage.entities.0.offset".
	Path string
	// Message says what was found there and what is wanted.
	Message string
	// Hint says what may be meant; empty if there is nothing to say.
	Hint string
	// Cause is the error of [Peers], if that is what went wrong.
	Cause error
}

// Error returns the path and the message.
func (e *Error) Error() string {
	if e.Path == "" {
		return e.Message
	}
	return e.Path + ": " + e.Message
}

// Unwrap returns the error of [Peers], or nil.
func (e *Error) Unwrap() error { return e.Cause }

// place is one in a call. It is written out only for an error.
type place struct {
	up   *place
	name string
}

func (p *place) in(name string) *place { return &place{p, name} }

func (p *place) String() string {
	var parts []string
	for ; p != nil; p = p.up {
		parts = append(parts, p.name)
	}
	slices.Reverse(parts)
	return strings.Join(parts, ".")
}

// nearest returns the candidate that is meant, if one is near.
func nearest(word string, candidates []string) string {
	best, least := "", max(2, len(word)/4)+1
	folded := strings.ToLower(word)
	for _, c := range candidates {
		if abs(len(c)-len(word)) >= least {
			continue
		}
		if d := spell.Distance(folded, strings.ToLower(c)); d < least {
			best, least = c, d
		}
	}
	return best
}

// meant is nearest for names with a namespace, which may be missing from what was
// written. Most are of messages.
func meant(word string, names []string) string {
	if near := nearest(word, names); near != "" || len(word) < 3 {
		return near
	}
	short := make([]string, len(names))
	for i, name := range names {
		short[i] = name[strings.LastIndexByte(name, '.')+1:]
	}
	near := nearest(word, short)
	if common := "messages." + near; near != "" && slices.Contains(names, common) {
		return common
	}
	if i := slices.Index(short, near); i >= 0 {
		return names[i]
	}
	return ""
}

func abs(n int) int { return max(n, -n) }

// didYouMean is a hint, empty without a word.
func didYouMean(word string) string {
	if word == "" {
		return ""
	}
	return "did you mean: " + word
}

// enumerate lists words in a message, the first few if they are many.
func enumerate(words []string) string {
	const most = 12
	if len(words) > most {
		return strings.Join(words[:most], ", ") + ", ..."
	}
	return strings.Join(words, ", ")
}
