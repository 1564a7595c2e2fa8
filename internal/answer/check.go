package answer

// CheckRequest asks to read the session file from end to end.
type CheckRequest struct{}

// CheckLine is one line of the answer to a check or a repair. One of its fields is
// there: a finding, or, in the last line, what it all comes to.
type CheckLine struct {
	Finding  *Finding  `json:"finding,omitempty"`
	Checked  *Checked  `json:"checked,omitempty"`
	Repaired *Repaired `json:"repaired,omitempty"`
}

// Finding is one thing that is wrong with the session file.
type Finding struct {
	// Bucket is where it is; empty for the file itself.
	Bucket string `json:"bucket,omitempty"`
	// Key is the record or the page.
	Key string `json:"key,omitempty"`
	// Problem says what is wrong.
	Problem string `json:"problem"`
	// Repair says what a repair does about it; empty if it can do nothing.
	Repair string `json:"repair,omitempty"`
}

// Checked tells what was looked at.
type Checked struct {
	File
	Peers Counts `json:"peers"`
	// Names is the number of usernames in the index.
	Names int64 `json:"names"`
	// Findings is the number of findings before this line.
	Findings int64 `json:"findings"`
}

// Repaired tells what has become of a damaged file.
type Repaired struct {
	File
	// Old is where the damaged file is now; empty if nothing was wrong and nothing
	// was done.
	Old string `json:"old,omitempty"`
	// Counted is how many peers the damaged file said that it had, if it did.
	Counted Counts `json:"counted,omitzero"`
	Peers   Counts `json:"peers"`
	Names   int64  `json:"names"`
	// SignedIn says that the auth key is kept, and Updates that the update state is.
	SignedIn bool `json:"signed_in"`
	Updates  bool `json:"updates"`
	// Findings is the number of findings before this line.
	Findings int64 `json:"findings"`
}
