package answer

import (
	"encoding/json"
	"time"
)

// UpdatesRequest asks for the updates that the bot receives, as they come.
type UpdatesRequest struct {
	// Types limits them to some constructors of Telegram's type Update, by name.
	// Empty means all.
	Types []string `json:"types,omitempty"`
	// Chats limits them to what happens in any of these, and From to what any of
	// these do: references as for ResolveRequest. Empty means all.
	Chats []string `json:"chats,omitempty"`
	From  []string `json:"from,omitempty"`
	// Since goes on after the update with that number, with those that the daemon
	// still keeps. Without it only what comes from now on is told.
	Since *int64 `json:"since,omitempty"`
	// CachedOnly finds peers in the book alone and never asks the server who they
	// are.
	CachedOnly bool `json:"cached_only,omitempty"`
	// Hashes asks for the access hashes in the updates. They are masked otherwise.
	Hashes bool `json:"hashes,omitempty"`
}

// Received is one line of what the bot receives: an update, or with Missed what
// was not told. With neither it tells only how far the bot has come: the first
// line does, and one now and then while nothing is told because of what was asked
// for.
type Received struct {
	// N is the update's number, or that of the last one before this line. Numbers
	// grow by one with every update, and greater leaps lie between two runs of a
	// daemon: no number comes twice.
	N int64 `json:"n"`
	// At is when the update had arrived.
	At time.Time `json:"at,omitzero"`
	// Type is the update's constructor.
	Type string `json:"type,omitempty"`
	// Chat is where it happened, From is who did it, and Peers are all others whom
	// the update names and the book knows.
	Chat  *PeerName  `json:"chat,omitempty"`
	From  *PeerName  `json:"from,omitempty"`
	Peers []PeerName `json:"peers,omitempty"`
	// Update is the update itself, by the names of Telegram's schema, as in a
	// Called's Result.
	Update json.RawMessage `json:"update,omitempty"`
	// Missed is what the daemon does not keep any more.
	Missed *Missed `json:"missed,omitempty"`
}

// Missed tells that updates are gone that were asked for, or not read in time.
type Missed struct {
	// After is the number of the last one before those.
	After int64 `json:"after"`
	// Count is how many there were, whatever their type. It is left out where
	// nobody knows: After was told by another run of the daemon.
	Count int64 `json:"count,omitempty"`
}

// PeerName is a peer by its ids, with the names that it has in the book.
type PeerName struct {
	// Kind is "user", "chat" or "channel".
	Kind string `json:"kind"`
	// ID is the MTProto id, and BotAPIID the one of the HTTP Bot API.
	ID       int64 `json:"id"`
	BotAPIID int64 `json:"bot_api_id"`
	// Name is the full name of a user, or the title of a chat.
	Name string `json:"name,omitempty"`
	// Usernames are the active ones, the main one first.
	Usernames []string `json:"usernames,omitempty"`
}
