package record

import (
	"errors"
	"unicode/utf8"

	"google.golang.org/protobuf/encoding/protowire"
)

// errDamaged is what a value is that is no message.
var errDamaged = errors.New("damaged record")

// The wire types, as they stand in the low bits of a tag.
const (
	tagVarint  = uint64(protowire.VarintType)
	tagFixed64 = uint64(protowire.Fixed64Type)
	tagBytes   = uint64(protowire.BytesType)
)

// decoder reads fields. After an error it has nothing more.
type decoder struct {
	s     string
	at    int
	field int // where the current field begins
	err   error
}

func (d *decoder) more() bool { return d.err == nil && d.at < len(d.s) }

func (d *decoder) fail() { d.at, d.err = len(d.s), errDamaged }

func (d *decoder) tag() uint64 {
	d.field = d.at
	return d.varint()
}

func (d *decoder) varint() (v uint64) {
	for shift := 0; shift < 64; shift += 7 {
		if d.at >= len(d.s) {
			break
		}
		c := d.s[d.at]
		d.at++
		v |= uint64(c&0x7f) << shift
		if c < 0x80 {
			if shift == 63 && c > 1 {
				break
			}
			return v
		}
	}
	d.fail()
	return 0
}

func (d *decoder) fixed64() (v uint64) {
	if len(d.s)-d.at < 8 {
		d.fail()
		return 0
	}
	for i := range 8 {
		v |= uint64(d.s[d.at+i]) << (8 * i)
	}
	d.at += 8
	return v
}

func (d *decoder) bytes() string {
	n := d.varint()
	if n > uint64(len(d.s)-d.at) {
		d.fail()
		return ""
	}
	s := d.s[d.at : d.at+int(n)]
	d.at += int(n)
	return s
}

func (d *decoder) text() string {
	s := d.bytes()
	if !utf8.ValidString(s) {
		d.fail()
		return ""
	}
	return s
}

// inside reads a message within the message.
func (d *decoder) inside(parse func(string) error) {
	if parse(d.bytes()) != nil {
		d.fail()
	}
}

// unknown appends the current field to those that nobody knows.
func (d *decoder) unknown(to []byte) []byte {
	if d.err != nil {
		return to
	}
	num, kind, n := protowire.ConsumeTag([]byte(d.s[d.field:]))
	rest := []byte(d.s[d.field+max(n, 0):])
	m := protowire.ConsumeFieldValue(num, kind, rest)
	if n < 0 || m < 0 || num > protowire.MaxValidNumber {
		d.fail()
		return to
	}
	d.at = d.field + n + m
	return append(protowire.AppendTag(to, num, kind), rest[:m]...)
}
