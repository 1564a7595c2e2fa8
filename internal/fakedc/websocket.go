package fakedc

import (
	"bufio"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"strings"
)

// websocket reads the bytes inside a client's frames. What is in them is an
// obfuscated connection as it comes without frames.
//
// See https://core.telegram.org/mtproto/transports#websocket and
// https://www.rfc-editor.org/rfc/rfc6455.
type websocket struct {
	r *bufio.Reader
	// control answers what is not data.
	control func(opcode byte, body []byte) error
	// left is what is still to be read of the frame that mask is for, and at where
	// the mask is.
	left uint64
	mask [4]byte
	at   int
}

const (
	frameContinued = 0x0
	frameBinary    = 0x2
	frameClose     = 0x8
	framePing      = 0x9
	framePong      = 0xa
	frameFinal     = 0x80
	frameMasked    = 0x80
)

// upgrade answers the request that begins a websocket.
func (w *wire) upgrade(r *bufio.Reader) error {
	const longestHead = 16 << 10
	limited := &io.LimitedReader{R: r, N: longestHead}
	r = bufio.NewReader(limited)
	request, err := http.ReadRequest(r)
	if err != nil {
		return err
	}
	limited.N = math.MaxInt64
	h := request.Header
	key, err := base64.StdEncoding.DecodeString(h.Get("Sec-WebSocket-Key"))
	binaryOffered := strings.Contains(strings.Join(h.Values("Sec-WebSocket-Protocol"), ","), "binary")
	if err != nil || len(key) != 16 || !strings.EqualFold(h.Get("Upgrade"), "websocket") || !binaryOffered {
		_, err := w.write([]byte("HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"))
		return errors.Join(errors.New("not the beginning of a websocket"), err)
	}
	sum := sha1.Sum([]byte(h.Get("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	_, err = fmt.Fprintf(writerFunc(w.write), "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
		"Sec-WebSocket-Accept: %s\r\nSec-WebSocket-Protocol: binary\r\n\r\n", base64.StdEncoding.EncodeToString(sum[:]))
	if err != nil {
		return err
	}
	w.framed = true
	inside := bufio.NewReader(&websocket{r: r, control: w.control})
	w.r = inside
	return w.reveal(inside)
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(b []byte) (int, error) { return f(b) }

// control answers a ping, and says good-bye to who says it.
func (w *wire) control(opcode byte, body []byte) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch opcode {
	case framePing:
		_, err := w.write(append(frameHead(nil, framePong, len(body)), body...))
		return err
	case frameClose:
		_, err := w.write(append(frameHead(nil, frameClose, len(body)), body...))
		return errors.Join(io.EOF, err)
	}
	return nil
}

func (s *websocket) Read(p []byte) (int, error) {
	for s.left == 0 {
		if err := s.next(); err != nil {
			return 0, err
		}
	}
	n, err := s.r.Read(p[:min(uint64(len(p)), s.left)])
	for i := range p[:n] {
		p[i] ^= s.mask[s.at%4]
		s.at++
	}
	s.left -= uint64(n)
	return n, err
}

// next reads the head of a frame, and all of one that is no data.
func (s *websocket) next() error {
	const longestControl = 125
	var head [8]byte
	if _, err := io.ReadFull(s.r, head[:2]); err != nil {
		return err
	}
	opcode, length := head[0]&0xf, uint64(head[1]&0x7f)
	if head[1]&frameMasked == 0 {
		return errors.New("a client's frame without a mask")
	}
	switch length {
	case 126:
		if _, err := io.ReadFull(s.r, head[:2]); err != nil {
			return err
		}
		length = uint64(binary.BigEndian.Uint16(head[:]))
	case 127:
		if _, err := io.ReadFull(s.r, head[:]); err != nil {
			return err
		}
		length = binary.BigEndian.Uint64(head[:])
	}
	if _, err := io.ReadFull(s.r, s.mask[:]); err != nil {
		return err
	}
	s.left, s.at = length, 0
	switch opcode {
	case frameContinued, frameBinary:
		return nil
	case frameClose, framePing, framePong:
		if length > longestControl {
			return fmt.Errorf("%w: %d bytes of control", errFrame, length)
		}
		body := make([]byte, length)
		for s.left > 0 {
			if _, err := s.Read(body[length-s.left:]); err != nil {
				return err
			}
		}
		return s.control(opcode, body)
	}
	return fmt.Errorf("%w: opcode %d", errFrame, opcode)
}

// frameHead begins a frame of the server's, which has no mask.
func frameHead(to []byte, opcode byte, length int) []byte {
	to = append(to, frameFinal|opcode)
	switch {
	case length < 126:
		return append(to, byte(length))
	case length < 1<<16:
		return binary.BigEndian.AppendUint16(append(to, 126), uint16(length))
	}
	return binary.BigEndian.AppendUint64(append(to, 127), uint64(length))
}
