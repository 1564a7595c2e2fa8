package rawtl

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/gotd/td/tg"
)

// TestEveryMethodsExampleIsACall: what describe prints can be called as printed.
func TestEveryMethodsExampleIsACall(t *testing.T) {
	facts, err := LoadFacts()
	if err != nil {
		t.Fatal(err)
	}
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
		s, err := schema.shapeOfID(c.ID)
		if err != nil {
			t.Fatal(err)
		}
		f := filler{ctx: t.Context(), schema: schema, peers: friends{}}
		into := schema.make(c.ID)
		if e := f.object(&n, reflect.ValueOf(into).Elem(), s, &place{name: name}); e != nil {
			t.Errorf("%s: %v", facts.Example(name), e)
		}
	}
}

// TestFactsAndTypesAgree holds what describe says against what the types say of
// themselves: names, order, flag words and bits, and what a value is.
func TestFactsAndTypesAgree(t *testing.T) {
	facts, err := LoadFacts()
	if err != nil {
		t.Fatal(err)
	}
	schema := New()
	schema.learn()
	checked := 0
	for name, c := range facts.all {
		id, ok := schema.ids[name]
		if c.Wrapper() {
			continue
		}
		if !ok || id != c.ID {
			t.Errorf("%s#%x is unknown", name, c.ID)
			continue
		}
		s, err := schema.shapeOfID(id)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var want, got []string
		for _, f := range c.Fields {
			want = append(want, f.Name+":"+f.Flag+":"+facts.described(f.Type))
		}
		words := map[int]string{}
		for i := range s.parts {
			p := &s.parts[i]
			flag := ""
			if p.optional {
				if words[p.word] == "" {
					words[p.word] = schema.word(s, p.word)
				}
				flag = fmt.Sprintf("%s.%d", words[p.word], p.bit)
			}
			got = append(got, p.name+":"+flag+":"+schema.said(p))
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s\nhas  %v\nwant %v", name, got, want)
		}
		checked++
	}
	t.Logf("%d compared", checked)
	if checked < 2400 {
		t.Errorf("only %d were compared", checked)
	}
}

// word is the schema's name of a flag word.
func (s *Schema) word(of *shape, slot int) string {
	return strings.ToLower(reflect.TypeOf(s.make(of.id)).Elem().Field(slot).Name)
}

// said is what a part is, in the words of described.
func (s *Schema) said(p *part) string {
	if p.flag {
		return "true"
	}
	return s.saidForm(&p.form)
}

func (s *Schema) saidForm(is *form) string {
	switch is.sort {
	case anInt:
		return "int"
	case aLong:
		return "long"
	case aDouble:
		return "double"
	case aString:
		return "string"
	case aBytes:
		return "bytes"
	case aBool:
		return "Bool"
	case anInt128:
		return "int128"
	case anInt256:
		return "int256"
	case aVector:
		return "Vector<" + s.saidForm(is.elem) + ">"
	case aClass:
		return is.class.name
	default:
		inner, err := s.shape(is.typ)
		if err != nil {
			return err.Error()
		}
		return "one " + inner.name
	}
}

// described is a type of the schema, or the constructor if it has only one.
func (f *Facts) described(typ string) string {
	if inner, ok := vectorOf(typ); ok {
		return "Vector<" + f.described(inner) + ">"
	}
	if list := f.types[typ]; len(list) == 1 {
		return "one " + list[0].Name
	}
	return typ
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
