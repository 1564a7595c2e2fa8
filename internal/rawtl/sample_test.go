package rawtl

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/gotd/td/bin"
)

// sampler fills gotd's objects with anything that fits.
type sampler struct {
	t      testing.TB
	schema *Schema
	rand   *rand.Rand
	// optional says whether the optional fields are set.
	optional bool
	// avoid is how deep an object may stand before the plainest constructor is
	// taken in place of any.
	avoid int
	costs map[*entry]int
}

func newSampler(t testing.TB, s *Schema) *sampler {
	return &sampler{t: t, schema: s, avoid: 2, costs: costs(t, s)}
}

// object makes one of a constructor or method, always the same for a seed.
func (m *sampler) object(e *entry, seed uint64, optional bool) bin.Object {
	m.rand, m.optional = rand.New(rand.NewPCG(seed, 1)), optional
	made := e.make()
	m.fill(reflect.ValueOf(made).Elem(), 0)
	return made
}

func (m *sampler) fill(v reflect.Value, depth int) {
	s, err := m.schema.shape(v.Type())
	if err != nil {
		m.t.Fatal(err)
	}
	for i := range s.parts {
		p := &s.parts[i]
		if p.optional && (!m.optional || depth > m.avoid) {
			continue
		}
		p.give(v)
		if p.flag {
			v.Field(p.slot).SetBool(true)
			continue
		}
		m.value(v.Field(p.slot), &p.form, depth)
	}
}

func (m *sampler) value(v reflect.Value, is *form, depth int) {
	switch is.sort {
	case anInt:
		v.SetInt(int64(int32(m.rand.Uint32())))
	case aLong:
		v.SetInt(int64(m.rand.Uint64()) >> m.rand.IntN(64))
	case aDouble:
		v.SetFloat(m.rand.NormFloat64() * 1e6)
	case aBool:
		v.SetBool(m.rand.IntN(2) == 1)
	case aString:
		v.SetString(fmt.Sprintf("“%x”\t\"\\\x01", m.rand.Uint32()))
	case aBytes:
		raw := make([]byte, m.rand.IntN(9))
		for i := range raw {
			raw[i] = byte(m.rand.Uint32())
		}
		v.SetBytes(raw)
	case anInt128, anInt256:
		for i := range v.Len() {
			v.Index(i).SetUint(uint64(m.rand.Uint32() & 0xff))
		}
	case aVector:
		n := m.rand.IntN(3)
		if depth > m.avoid {
			n = 0
		}
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		for i := range n {
			m.value(v.Index(i), is.elem, depth)
		}
	case anObject:
		m.fill(v, depth+1)
	case aClass:
		made := m.choose(is.class, depth).make()
		m.fill(reflect.ValueOf(made).Elem(), depth+1)
		v.Set(reflect.ValueOf(made))
	}
}

// choose picks a constructor. Deep down it picks one that needs no other object,
// or one would never end.
func (m *sampler) choose(class string, depth int) *entry {
	list := m.schema.classes[class]
	if len(list) == 0 {
		m.t.Fatalf("%q has no constructors", class)
	}
	if depth < m.avoid {
		return list[m.rand.IntN(len(list))]
	}
	return slices.MinFunc(list, func(a, b *entry) int { return m.costs[a] - m.costs[b] })
}

// costs are how many objects each constructor needs at least, found by looking
// until nothing gets cheaper.
func costs(t testing.TB, s *Schema) map[*entry]int {
	s.learn()
	const never = 1 << 20
	out := map[*entry]int{}
	least := func(list []*entry) int {
		cost := never
		for _, e := range list {
			if known := out[e]; known > 0 {
				cost = min(cost, known)
			}
		}
		return cost
	}
	for changed := true; changed; {
		changed = false
		for _, e := range s.byName {
			shape, err := s.layout(e)
			if err != nil {
				t.Fatal(err)
			}
			total := 1
			for _, p := range shape.parts {
				switch {
				case p.optional:
				case p.form.sort == anObject:
					total += least([]*entry{s.byType[p.form.typ]})
				case p.form.sort == aClass:
					total += least(s.classes[p.form.class])
				}
			}
			if known := out[e]; total < never && (known == 0 || total < known) {
				out[e], changed = total, true
			}
		}
	}
	return out
}
