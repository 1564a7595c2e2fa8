package answer

// BackupRequest asks for a copy of the session file.
type BackupRequest struct{}

// BackedUp tells where a copy is.
type BackedUp struct {
	// BackedUp is the copy.
	BackedUp Copy `json:"backed_up"`
}

// Copy is a file.
type Copy struct {
	Path string `json:"path"`
	Size int64  `json:"size"`
}

// Rekeyed tells how the session file is encrypted now.
type Rekeyed struct {
	// Rekeyed is the file as it is now.
	Rekeyed File `json:"rekeyed"`
	// KeyFile is where the key is that it was given; empty if it has none.
	KeyFile string `json:"key_file,omitempty"`
	// Generated says that the key was drawn for it.
	Generated bool `json:"generated,omitempty"`
}
