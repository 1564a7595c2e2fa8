package session

import (
	"context"

	"github.com/gotd/td/bin"
)

// invoker answers calls from a function.
type invoker func(input bin.Encoder, output bin.Decoder) error

func (f invoker) Invoke(_ context.Context, input bin.Encoder, output bin.Decoder) error {
	return f(input, output)
}
