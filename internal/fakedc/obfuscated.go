package fakedc

import (
	"bufio"
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"errors"
	"io"
	"slices"
)

// reveal begins an obfuscated connection: 64 bytes that look random, with the
// keys of both directions in them and the framing at the end.
//
// See https://core.telegram.org/mtproto/mtproto-transports#transport-obfuscation.
func (w *wire) reveal(r *bufio.Reader) error {
	const keyAt, ivAt, tagAt = 8, 40, 56
	var head [64]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return err
	}
	theirs, err := newCTR(head[keyAt:ivAt], head[ivAt:tagAt])
	if err != nil {
		return err
	}
	// The server's keys are the client's, read backwards.
	back := slices.Clone(head[keyAt:tagAt])
	slices.Reverse(back)
	if w.hide, err = newCTR(back[:ivAt-keyAt], back[ivAt-keyAt:]); err != nil {
		return err
	}
	theirs.XORKeyStream(head[:], head[:])
	switch binary.LittleEndian.Uint32(head[tagAt:]) {
	case tagAbridged * 0x01010101:
		w.framing = abridged
	case tagIntermediate:
		w.framing = intermediate
	case tagPadded:
		w.framing = padded
	default:
		return errors.New("no transport that is known")
	}
	w.r = cipher.StreamReader{S: theirs, R: r}
	return nil
}

func newCTR(key, iv []byte) (cipher.Stream, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewCTR(block, iv), nil
}
