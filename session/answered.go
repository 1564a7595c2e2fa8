package session

import (
	"github.com/gotd/td/bin"
	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"
)

// reacted returns what follows from the answer to a call that shows something to a
// user in private; nil if nothing does. At is when the call was made, and known what
// had borne their standing out by then: whatever the clocks say, the answer is later
// than that.
//
// Errors are told apart by their type alone, since their codes differ between
// methods. Waits, faults of the server, a dead session and time-outs say nothing
// about the user, so nothing follows from them.
func reacted(input bin.Encoder, err error, at, known int64) *event {
	to, ok := shownTo(input)
	if !ok {
		return nil
	}
	e := &event{user: to.UserID, at: max(at, known), known: known, ours: true, reason: ReasonRefused}
	if rpc, is := tgerr.As(err); is {
		e.refusal = rpc.Type
	}
	switch {
	case err == nil:
		e.what, e.reason = taken, ReasonSent
		if _, typing := input.(*tg.MessagesSetTypingRequest); typing {
			e.reason = ReasonProbe
		}
	case tgerr.Is(err, "USER_IS_BLOCKED"):
		e.what = stopped
	case tgerr.Is(err, "INPUT_USER_DEACTIVATED"):
		e.what = gone
	case tgerr.Is(err, "USER_IS_BOT", "USER_BOT_TO_BOT_DISABLED"):
		e.what = machine
	case tgerr.Is(err, "PEER_ID_INVALID", "USER_ID_INVALID"):
		e.what = unclear
		if to.AccessHash == 0 { // the server knows by itself whom the bot has met
			e.what, e.reason = shut, ReasonNeverStarted
		}
	default:
		return nil
	}
	return e
}

// answered collects the events that follow from a call that succeeded.
func (h *harvest) answered(input bin.Encoder, known int64) {
	if e := reacted(input, nil, h.at, known); e != nil {
		h.events = append(h.events, e)
	}
	if req, ok := input.(*tg.MessagesHideChatJoinRequestRequest); ok {
		if user, ok := req.UserID.(*tg.InputUser); ok {
			h.events = append(h.events, &event{user: user.UserID, at: h.at, what: settled, chat: InputPeerID(req.Peer)})
		}
	}
}

// borneOut returns what has borne out the standing of the user to whom a call is
// going to show something, in Unix seconds; 0 if nothing has.
func (f *File) borneOut(input bin.Encoder) int64 {
	to, ok := shownTo(input)
	if !ok {
		return 0
	}
	// The queue first: what leaves it is remembered by then.
	if len(f.queue.events(to.UserID)) == 0 {
		if e, ok := f.recent.evidence(to.UserID); ok {
			return e.at // the file says nothing later
		}
	}
	d, err := f.Dialog(to.UserID)
	if err != nil || d.Confirmed.IsZero() {
		return 0
	}
	return d.Confirmed.Unix()
}

// shownTo returns the user to whom a call shows something.
func shownTo(input bin.Encoder) (*tg.InputPeerUser, bool) {
	var to tg.InputPeerClass
	switch req := input.(type) {
	case *tg.MessagesSendMessageRequest:
		to = req.Peer
	case *tg.MessagesSendMediaRequest:
		to = req.Peer
	case *tg.MessagesSendMultiMediaRequest:
		to = req.Peer
	case *tg.MessagesForwardMessagesRequest:
		to = req.ToPeer
	case *tg.MessagesSetTypingRequest:
		to = req.Peer
	}
	user, ok := to.(*tg.InputPeerUser)
	return user, ok
}
