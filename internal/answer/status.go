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
	// ConnectedSince is when it connected last, if it is connected, and DC the
	// data center that it is connected to.
	ConnectedSince time.Time `json:"connected_since,omitzero"`
	DC             int       `json:"dc,omitempty"`
	// File is the session file.
	File File `json:"file"`
	// Peers counts the book.
	Peers Counts `json:"peers"`
	// Hashes counts it by the class of the access hash.
	Hashes HashCounts `json:"hashes"`
	// Dialogs counts private chats by whether the bot may write there.
	Dialogs map[string]int `json:"dialogs,omitempty"`
	// Updates counts what a running daemon has received since it started.
	Updates *Updates `json:"updates,omitempty"`
	// Outbox is the number of messages that are owed.
	Outbox int `json:"outbox"`
	// Lookups counts look-ups of usernames at the server.
	Lookups Lookups `json:"lookups"`
	// Floods are the waits that the server has asked for and that are not over.
	Floods []Flood `json:"floods,omitempty"`
	// Version is the program's version.
	Version string `json:"version"`
}

// File describes the session file.
type File struct {
	// Path is where it is, and Size how many bytes it has.
	Path string `json:"path"`
	Size int64  `json:"size"`
	// Encrypted says that the auth key and the access hashes are.
	Encrypted bool `json:"encrypted,omitempty"`
	// LastCommit is when it was written last, on this machine's clock.
	LastCommit time.Time `json:"last_commit,omitzero"`
	// Trouble is why the file cannot be written at the moment, if it cannot.
	Trouble *Trouble `json:"trouble,omitempty"`
}

// Trouble is why a file cannot be written.
type Trouble struct {
	Reason string `json:"reason"`
	// Since is when the first attempt failed, and Waiting how many changes are
	// kept in memory since.
	Since   time.Time `json:"since"`
	Waiting int       `json:"waiting"`
}

// Counts counts peers by kind.
type Counts struct {
	Users    int `json:"users"`
	Chats    int `json:"chats"`
	Channels int `json:"channels"`
}

// HashCounts counts peers by the class of their access hash: "full" ones address
// a peer.
type HashCounts struct {
	Full int `json:"full"`
	Min  int `json:"min"`
	None int `json:"none"`
}

// Updates counts the flow of updates.
type Updates struct {
	// Envelopes is how many were pushed by the server.
	Envelopes int64 `json:"envelopes"`
	// Sightings is how many users and chats they and the answers held.
	Sightings int64 `json:"sightings"`
	// Dropped is how many updates were harvested but not handled when they came,
	// because too many were waiting. They were fetched again, or will be.
	Dropped int64 `json:"dropped"`
	// Lost is how many of such updates nobody can ask for again: nothing counts
	// inline queries, for example.
	Lost int64 `json:"lost"`
	// Failed is how many updates a handler gave up on.
	Failed int64 `json:"failed"`
	// LastFailure is the last of those.
	LastFailure *Failure `json:"last_failure,omitempty"`
	// Skipped is how often the server did not tell what was missed, because it was
	// too much, or because it has forgotten it.
	Skipped int64 `json:"skipped"`
	// Waiting is how many were received and are not handled yet, and LagSeconds
	// how long the first of these has been waiting.
	Waiting    int     `json:"waiting"`
	LagSeconds float64 `json:"lag_seconds"`
}

// Failure is an update that was let go because its handler failed every time.
type Failure struct {
	// Update is its constructor, Chat the chat that it is about as the Bot API has
	// it, and Message the id of the message; 0 if it is about none.
	Update  string    `json:"update"`
	Chat    int64     `json:"chat,omitempty"`
	Message int       `json:"message,omitempty"`
	Error   string    `json:"error"`
	At      time.Time `json:"at"`
}

// Lookups counts look-ups of usernames at the server.
type Lookups struct {
	// Used is how many were made in the last 24 hours.
	Used int `json:"used"`
	// Limit is how many may be; 0 is any number.
	Limit int `json:"limit"`
	// Next is when the next one is possible, if that is not at once.
	Next time.Time `json:"next,omitzero"`
}

// Flood is a wait that the server has asked for.
type Flood struct {
	// Method is what is not called meanwhile, as Telegram's schema names it.
	Method string `json:"method"`
	// Chat is where, if it is not everywhere.
	Chat *PeerID `json:"chat,omitempty"`
	// Until is when the wait ends.
	Until time.Time `json:"until"`
}
