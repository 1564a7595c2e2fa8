package answer

import (
	"context"
	"iter"
)

// Sendings are many messages, one after the other. They are asked for at most once;
// the sequence ends after its first error, and with ctx at the latest.
type Sendings func(ctx context.Context) iter.Seq2[SendRequest, error]

// Delivered is the answer to one of several messages.
type Delivered struct {
	// Sent is what was sent; with an Error it tells the Key alone.
	Sent
	// Input is whom it was for, as it was written.
	Input string `json:"input,omitempty"`
	// Error is why it was not sent.
	Error *Error `json:"error,omitempty"`
}

// Unsent stands in the JSON where the answer to one of several messages would.
type Unsent struct {
	// Input is whom it was for, as it was written.
	Input string `json:"input"`
	// Key is that of the request.
	Key   string `json:"key,omitempty"`
	Error *Error `json:"error"`
}

// Line is what stands for the answer in the JSON: what was sent or the error, and
// nothing of the other.
func (d Delivered) Line() any {
	if d.Error != nil {
		return Unsent{d.Input, d.Key, d.Error}
	}
	return d.Sent
}
