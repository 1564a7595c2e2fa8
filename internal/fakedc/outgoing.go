package fakedc

import (
	"context"
	"slices"
	"sync"

	"github.com/gotd/td/proto"
)

// outgoingLimit is how many bytes may wait for one connection before whoever
// makes more of them has to wait.
const outgoingLimit = 4 << 20

// parcel is one message on its way to a client. It gets its msg_id and seqno
// when it is written, so that both increase in the order of the wire.
type parcel struct {
	ses *session
	typ proto.MessageType
	// content says that the client has to acknowledge the message.
	content bool
	// push says that it is an update and not an answer to anything.
	push bool
	// body is encoded and shared: the same push goes to several sessions.
	body []byte
	// answers is the request that this is the answer to, or 0.
	answers int64
	// torn says that the message breaks off in the middle, and with it the connection.
	torn bool
	// code is a transport error; nothing else is set then.
	code int32
}

// outgoing is what waits to be written to one connection. Putting never blocks.
type outgoing struct {
	mu    sync.Mutex
	queue []parcel
	size  int
	acks  map[*session][]int64
	// space is closed when the queue was taken; nil while nobody waits for that.
	space chan struct{}
	// wake and ack hold at most one token each.
	wake chan struct{}
	ack  chan struct{}
	// done is closed when nothing more will be written.
	done chan struct{}
}

func newOutgoing() *outgoing {
	return &outgoing{
		acks: map[*session][]int64{},
		wake: make(chan struct{}, 1),
		ack:  make(chan struct{}, 1),
		done: make(chan struct{}),
	}
}

func (o *outgoing) put(p parcel) {
	o.mu.Lock()
	o.queue = append(o.queue, p)
	o.size += len(p.body)
	if ids := o.acks[p.ses]; p.answers != 0 && len(ids) > 0 {
		o.acks[p.ses] = slices.DeleteFunc(ids, func(id int64) bool { return id == p.answers })
	}
	o.mu.Unlock()
	token(o.wake)
}

// acknowledge lets an acknowledgment leave after ackDelay, unless the answer is
// there before: an answer is an acknowledgment.
//
// See https://core.telegram.org/mtproto/service_messages_about_messages#acknowledgment-of-receipt.
func (o *outgoing) acknowledge(ses *session, id int64) {
	o.mu.Lock()
	o.acks[ses] = append(o.acks[ses], id)
	o.mu.Unlock()
	token(o.ack)
}

// take takes what waits, and the acknowledgments when they are due.
func (o *outgoing) take(into []parcel, due bool) ([]parcel, map[*session][]int64) {
	o.mu.Lock()
	defer o.mu.Unlock()
	queue := o.queue
	o.queue, o.size = into[:0], 0
	var acks map[*session][]int64
	if due {
		acks, o.acks = o.acks, map[*session][]int64{}
	}
	if o.space != nil {
		close(o.space)
		o.space = nil
	}
	return queue, acks
}

// room waits until there is room for more, or nothing will be written anymore.
func (o *outgoing) room(ctx context.Context) error {
	for {
		o.mu.Lock()
		if o.size < outgoingLimit {
			o.mu.Unlock()
			return nil
		}
		if o.space == nil {
			o.space = make(chan struct{})
		}
		space := o.space
		o.mu.Unlock()
		select {
		case <-space:
		case <-o.done:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func token(ch chan struct{}) {
	select {
	case ch <- struct{}{}:
	default:
	}
}
