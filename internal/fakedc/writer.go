package fakedc

import (
	"context"
	"fmt"
	"runtime"
	"time"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/crypto"
	"github.com/gotd/td/mt"
	"github.com/gotd/td/proto"
)

const (
	writeTimeout = 30 * time.Second
	// ackDelay is how long an acknowledgment waits for the answer to make it needless.
	// gotd sends a request again after five seconds without one.
	ackDelay = 50 * time.Millisecond
	// A container holds at most 1020 messages and about a megabyte.
	// See https://core.telegram.org/mtproto/service_messages#containers.
	maxContainer      = 1020
	maxContainerBytes = 512 << 10
)

// write sends what is put into c.out until ctx ends or the peer is gone.
func (c *conn) write(ctx context.Context) error {
	defer close(c.out.done)
	ackTimer := time.NewTimer(time.Hour)
	defer ackTimer.Stop()
	var (
		queue []parcel
		armed bool
	)
	for {
		due := false
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-c.out.ack:
			if !armed {
				ackTimer.Reset(ackDelay)
				armed = true
			}
			continue
		case <-ackTimer.C:
			armed, due = false, true
		case <-c.out.wake:
			runtime.Gosched() // other answers may be as good as ready, and go with this one
		}
		var acks map[*session][]int64
		queue, acks = c.out.take(queue, due)
		for ses, ids := range acks {
			if len(ids) == 0 {
				continue
			}
			body, err := encode(&mt.MsgsAck{MsgIDs: ids})
			if err != nil {
				return err
			}
			queue = append(queue, parcel{ses: ses, typ: proto.MessageFromServer, body: body})
		}
		if err := c.writeAll(ctx, queue); err != nil {
			return err
		}
		clear(queue)
	}
}

// writeAll packs neighbors of the same session into containers: pushes with
// pushes, answers with answers. gotd works through a container in one goroutine,
// and its gap manager stops taking updates while it waits for an answer: an answer
// behind pushes in the same container would never be reached.
func (c *conn) writeAll(ctx context.Context, queue []parcel) error {
	for len(queue) > 0 {
		if queue[0].code != 0 {
			if err := c.wire.sendCode(queue[0].code); err != nil {
				return err
			}
			queue = queue[1:]
			continue
		}
		n, size := 1, len(queue[0].body)
		for n < len(queue) && n < maxContainer && queue[n].ses == queue[0].ses && queue[n].push == queue[0].push &&
			queue[n].code == 0 && !queue[n].torn && !queue[0].torn &&
			size+len(queue[n].body) <= maxContainerBytes {
			size += len(queue[n].body)
			n++
		}
		if err := c.writeMessage(ctx, queue[:n]); err != nil {
			return err
		}
		queue = queue[n:]
	}
	return nil
}

// writeMessage sends one message, or one container for several.
func (c *conn) writeMessage(ctx context.Context, parcels []parcel) error {
	ses := parcels[0].ses
	now := c.srv.now()
	data := crypto.EncryptedMessageData{Salt: ses.key.currentSalt(now), SessionID: ses.id}

	// Ids and seqnos of one session are taken together: the client may hear the
	// session over two connections while it moves.
	ses.mu.Lock()
	if len(parcels) == 1 {
		p := parcels[0]
		data.MessageID = c.srv.ids.next(p.typ, now)
		data.SeqNo = int32(ses.seqNo(p.content))
		data.MessageDataLen = int32(len(p.body))
		data.MessageDataWithPadding = p.body
	} else {
		box := proto.MessageContainer{Messages: make([]proto.Message, len(parcels))}
		for i, p := range parcels {
			box.Messages[i] = proto.Message{
				ID:    c.srv.ids.next(p.typ, now),
				SeqNo: ses.seqNo(p.content),
				Bytes: len(p.body),
				Body:  p.body,
			}
		}
		// Greater than the ids of what it holds, and not content-related itself.
		data.MessageID = c.srv.ids.next(proto.MessageFromServer, now)
		data.SeqNo = int32(ses.seqNo(false))
		data.Message = &box
	}
	ses.mu.Unlock()

	var b bin.Buffer
	if err := c.srv.cipher.Encrypt(ses.key.AuthKey, data, &b); err != nil {
		return fmt.Errorf("encrypt: %w", err)
	}
	net := &c.srv.world.board.network
	if err := sleep(ctx, time.Duration(net.delay.Load())); err != nil {
		return err
	}
	net.damage(b.Buf)
	if parcels[0].torn || net.torn() {
		return c.wire.tear(b.Buf)
	}
	return c.wire.send(b.Buf)
}

func encode(v bin.Encoder) ([]byte, error) {
	var b bin.Buffer
	if err := v.Encode(&b); err != nil {
		return nil, fmt.Errorf("encode %T: %w", v, err)
	}
	return b.Buf, nil
}
