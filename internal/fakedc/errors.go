package fakedc

import (
	"errors"
	"fmt"

	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"
)

// errNotABot is for steps that only bots can take.
var errNotABot = errors.New("only bots can do that")

// floodWait is how long a bot has to wait before it asks again.
//
// See https://core.telegram.org/api/errors#420-flood.
func floodWait(seconds int) error { return tgerr.New(420, fmt.Sprintf("FLOOD_WAIT_%d", seconds)) }

// coded gives an error the code that the documentation of its method has, when the
// world is set to that. What Telegram itself does differs between methods and over
// time: clients must go by the name.
func (w *World) coded(method uint32, err error) error {
	if !tgerr.Is(err, "PEER_ID_INVALID") {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.opts.DocumentedCodes {
		return err
	}
	switch method {
	case tg.MessagesSendMessageRequestTypeID:
		return tgerr.New(404, "PEER_ID_INVALID")
	case tg.MessagesSendMediaRequestTypeID, tg.MessagesSetTypingRequestTypeID:
		return tgerr.New(406, "PEER_ID_INVALID")
	}
	return err
}
