package rawtl

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// filler puts JSON into gotd's objects.
type filler struct {
	ctx    context.Context
	schema *Schema
	peers  Peers
	top    *shape // the method's
}

func wrong(at *place, format string, args ...any) *Error {
	return &Error{Path: at.String(), Message: fmt.Sprintf(format, args...)}
}

// unpacked is what a setting means where a list or an object is wanted: the JSON
// that it holds.
func (n *node) unpacked(opening string, at *place) (*node, *Error) {
	if n.kind != isLoose || !strings.HasPrefix(strings.TrimSpace(n.text), opening) {
		return n, nil
	}
	inner, err := parse([]byte(n.text))
	if err != nil {
		return nil, wrong(at, "%s", err)
	}
	return &inner, nil
}

// object fills a struct of the given shape.
func (f *filler) object(n *node, v reflect.Value, s *shape, at *place) *Error {
	given := make([]bool, len(s.parts))
	for i := range n.fields {
		name, value := n.fields[i].name, &n.fields[i].value
		if names(name) {
			if e := f.named(value, s, at); e != nil {
				return e
			}
			continue
		}
		k, ok := s.index[name]
		if !ok {
			return f.noField(name, s, at)
		}
		p := &s.parts[k]
		if value.kind == isNull && p.optional {
			continue
		}
		there, e := f.part(value, v, p, at)
		if e != nil {
			return e
		}
		given[k] = there
		if there {
			p.give(v)
		}
	}
	return f.complete(v, s, given, at)
}

// part fills one field, and says whether it is there: a flag that is false is
// not.
func (f *filler) part(n *node, v reflect.Value, p *part, at *place) (bool, *Error) {
	slot := v.Field(p.slot)
	e := f.value(n, slot, &p.form, &place{at, p.name})
	return !p.flag || e == nil && slot.Bool(), e
}

// named holds the name that an object gives itself against what it has to be.
func (f *filler) named(n *node, s *shape, at *place) *Error {
	if n.kind != isText && n.kind != isLoose {
		return wrong(at.in("_"), "want the name of a constructor, found %s", n.found())
	}
	name, id, _ := strings.Cut(n.text, "#")
	if name != s.name {
		return wrong(at.in("_"), "want %s, found %q", s.name, short(n.text))
	}
	if e := sameID(f.schema.byName[name], id); e != nil {
		e.Path = at.in("_").String()
		return e
	}
	return nil
}

func (f *filler) noField(name string, s *shape, at *place) *Error {
	e := wrong(at, "there is no field %q", short(name))
	switch {
	case s.empty():
		e.Message += fmt.Sprintf(": %s has none", s.name)
	case strings.HasPrefix(name, "flags") && strings.Trim(name, "flags23456789") == "":
		e.Message += ": flags are set by the fields that are given"
	default:
		e.Message += ", but " + enumerate(s.names())
		e.Hint = didYouMean(nearest(name, s.names()))
	}
	return e
}

// complete fills what may be left out, and refuses what may not.
func (f *filler) complete(v reflect.Value, s *shape, given []bool, at *place) *Error {
	var missing []string
	for i := range s.parts {
		p := &s.parts[i]
		switch {
		case given[i], p.optional && !p.given(v):
		case p.flag: // the field that shares its bit is there
			v.Field(p.slot).SetBool(true)
		case p.optional:
			return wrong(at.in(p.name), "it is missing, and comes with %s", enumerate(sharing(s, p, given)))
		case p.name == "random_id" && f.draw(v, s, p):
		case s == f.top && pages(p):
		default:
			missing = append(missing, p.name)
		}
	}
	switch len(missing) {
	case 0:
		return nil
	case 1:
		return wrong(at, "%s is missing", missing[0])
	default:
		last := len(missing) - 1
		return wrong(at, "%s and %s are missing", strings.Join(missing[:last], ", "), missing[last])
	}
}

// sharing are the fields that are given and have the same bit.
func sharing(s *shape, p *part, given []bool) []string {
	var out []string
	for i, q := range s.parts {
		if given[i] && q.optional && q.word == p.word && q.bit == p.bit {
			out = append(out, q.name)
		}
	}
	return out
}

// pages says whether a number only says which part of a list is wanted. Such a
// number of a method may be left out.
func pages(p *part) bool {
	return (p.form.sort == anInt || p.form.sort == aLong) && pagesBy(p.name)
}

func pagesBy(name string) bool {
	return name == "hash" || name == "limit" || slices.ContainsFunc(strings.Split(name, "_"), func(word string) bool {
		return word == "offset" || word == "min" || word == "max"
	})
}

// class fills a field whose type has several constructors.
func (f *filler) class(n *node, v reflect.Value, is *form, at *place) *Error {
	n, e := n.unpacked("{", at)
	if e != nil {
		return e
	}
	name := n.text
	if n.kind == isObject {
		name = n.constructor()
	}
	bare, want, _ := strings.Cut(name, "#")
	known := f.schema.byName[bare]
	switch {
	case n.kind == isObject && name == "":
		return wrong(at, `want "_" with one of %s`, enumerate(f.schema.constructors(is.class)))
	case known != nil && n.kind != isNumber && slices.Contains(f.schema.classes[is.class], known):
		if e := sameID(known, want); e != nil {
			e.Path = at.String()
			return e
		}
		return f.constructed(n, v, known, at)
	case takesPeer(is.typ) && (n.kind == isText || n.kind == isLoose || n.kind == isNumber):
		return f.peer(n, v, is.typ, at)
	case n.kind == isObject, n.kind == isText, n.kind == isLoose:
		names := f.schema.constructors(is.class)
		e := wrong(at, "%q is no %s: want one of %s", short(name), is.class, enumerate(names))
		e.Hint = didYouMean(nearest(bare, names))
		return e
	case takesPeer(is.typ):
		return wrong(at, "want a name, a link, an id or an object of %s, found %s", is.class, n.found())
	default:
		return wrong(at, "want an object of %s (%s), found %s", is.class, enumerate(f.schema.constructors(is.class)), n.found())
	}
}

// constructed makes an object of a class. A bare name stands for one without
// fields.
func (f *filler) constructed(n *node, v reflect.Value, of *entry, at *place) *Error {
	made := reflect.New(of.typ)
	s, err := f.schema.layout(of)
	if err != nil {
		return wrong(at, "%s", err)
	}
	if n.kind != isObject {
		if !s.empty() {
			return wrong(at, `%s has fields (%s): want an object with "_"`, s.name, enumerate(s.names()))
		}
		n = &node{kind: isObject}
	}
	if e := f.object(n, made.Elem(), s, at); e != nil {
		return e
	}
	v.Set(made)
	return nil
}

// sameID refuses a name with the id of another layer. Without an id it has nothing
// to say.
func sameID(e *entry, want string) *Error {
	if want == "" {
		return nil
	}
	if have := fmt.Sprintf("%x", e.id); strings.TrimLeft(want, "0") != have {
		return &Error{Message: fmt.Sprintf("%s#%s is of another layer: in layer %d it is %s#%s", e.name, short(want), Layer, e.name, have)}
	}
	return nil
}
