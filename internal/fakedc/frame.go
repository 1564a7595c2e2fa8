package fakedc

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
)

// framing is how messages are told apart in a stream.
//
// See https://core.telegram.org/mtproto/mtproto-transports.
type framing byte

const (
	abridged framing = iota
	intermediate
	padded
	full
)

const (
	// maxFrame is more than the megabyte or so that a client may send at once.
	maxFrame = 2 << 20
	// quickAck is set in a length by clients that want a quick acknowledgment,
	// which a server may leave out.
	quickAck = 1 << 31
	// fullOverhead is length, number and checksum of a full frame.
	fullOverhead = 12
)

var errFrame = errors.New("malformed frame")

// readFrame reads one message. number counts the frames of a connection, which
// full frames bear.
func (f framing) readFrame(r io.Reader, number uint32) ([]byte, error) {
	switch f {
	case abridged:
		var head [4]byte
		if _, err := io.ReadFull(r, head[:1]); err != nil {
			return nil, err
		}
		words := uint32(head[0] & 0x7f)
		if words == 0x7f {
			if _, err := io.ReadFull(r, head[:3]); err != nil {
				return nil, err
			}
			head[3] = 0
			words = binary.LittleEndian.Uint32(head[:])
		}
		return readBody(r, words*4)
	case full:
		return readFull(r, number)
	}
	n, err := readLength(r)
	if err != nil {
		return nil, err
	}
	body, err := readBody(r, n&^quickAck)
	if err != nil || f != padded {
		return body, err
	}
	return trim16(body), nil
}

func readFull(r io.Reader, number uint32) ([]byte, error) {
	n, err := readLength(r)
	if err != nil {
		return nil, err
	}
	if n < fullOverhead {
		return nil, fmt.Errorf("%w: %d bytes", errFrame, n)
	}
	rest, err := readBody(r, n-4)
	if err != nil {
		return nil, err
	}
	var head [4]byte
	binary.LittleEndian.PutUint32(head[:], n)
	sum := crc32.Update(crc32.ChecksumIEEE(head[:]), crc32.IEEETable, rest[:len(rest)-4])
	switch {
	case binary.LittleEndian.Uint32(rest[len(rest)-4:]) != sum:
		return nil, fmt.Errorf("%w: checksum", errFrame)
	case binary.LittleEndian.Uint32(rest) != number:
		return nil, fmt.Errorf("%w: number", errFrame)
	}
	return rest[4 : len(rest)-4], nil
}

func readLength(r io.Reader) (uint32, error) {
	var head [4]byte
	_, err := io.ReadFull(r, head[:])
	return binary.LittleEndian.Uint32(head[:]), err
}

// readBody takes memory as the bytes arrive: who announces much and sends little
// gets little.
func readBody(r io.Reader, n uint32) ([]byte, error) {
	const sudden = 64 << 10
	switch {
	case n == 0 || n > maxFrame:
		return nil, fmt.Errorf("%w: %d bytes", errFrame, n)
	case n <= sudden:
		body := make([]byte, n)
		_, err := io.ReadFull(r, body)
		return body, err
	}
	var b bytes.Buffer
	if _, err := io.CopyN(&b, r, int64(n)); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// trim16 takes the transport's padding from an encrypted message: key id and
// message key, then whole blocks. What is not encrypted says its length itself.
func trim16(body []byte) []byte {
	const head, block = 24, 16
	if len(body) < head || [8]byte(body) == ([8]byte{}) {
		return body
	}
	return body[:head+(len(body)-head)/block*block]
}

// appendFrame adds one message to what is to be written.
func (f framing) appendFrame(to, body []byte, number uint32) []byte {
	switch f {
	case abridged:
		if words := len(body) / 4; words < 0x7f {
			to = append(to, byte(words))
		} else {
			to = append(to, 0x7f, byte(words), byte(words>>8), byte(words>>16))
		}
		return append(to, body...)
	case full:
		at := len(to)
		to = binary.LittleEndian.AppendUint32(to, uint32(len(body)+fullOverhead))
		to = binary.LittleEndian.AppendUint32(to, number)
		to = append(to, body...)
		return binary.LittleEndian.AppendUint32(to, crc32.ChecksumIEEE(to[at:]))
	case padded:
		// Up to 15 bytes are allowed. Clients tell padding from message by blocks
		// of 16, or as gotd does by words of 4: up to 3 bytes suit both.
		var random [4]byte
		_, _ = rand.Read(random[:])
		tail := random[1 : 1+random[0]%4]
		to = binary.LittleEndian.AppendUint32(to, uint32(len(body)+len(tail)))
		return append(append(to, body...), tail...)
	}
	to = binary.LittleEndian.AppendUint32(to, uint32(len(body)))
	return append(to, body...)
}
