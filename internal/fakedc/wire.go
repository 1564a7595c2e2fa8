package fakedc

import (
	"bufio"
	"crypto/cipher"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"sync"
	"time"
)

// wire carries messages over one connection, in the framing that the client has
// chosen. One goroutine may receive while others send.
type wire struct {
	nc      net.Conn
	r       io.Reader
	framing framing
	// heard counts frames that came.
	heard uint32
	// framed says that what goes goes in frames of a websocket.
	framed bool

	mu sync.Mutex
	// hide is set when the connection is obfuscated.
	hide cipher.Stream
	// said counts frames that went.
	said uint32
	buf  []byte
}

// detect tells the framing by the first bytes that the client sends. It looks at
// no more of them than are needed: a client waits for answers.
//
// See https://core.telegram.org/mtproto/mtproto-transports.
func detect(nc net.Conn, deadline time.Time) (*wire, error) {
	if err := nc.SetReadDeadline(deadline); err != nil {
		return nil, fmt.Errorf("set deadline: %w", err)
	}
	const size = 16 << 10
	r := bufio.NewReaderSize(nc, size)
	w := &wire{nc: nc, r: r}
	head, err := r.Peek(1)
	if err != nil {
		return nil, fmt.Errorf("detect transport: %w", err)
	}
	if head[0] == tagAbridged {
		_, err = r.Discard(1)
		w.framing = abridged
		return w, err
	}
	if head, err = r.Peek(4); err != nil {
		return nil, fmt.Errorf("detect transport: %w", err)
	}
	switch binary.LittleEndian.Uint32(head) {
	case tagIntermediate:
		_, err = r.Discard(4)
		w.framing = intermediate
		return w, err
	case tagPadded:
		_, err = r.Discard(4)
		w.framing = padded
		return w, err
	case tagGet:
		if err := w.upgrade(r); err != nil {
			return nil, fmt.Errorf("websocket: %w", err)
		}
		return w, nil
	}
	// Full frames have no tag. The first has number 0, which obfuscated
	// connections avoid in this place.
	if head, err = r.Peek(8); err != nil {
		return nil, fmt.Errorf("detect transport: %w", err)
	}
	if binary.LittleEndian.Uint32(head[4:]) == 0 {
		w.framing = full
		return w, nil
	}
	if err := w.reveal(r); err != nil {
		return nil, fmt.Errorf("detect transport: %w", err)
	}
	return w, nil
}

const (
	tagAbridged     = 0xef
	tagIntermediate = 0xeeeeeeee
	tagPadded       = 0xdddddddd
	// tagGet is "GET ", which obfuscated connections avoid.
	tagGet = 0x20544547
)

// recv waits for one message. The caller keeps it.
func (w *wire) recv(deadline time.Time) ([]byte, error) {
	if err := w.nc.SetReadDeadline(deadline); err != nil {
		return nil, err
	}
	body, err := w.framing.readFrame(w.r, w.heard)
	w.heard++
	return body, err
}

// send writes one message in one piece.
func (w *wire) send(body []byte) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	_, err := w.write(w.frame(body))
	return err
}

// tear writes half of a message and hangs up.
func (w *wire) tear(body []byte) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	frame := w.frame(body)
	if _, err := w.write(frame[:len(frame)/2]); err != nil {
		return err
	}
	return w.nc.Close()
}

func (w *wire) frame(body []byte) []byte {
	w.buf = w.framing.appendFrame(w.buf[:0], body, w.said)
	w.said++
	if w.hide != nil {
		w.hide.XORKeyStream(w.buf, w.buf)
	}
	if w.framed {
		w.buf = append(frameHead(nil, frameBinary, len(w.buf)), w.buf...)
	}
	return w.buf
}

func (w *wire) write(b []byte) (int, error) {
	if err := w.nc.SetWriteDeadline(time.Now().Add(writeTimeout)); err != nil {
		return 0, err
	}
	return w.nc.Write(b)
}

// sendCode sends a transport error, such as 404 for an unknown key.
//
// See https://core.telegram.org/mtproto/mtproto-transports#transport-errors.
func (w *wire) sendCode(code int32) error {
	return w.send(binary.LittleEndian.AppendUint32(nil, uint32(-code)))
}
