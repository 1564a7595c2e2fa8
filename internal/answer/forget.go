package answer

// ForgetRequest asks to remove a peer from the book, for good.
type ForgetRequest struct {
	// Ref is a reference as for ResolveRequest. The server is not asked.
	Ref string `json:"ref"`
}

// Forgotten tells who was removed.
type Forgotten struct {
	// Forgotten is the peer as the book knew it.
	Forgotten Peer `json:"forgotten"`
}

// CompactRequest asks to rewrite the session file, so that nothing is left in it
// of what was removed.
type CompactRequest struct{}

// Compacted tells that the session file was rewritten.
type Compacted struct {
	// Compacted is the file as it is now.
	Compacted File `json:"compacted"`
}
