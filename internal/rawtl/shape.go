package rawtl

import (
	"fmt"
	"reflect"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/tdp"
)

// sort is what a value is in TL.
type sort uint8

const (
	anInt sort = iota
	aLong
	aDouble
	aString
	aBytes
	aBool
	anInt128
	anInt256
	anObject // of the only constructor of its type
	aClass   // of one of several constructors
	aVector
)

// shape is how an object of one constructor or method is laid out.
type shape struct {
	name  string
	id    uint32
	parts []part
	index map[string]int
}

// names are those of the fields.
func (s *shape) names() []string {
	out := make([]string, len(s.parts))
	for i, p := range s.parts {
		out[i] = p.name
	}
	return out
}

// empty says that there is nothing to give but the name.
func (s *shape) empty() bool { return len(s.parts) == 0 }

// part is one field of a shape.
type part struct {
	name string
	slot int // in the Go struct
	form form
	// optional fields have a bit in a flag word, whose slot this is.
	optional bool
	word     int
	bit      int
	// flag says that the bit is all there is: the type is true, not Bool.
	flag bool
}

// form is a sort with what it is made of.
type form struct {
	sort  sort
	typ   reflect.Type
	elem  *form  // of a vector
	class *class // of an object of one of several constructors
}

// given says whether an optional field is there; a required one always is.
func (p *part) given(v reflect.Value) bool {
	return !p.optional || v.Field(p.word).Uint()>>p.bit&1 == 1
}

// give sets the bit of an optional field.
func (p *part) give(v reflect.Value) {
	if p.optional {
		w := v.Field(p.word)
		w.SetUint(w.Uint() | 1<<p.bit)
	}
}

// shapeOf learns the layout of a struct of gotd's from what its type says of
// itself. The flag bits it finds by setting them and looking which fields appear.
func (s *Schema) shapeOf(t reflect.Type) (*shape, error) {
	v := reflect.New(t)
	object, ok := v.Interface().(tdp.Object)
	if !ok {
		return nil, fmt.Errorf("%s does not describe itself", t)
	}
	v = v.Elem()
	info := object.TypeInfo()
	out := &shape{name: info.Name, id: info.ID, index: make(map[string]int, len(info.Fields))}
	for i, f := range info.Fields {
		in, ok := t.FieldByName(f.Name)
		if !ok {
			return nil, fmt.Errorf("%s has no field %s", t, f.Name)
		}
		k, err := s.formOf(in.Type)
		if err != nil {
			return nil, fmt.Errorf("%s.%s: %w", info.Name, f.SchemaName, err)
		}
		p := part{name: f.SchemaName, slot: in.Index[0], form: k, optional: f.Null}
		p.flag = p.optional && k.sort == aBool && !boolWithFlag(info.ID, f.SchemaName)
		out.parts = append(out.parts, p)
		out.index[f.SchemaName] = i
	}
	for slot := range t.NumField() {
		if t.Field(slot).Type == reflect.TypeFor[bin.Fields]() {
			out.findBits(object, v, slot)
		}
	}
	return out, nil
}

// findBits finds the fields of one flag word and their bits: those that appear
// with all bits, and by five more looks the digits of their places.
func (s *shape) findBits(object tdp.Object, v reflect.Value, slot int) {
	appear := func(bits uint32) []bool {
		v.Field(slot).SetUint(uint64(bits))
		defer v.Field(slot).SetUint(0)
		out := make([]bool, len(s.parts))
		for i, f := range object.TypeInfo().Fields {
			out[i] = s.parts[i].optional && !f.Null
		}
		return out
	}
	mine := appear(^uint32(0))
	for digit := range 5 {
		var bits uint32
		for bit := range 32 {
			if bit>>digit&1 == 1 {
				bits |= 1 << bit
			}
		}
		for i, there := range appear(bits) {
			if mine[i] && there {
				s.parts[i].bit |= 1 << digit
			}
		}
	}
	for i, is := range mine {
		if is {
			s.parts[i].word = slot
		}
	}
}

func (s *Schema) formOf(t reflect.Type) (form, error) {
	k := form{typ: t}
	switch t {
	case reflect.TypeFor[bin.Int128]():
		k.sort = anInt128
		return k, nil
	case reflect.TypeFor[bin.Int256]():
		k.sort = anInt256
		return k, nil
	case reflect.TypeFor[[]byte]():
		k.sort = aBytes
		return k, nil
	case reflect.TypeFor[bin.Object]():
		return k, fmt.Errorf("it holds another call")
	}
	switch t.Kind() {
	case reflect.Int:
		k.sort = anInt
	case reflect.Int64:
		k.sort = aLong
	case reflect.Float64:
		k.sort = aDouble
	case reflect.String:
		k.sort = aString
	case reflect.Bool:
		k.sort = aBool
	case reflect.Struct:
		k.sort = anObject
	case reflect.Interface:
		c, err := s.class(t)
		if err != nil {
			return k, err
		}
		k.sort, k.class = aClass, c
	case reflect.Slice:
		elem, err := s.formOf(t.Elem())
		if err != nil {
			return k, err
		}
		k.sort, k.elem = aVector, &elem
	default:
		return k, fmt.Errorf("it is a %s", t)
	}
	return k, nil
}
