package answer

// SuggestRequest asks for usernames of the book that begin in some way, for
// somebody who is typing one. Nobody is asked.
type SuggestRequest struct {
	// Prefix is what was typed, without @. The case of its letters does not matter.
	Prefix string `json:"prefix"`
	// Limit bounds the answer; 50 by default, and at most 1000.
	Limit int `json:"limit,omitempty"`
}

// Suggested are usernames, in their order.
type Suggested struct {
	Names []Suggestion `json:"names"`
}

// Suggestion is a username and its bearer.
type Suggestion struct {
	// Username is as it is written, without @.
	Username string `json:"username"`
	Kind     string `json:"kind"`
	ID       int64  `json:"id"`
	// Name is the full name of a user, or the title of a chat.
	Name string `json:"name,omitempty"`
}
