package rawtl

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"slices"
	"testing"

	"github.com/gotd/td/bin"
)

// FuzzAnswer: whatever gotd decodes prints as JSON, without its access hashes, and
// what was printed is read as the same.
func FuzzAnswer(f *testing.F) {
	schema := New()
	samples := newSampler(f, schema)
	for i, id := range slices.Sorted(ids(schema)) {
		if i%60 == 0 {
			f.Add(encoded(f, samples.object(id, uint64(i), i%120 == 0)))
		}
	}
	f.Add(encoded(f, sentAnswer()))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if len(raw) < 4 {
			return
		}
		id := binary.LittleEndian.Uint32(raw)
		if _, ok := schema.types[id]; !ok {
			return
		}
		if _, err := schema.shapeOfID(id); err != nil {
			return // it wraps another call
		}
		answer := schema.make(id)
		if answer.Decode(&bin.Buffer{Buf: slices.Clone(raw)}) != nil {
			return
		}
		hidden, err := schema.JSON(answer, View{})
		if err != nil || !json.Valid(hidden) {
			t.Fatalf("%s (%v)", hidden, err)
		}
		printed, err := schema.JSON(answer, View{Hashes: true})
		if err != nil || !json.Valid(printed) {
			t.Fatalf("%s (%v)", printed, err)
		}
		if _, err := schema.Files(answer); err != nil {
			t.Error(err)
		}
		if _, err := parse(printed); err != nil {
			return // longer or deeper than a call may be
		}
		back := schema.make(id)
		if e := schema.fill(t, printed, back); e != nil {
			t.Fatalf("%v\n%s", e, printed)
		}
		again, err := schema.JSON(back, View{Hashes: true})
		if err != nil || !bytes.Equal(again, printed) {
			t.Errorf("%s\nis read as\n%s (%v)", printed, again, err)
		}
	})
}

func ids(s *Schema) func(func(uint32) bool) {
	return func(yield func(uint32) bool) {
		for id := range s.types {
			if _, err := s.shapeOfID(id); err == nil && !yield(id) {
				return
			}
		}
	}
}
