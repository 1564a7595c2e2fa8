package fakedc

import (
	"errors"
	"fmt"

	"github.com/gotd/td/tgerr"
)

// errNotABot is for steps that only bots can take.
var errNotABot = errors.New("only bots can do that")

// floodWait is how long a bot has to wait before it asks again.
//
// See https://core.telegram.org/api/errors#420-flood.
func floodWait(seconds int) error { return tgerr.New(420, fmt.Sprintf("FLOOD_WAIT_%d", seconds)) }
