package rawtl

import (
	"encoding/hex"
	"reflect"

	"github.com/gotd/td/bin"
)

// Hex prints the bytes of the request as they would be sent. Those of access
// hashes are asterisks unless the view asks for them.
func (r *Request) Hex(view View) (string, error) {
	sent, err := r.encode()
	if err != nil {
		return "", err
	}
	out := []byte(hex.EncodeToString(sent))
	if view.Hashes {
		return string(out), nil
	}
	// Where they stand shows by writing something else there: no byte of 0 is also
	// one of -1.
	low, err := r.withHashes(0)
	if err != nil {
		return "", err
	}
	high, err := r.withHashes(-1)
	if err != nil {
		return "", err
	}
	for i := range low {
		if low[i] != high[i] {
			out[2*i], out[2*i+1] = '*', '*'
		}
	}
	return string(out), nil
}

func (r *Request) encode() ([]byte, error) {
	var b bin.Buffer
	if err := r.object.Encode(&b); err != nil {
		return nil, &Error{Path: r.name, Message: err.Error()}
	}
	return b.Buf, nil
}

// withHashes encodes the request as if all access hashes in it were that one.
func (r *Request) withHashes(hash int64) ([]byte, error) {
	type place struct {
		at  reflect.Value
		was int64
	}
	var places []place
	err := r.schema.walk(reflect.ValueOf(r.object), func(s *shape, v reflect.Value) error {
		if i, ok := s.index["access_hash"]; ok && s.parts[i].form.sort == aLong && s.parts[i].given(v) {
			at := v.Field(s.parts[i].slot)
			places = append(places, place{at, at.Int()})
			at.SetInt(hash)
		}
		return nil
	})
	defer func() {
		for _, p := range places {
			p.at.SetInt(p.was)
		}
	}()
	if err != nil {
		return nil, err
	}
	return r.encode()
}
