package rawtl

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/gotd/td/bin"
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
	class string // of an object of one of several constructors
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

// shapeOf reads the layout of a struct of gotd's, whose fields are those of the
// schema's line in their order.
//
// gotd's types describe themselves as well, by a method TypeInfo. To call it would
// keep it in the program for each of them, which are two megabytes; a test holds
// what is read here against it.
func (s *Schema) shapeOf(e *entry) (*shape, error) {
	out := &shape{name: e.name, id: e.id, index: map[string]int{}}
	words := map[string]int{}
	slot := 0
	for f := range fieldsOf(e.line) {
		if slot == e.typ.NumField() {
			return nil, fmt.Errorf("%s has fewer fields than %s", e.typ, e.name)
		}
		in := e.typ.Field(slot).Type
		if f.Type == "#" {
			words[f.Name] = slot
			slot++
			continue
		}
		is, err := formOf(in)
		if err != nil {
			return nil, fmt.Errorf("%s.%s: %w", e.name, f.Name, err)
		}
		is.setClass(f.Elem())
		p := part{name: f.Name, slot: slot, form: is, optional: f.Flag != "", flag: f.Type == "true"}
		if p.optional {
			word, bit, _ := strings.Cut(f.Flag, ".")
			p.word = words[word]
			if p.bit, err = strconv.Atoi(bit); err != nil {
				return nil, fmt.Errorf("%s.%s: %w", e.name, f.Name, err)
			}
		}
		out.index[f.Name] = len(out.parts)
		out.parts = append(out.parts, p)
		slot++
	}
	if slot != e.typ.NumField() {
		return nil, fmt.Errorf("%s has more fields than %s", e.typ, e.name)
	}
	return out, nil
}

// setClass tells a form which class its objects are of.
func (f *form) setClass(name string) {
	for ; f != nil; f = f.elem {
		if f.sort == aClass {
			f.class = name
		}
	}
}

// formOf tells from a Go type what is in it.
func formOf(t reflect.Type) (form, error) {
	is := form{typ: t}
	switch t {
	case reflect.TypeFor[bin.Int128]():
		is.sort = anInt128
		return is, nil
	case reflect.TypeFor[bin.Int256]():
		is.sort = anInt256
		return is, nil
	case reflect.TypeFor[[]byte]():
		is.sort = aBytes
		return is, nil
	}
	switch t.Kind() {
	case reflect.Int:
		is.sort = anInt
	case reflect.Int64:
		is.sort = aLong
	case reflect.Float64:
		is.sort = aDouble
	case reflect.String:
		is.sort = aString
	case reflect.Bool:
		is.sort = aBool
	case reflect.Struct:
		is.sort = anObject
	case reflect.Interface:
		is.sort = aClass
	case reflect.Slice:
		elem, err := formOf(t.Elem())
		if err != nil {
			return is, err
		}
		is.sort, is.elem = aVector, &elem
	default:
		return is, fmt.Errorf("it is a %s", t)
	}
	return is, nil
}
