package answer

import (
	"context"
	"iter"
	"time"
)

// ResolveRequest asks who a reference means: a name, a link, an id or "me".
type ResolveRequest struct {
	// Ref is what was typed.
	Ref string `json:"ref"`
	// CachedOnly answers from the book alone and never asks the server.
	CachedOnly bool `json:"cached_only,omitempty"`
	// Hashes asks for the access hash as well.
	Hashes bool `json:"hashes,omitempty"`
}

// References are many requests, one after the other. They are asked for at most
// once; the sequence ends after its first error, and with ctx at the latest.
type References func(ctx context.Context) iter.Seq2[ResolveRequest, error]

// Resolved is the answer to one of several references.
type Resolved struct {
	// Peer is who it means; with an Error it tells the Input alone.
	Peer
	// Error is why nobody was found.
	Error *Error `json:"error,omitempty"`
}

// FailedInput stands in the JSON where the answer to one of several inputs would.
type FailedInput struct {
	Input string `json:"input"`
	Error *Error `json:"error"`
}

// Line is what stands for the answer in the JSON: the peer or the error, and
// nothing of the other.
func (r Resolved) Line() any {
	if r.Error != nil {
		return FailedInput{r.Input, r.Error}
	}
	return r.Peer
}

// PeersRequest asks for the book, in the order of kind and id.
type PeersRequest struct {
	// Kind limits the list to "user", "chat" or "channel". Empty means all.
	Kind string `json:"kind,omitempty"`
	// Hashes asks for the access hashes as well.
	Hashes bool `json:"hashes,omitempty"`
}

// Peer is one peer as the book knows it.
type Peer struct {
	// Input echoes the reference that was resolved; empty in a list.
	Input string `json:"input,omitempty"`
	// Kind is "user", "chat" (a basic group) or "channel".
	Kind string `json:"kind"`
	// ID is the MTProto id, which is unique only within its kind.
	ID int64 `json:"id"`
	// BotAPIID is the id that the HTTP Bot API uses: unique across kinds.
	BotAPIID int64 `json:"bot_api_id"`
	// Name is the full name of a user, or the title of a chat.
	Name string `json:"name,omitempty"`
	// Usernames are the active ones, as they are written, the main one first.
	Usernames []string `json:"usernames,omitempty"`
	// Language is the last known language of a user, an IETF tag.
	Language string `json:"language,omitempty"`
	// Phone is the number of a user who has shared it with the bot.
	Phone string `json:"phone,omitempty"`
	// Min says that only parts of the peer were seen: names may be missing.
	Min bool `json:"min,omitempty"`
	// Flags are what holds of the peer, such as "premium" or "megagroup".
	Flags []string `json:"flags,omitempty"`
	// Bot and Deleted are set where they hold.
	Bot     bool `json:"bot,omitempty"`
	Deleted bool `json:"deleted,omitempty"`
	// Hash is the class of the access hash: "full", "min" or "none".
	Hash string `json:"hash"`
	// AccessHash is the hash itself, present only when it was asked for.
	AccessHash string `json:"access_hash,omitempty"`
	// Source is "book" if nothing was asked of the server, else "server".
	// Empty in a list.
	Source string `json:"source,omitempty"`
	// FirstSeen and LastSeen are when this bot saw the peer, on the server's
	// clock.
	FirstSeen time.Time `json:"first_seen,omitzero"`
	LastSeen  time.Time `json:"last_seen,omitzero"`
	// FirstSource and LastSource are where those sightings arrived.
	FirstSource *Source `json:"first_source,omitempty"`
	LastSource  *Source `json:"last_source,omitempty"`
	// MigratedTo is the channel that a basic group was turned into.
	MigratedTo *PeerID `json:"migrated_to,omitempty"`
}

// Source is where a sighting arrived.
type Source struct {
	// Via is "update", "answer", "difference" or "import".
	Via string `json:"via"`
	// What is the update's constructor or the call's method, as Telegram's schema
	// names it.
	What string `json:"what,omitempty"`
	// Chat is the group or channel where it happened, if it was in one.
	Chat *PeerID `json:"chat,omitempty"`
}
