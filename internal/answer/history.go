package answer

import "time"

// HistoryRequest asks what changed about a peer of the book.
type HistoryRequest struct {
	// Ref is a reference as for ResolveRequest. The server is not asked.
	Ref string `json:"ref"`
}

// Change is one change of a peer.
type Change struct {
	// At is when the bot saw it, on the server's clock.
	At time.Time `json:"at"`
	// What is "name", "usernames" or "owner".
	What string `json:"what"`
	// Old and New are a full name or title, or usernames separated by spaces. For
	// an owner they are one username: Old went to Other, or New came from Other.
	Old string `json:"old,omitempty"`
	New string `json:"new,omitempty"`
	// Other is the other bearer of the username.
	Other *PeerID `json:"other,omitempty"`
}

// PeerID names a peer by its kind and its MTProto id.
type PeerID struct {
	Kind string `json:"kind"`
	ID   int64  `json:"id"`
}
