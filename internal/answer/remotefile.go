package answer

import "encoding/json"

// RemoteFile is a document or a photo at Telegram.
type RemoteFile struct {
	// Name is one for a file on disk. It is a single part of a path, and begins
	// with the file's id.
	Name string `json:"name"`
	// Size is in bytes; 0 if it is not known.
	Size int64 `json:"size,omitempty"`
	// Location is what a DownloadRequest takes. It holds the file's access hash
	// and is not to be printed.
	Location json.RawMessage `json:"location"`
}

// DownloadRequest asks for the content of a file.
type DownloadRequest struct {
	// Location is an object of the type InputFileLocation.
	Location json.RawMessage `json:"location"`
}

// Chunk is a part of a file, in order.
type Chunk struct {
	Bytes []byte `json:"bytes"`
}

// UploadRequest goes with the content of a file.
type UploadRequest struct {
	// Name is what the file is called at Telegram.
	Name string
	// Size is in bytes, and has to be right.
	Size int64
}

// Uploaded is a file at Telegram that no message holds yet. It is kept for some
// hours.
type Uploaded struct {
	// File is an object of the type InputFile, for a call.
	File json.RawMessage `json:"file"`
}
