package answer

import "time"

// Status tells how the bot is.
type Status struct {
	// Bot is the bot itself, if it has ever signed in.
	Bot *Peer `json:"bot,omitempty"`
	// Running says that a daemon answers; Connected that it is connected.
	Running   bool `json:"running"`
	Connected bool `json:"connected"`
	// Since is when the daemon started.
	Since time.Time `json:"since,omitzero"`
	// File is the session file.
	File File `json:"file"`
	// Peers counts the book.
	Peers Counts `json:"peers"`
	// Updates counts what a running daemon has received since it started.
	Updates *Updates `json:"updates,omitempty"`
	// Outbox is the number of messages that are owed.
	Outbox int `json:"outbox"`
	// Version is the program's version.
	Version string `json:"version"`
}

// File describes the session file.
type File struct {
	Path string `json:"path"`
	Size int64  `json:"size"`
	// Encrypted says that the auth key and the access hashes are.
	Encrypted bool `json:"encrypted,omitempty"`
}

// Counts counts peers by kind.
type Counts struct {
	Users    int `json:"users"`
	Chats    int `json:"chats"`
	Channels int `json:"channels"`
}

// Updates counts the flow of updates.
type Updates struct {
	// Envelopes is how many were pushed by the server.
	Envelopes int64 `json:"envelopes"`
	// Sightings is how many users and chats they and the answers held.
	Sightings int64 `json:"sightings"`
	// Dropped is how many envelopes were harvested but not handled at once,
	// because too many were waiting.
	Dropped int64 `json:"dropped"`
	// Failed is how many updates a handler gave up on.
	Failed int64 `json:"failed"`
}
