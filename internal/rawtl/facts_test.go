package rawtl

import (
	"context"
	"fmt"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/gotd/td/bin"
	"github.com/gotd/td/tdp"
	"github.com/gotd/td/tg"
)

// TestEveryMethodsExampleIsACall: what describe prints can be called as printed.
func TestEveryMethodsExampleIsACall(t *testing.T) {
	facts := LoadFacts()
	schema := New()
	for _, name := range facts.Methods() {
		example := facts.Example(name)
		req, err := schema.Parse(t.Context(), Call{Method: name, Params: example}, friends{})
		if err != nil {
			t.Errorf("%s %s: %v", name, example, err)
			continue
		}
		if _, err := req.encode(); err != nil {
			t.Errorf("%s %s: %v", name, example, err)
		}
	}
	if n := len(facts.Methods()); n != len(schema.Methods()) {
		t.Errorf("%d methods are described, %d can be called", n, len(schema.Methods()))
	}
	if facts.Example("invokeWithLayer") != nil || facts.Example("InputPeer") != nil {
		t.Error("there is an example of what cannot be called")
	}
	for name, c := range facts.all {
		if c.Method || c.basic() {
			continue
		}
		n, err := parse(facts.Example(name))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		of := schema.byName[name]
		s, err := schema.layout(of)
		if err != nil {
			t.Fatal(err)
		}
		f := filler{ctx: t.Context(), schema: schema, peers: friends{}}
		into := of.make()
		if e := f.object(&n, reflect.ValueOf(into).Elem(), s, &place{name: name}); e != nil {
			t.Errorf("%s: %v", facts.Example(name), e)
		}
	}
}

// TestTypesDescribeThemselvesAlike holds what is read out of the schema's lines
// against what gotd's types say of themselves: names and ids, the order of the
// fields, and of the optional ones the flag word and bit, by setting every bit and
// looking which fields appear. What a value is, a round trip shows.
func TestTypesDescribeThemselvesAlike(t *testing.T) {
	schema := New()
	schema.learn()
	registry := tg.TypesConstructorMap()
	for _, e := range schema.byName {
		object, ok := e.make().(tdp.Object)
		if !ok || registry[e.id] == nil || reflect.TypeOf(registry[e.id]()).Elem() != e.typ {
			t.Errorf("%s is not gotd's %v", e.name, e.typ)
			continue
		}
		s, err := schema.layout(e)
		if err != nil {
			t.Error(err)
			continue
		}
		v := reflect.ValueOf(object).Elem()
		info := object.TypeInfo()
		var want, got []string
		for _, f := range info.Fields {
			want = append(want, describedField(t, object, v, f))
		}
		for _, p := range s.parts {
			got = append(got, fmt.Sprintf("%s %s %v %d %d", p.name, e.typ.Field(p.slot).Name, p.optional, p.word, p.bit))
		}
		if diff := cmp.Diff(want, got); diff != "" || info.Name != s.name || info.ID != s.id {
			t.Errorf("%s#%x: %s", s.name, s.id, diff)
		}
	}
	t.Logf("%d types compared", len(schema.byName))
	if len(schema.byName) < 2400 {
		t.Error("those are not all")
	}
}

// describedField is a field as its type describes it, in the words of the test.
func describedField(t *testing.T, object tdp.Object, v reflect.Value, f tdp.Field) string {
	t.Helper()
	appears := func() bool {
		for _, now := range object.TypeInfo().Fields {
			if now.Name == f.Name {
				return !now.Null
			}
		}
		return false
	}
	word, bit := 0, 0
	for slot := range v.NumField() {
		if v.Field(slot).Type() != reflect.TypeFor[bin.Fields]() {
			continue
		}
		for b := range 32 {
			v.Field(slot).SetUint(1 << b)
			if f.Null && appears() {
				word, bit = slot, b
			}
		}
		v.Field(slot).SetUint(0)
	}
	return fmt.Sprintf("%s %s %v %d %d", f.SchemaName, f.Name, f.Null, word, bit)
}

// friends are Ann and the channel of the examples.
type friends struct{}

func (friends) Peer(_ context.Context, ref string) (tg.InputPeerClass, error) {
	switch ref {
	case "@ann":
		return &tg.InputPeerUser{UserID: 1001, AccessHash: 11}, nil
	case "-1001900000001":
		return &tg.InputPeerChannel{ChannelID: 1900000001, AccessHash: 12}, nil
	default:
		return nil, fmt.Errorf("%s was never seen by this bot", ref)
	}
}
