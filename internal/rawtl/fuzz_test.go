package rawtl

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"github.com/gotd/td/bin"
)

// FuzzAnswer: whatever gotd decodes prints as JSON, without its access hashes, and
// what was printed is read as the same.
func FuzzAnswer(f *testing.F) {
	schema := New()
	samples := newSampler(f, schema)
	byID := map[uint32]*entry{}
	for i, name := range slices.Sorted(maps.Keys(schema.byName)) {
		e := schema.byName[name]
		byID[e.id] = e
		if i%60 == 0 {
			f.Add(encoded(f, samples.object(e, uint64(i), i%120 == 0)))
		}
	}
	f.Add(encoded(f, sentAnswer()))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if len(raw) < 4 {
			return
		}
		e, ok := byID[binary.LittleEndian.Uint32(raw)]
		if !ok {
			return
		}
		answer := e.make()
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
		back := e.make()
		if wrong := schema.fill(t, printed, back); wrong != nil {
			t.Fatalf("%v\n%s", wrong, printed)
		}
		again, err := schema.JSON(back, View{Hashes: true})
		if err != nil || !bytes.Equal(again, printed) {
			t.Errorf("%s\nis read as\n%s (%v)", printed, again, err)
		}
	})
}
