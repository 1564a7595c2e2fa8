package answer

// Health tells that all is well. What is not comes as an error.
type Health struct {
	// OK is always true.
	OK bool `json:"ok"`
}
