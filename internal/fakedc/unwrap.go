package fakedc

import (
	"errors"
	"fmt"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/tg"
)

// wrapping is what the wrappers around a method say.
type wrapping struct {
	withoutUpdates bool
	// layer is 0 where none was said.
	layer int
	// after are the requests that have to end well first.
	after []int64
	// business is the connection that the call is made over, or "".
	business string
}

// unwrap takes the wrappers off a request and leaves b at the method.
//
// See https://core.telegram.org/api/invoking.
func unwrap(b *bin.Buffer) (said wrapping, err error) {
	const deepest = 10
	for range deepest {
		id, err := b.PeekID()
		if err != nil {
			return said, fmt.Errorf("method: %w", err)
		}
		switch id {
		case tg.InvokeWithLayerRequestTypeID:
			w := tg.InvokeWithLayerRequest{Query: rest{}}
			err = w.Decode(b)
			said.layer = w.Layer
		case tg.InitConnectionRequestTypeID:
			w := tg.InitConnectionRequest{Query: rest{}}
			err = w.Decode(b)
		case tg.InvokeWithoutUpdatesRequestTypeID:
			said.withoutUpdates = true
			w := tg.InvokeWithoutUpdatesRequest{Query: rest{}}
			err = w.Decode(b)
		case tg.InvokeAfterMsgRequestTypeID:
			w := tg.InvokeAfterMsgRequest{Query: rest{}}
			err = w.Decode(b)
			said.after = append(said.after, w.MsgID)
		case tg.InvokeAfterMsgsRequestTypeID:
			w := tg.InvokeAfterMsgsRequest{Query: rest{}}
			err = w.Decode(b)
			said.after = append(said.after, w.MsgIDs...)
		case tg.InvokeWithBusinessConnectionRequestTypeID:
			w := tg.InvokeWithBusinessConnectionRequest{Query: rest{}}
			err = w.Decode(b)
			said.business = w.ConnectionID
		default:
			return said, nil
		}
		if err != nil {
			return said, fmt.Errorf("unwrap: %w", err)
		}
	}
	return said, errors.New("wrapped too deep")
}

// rest stands for the query inside a wrapper and leaves its bytes unread.
type rest struct{}

func (rest) Decode(*bin.Buffer) error { return nil }
func (rest) Encode(*bin.Buffer) error { return errors.New("not an answer") }
