package fakedc

import (
	"slices"
	"time"

	"github.com/gotd/td/proto"
)

// badness is the error code of bad_msg_notification; 0 means that all is well.
//
// See https://core.telegram.org/mtproto/service_messages_about_messages#notice-of-ignored-error-message.
type badness int

const (
	idTooLow         badness = 16
	idTooHigh        badness = 17
	idWrongBits      badness = 18
	containerTwice   badness = 19
	tooOld           badness = 20
	seqTooLow        badness = 32
	seqTooHigh       badness = 33
	seqOdd           badness = 34 // where an even one belongs
	seqEven          badness = 35 // where an odd one belongs
	wrongSalt        badness = 48
	invalidContainer badness = 64
)

// checkMsgID judges what an id says by itself.
func checkMsgID(id int64, now time.Time) badness {
	const past, future = 300 * time.Second, 30 * time.Second
	if proto.MessageID(id).Type() != proto.MessageFromClient {
		return idWrongBits
	}
	switch sent := time.Unix(id>>32, 0); {
	case now.Sub(sent) > past+time.Second:
		return idTooLow
	case sent.Sub(now) > future:
		return idTooHigh
	}
	return 0
}

// receipt is what is remembered of a message.
type receipt struct {
	id  int64
	seq int
	// call says that the message is a request, done that its answer was made, and
	// failed that the answer is an error.
	call, done, failed bool
}

// ledger is what a session has received, in the order of ids. A client repeats a
// message under its old id when no acknowledgment arrived.
type ledger struct {
	list []receipt
	// forgotten is the highest id that was dropped from the list.
	forgotten int64
}

// remembered bounds the list; twice as many are kept before the older half goes.
const remembered = 1024

func (l *ledger) find(id int64) (int, bool) {
	return slices.BinarySearchFunc(l.list, id, func(r receipt, id int64) int {
		switch {
		case r.id < id:
			return -1
		case r.id > id:
			return 1
		}
		return 0
	})
}

// enter notes a message, unless it is there already or its number does not fit
// between those of its neighbors: sequence numbers never fall, and no two
// messages that have to be acknowledged share one. What is not entered may come
// again.
func (l *ledger) enter(r receipt) (twice bool, bad badness) {
	at, found := l.find(r.id)
	switch {
	case found:
		return true, 0
	case r.id <= l.forgotten:
		return false, tooOld
	case at > 0 && clash(l.list[at-1].seq, r.seq):
		return false, seqTooLow
	case at < len(l.list) && clash(r.seq, l.list[at].seq):
		return false, seqTooHigh
	}
	l.list = slices.Insert(l.list, at, r)
	if len(l.list) > 2*remembered {
		l.forgotten = l.list[remembered-1].id
		l.list = append([]receipt(nil), l.list[remembered:]...)
	}
	return false, 0
}

func clash(earlier, later int) bool {
	return earlier > later || earlier == later && earlier%2 != 0
}

// state is the byte that msgs_state_info has for a message.
//
// See https://core.telegram.org/mtproto/service_messages_about_messages#informational-message-regarding-status-of-messages.
func (l *ledger) state(id int64, now time.Time) byte {
	const (
		unknown, notReceived, notYet, received = 1, 2, 3, 4

		acknowledged, needsNone, running, answered = 8, 16, 32, 64
	)
	if at, ok := l.find(id); ok {
		r, state := l.list[at], byte(received)
		if r.seq%2 != 0 {
			state |= acknowledged
		} else {
			state |= needsNone
		}
		if r.call {
			state |= running
		}
		if r.done {
			state |= answered
		}
		return state
	}
	switch {
	case id <= l.forgotten:
		return unknown
	case checkMsgID(id, now) == idTooHigh:
		return notYet
	}
	return notReceived
}
