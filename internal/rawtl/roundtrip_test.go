package rawtl

import (
	"bytes"
	"maps"
	"slices"
	"testing"

	"github.com/gotd/td/bin"
)

// TestEveryMethodGoesThroughJSON makes a request of every method of the layer in
// gotd's types, with every optional field set and with none, prints it as JSON,
// reads that and compares what would be sent. It counts the methods against
// Telegram's schema, so none can be left out.
func TestEveryMethodGoesThroughJSON(t *testing.T) {
	schema := New()
	samples := newSampler(t, schema)
	done := map[string]bool{}
	for _, optional := range []bool{true, false} {
		for _, name := range schema.Methods() {
			for seed := range uint64(3) {
				object := samples.object(schema.byName[name], seed, optional)
				want := encoded(t, object)
				req := &Request{schema: schema, name: name, method: schema.byName[name], object: object}
				printed, err := req.JSON(View{Hashes: true, IDs: seed == 0})
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				got, err := schema.Parse(t.Context(), Call{Method: name, Params: printed}, nil)
				if err != nil {
					t.Errorf("%s: %v\n%s", name, err, printed)
					continue
				}
				if sent := encoded(t, got.Object()); !bytes.Equal(sent, want) {
					t.Errorf("%s is sent as\n%x, not\n%x\n%s", name, sent, want, printed)
				}
				again, err := got.JSON(View{Hashes: true, IDs: seed == 0})
				if err != nil || !bytes.Equal(again, printed) {
					t.Errorf("%s prints as\n%s, not\n%s (%v)", name, again, printed, err)
				}
				if got.NewResult() == nil {
					t.Errorf("%s has no answer", name)
				}
				done[name] = true
			}
		}
	}
	count := 0
	facts := LoadFacts() // of which another test holds that it is all of the schema
	for name, c := range facts.all {
		if !c.Method {
			continue
		}
		if c.Wrapper() {
			if done[name] {
				t.Errorf("%s wraps another call", name)
			}
			continue
		}
		if count++; !done[name] {
			t.Errorf("%s of Telegram's schema is not covered", name)
		}
	}
	t.Logf("%d methods of %d in layer %d", len(done), count, Layer)
	if len(done) != count || count == 0 {
		t.Errorf("%d methods went through, the schema has %d", len(done), count)
	}
}

// TestEveryConstructorGoesThroughJSON does the same for what stands in requests
// and answers: TL, gotd's decoder, JSON, and back.
func TestEveryConstructorGoesThroughJSON(t *testing.T) {
	schema := New()
	samples := newSampler(t, schema)
	count := 0
	for _, name := range slices.Sorted(maps.Keys(schema.byName)) {
		e := schema.byName[name]
		if e.answer != nil {
			continue // a method
		}
		switch name {
		case "accessPointRule", "help.configSimple":
			continue // gotd writes their bare vectors as it does not read them
		}
		for _, optional := range []bool{true, false} {
			object := samples.object(e, uint64(e.id), optional)
			want := encoded(t, object)
			answer := e.make()
			if err := answer.Decode(&bin.Buffer{Buf: slices.Clone(want)}); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			printed, err := schema.JSON(answer, View{Hashes: true})
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			back := e.make()
			if wrong := schema.fill(t, printed, back); wrong != nil {
				t.Errorf("%s: %v\n%s", name, wrong, printed)
				continue
			}
			if sent := encoded(t, back); !bytes.Equal(sent, want) {
				t.Errorf("%s is\n%x, not\n%x\n%s", name, sent, want, printed)
			}
		}
		count++
	}
	t.Logf("%d constructors", count)
}

func encoded(t testing.TB, object bin.Encoder) []byte {
	t.Helper()
	var b bin.Buffer
	if err := object.Encode(&b); err != nil {
		t.Fatal(err)
	}
	return b.Buf
}
