package rawtl

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/tg"
)

// Layer is the layer of Telegram's schema that the types are of.
const Layer = tg.Layer

// Schema knows Telegram's methods and types, and the Go types that gotd has for
// them. It costs next to nothing to make, and learns a type when that is first
// needed. All methods may be called at once.
type Schema struct {
	once    sync.Once
	byName  map[string]*entry
	byType  map[reflect.Type]*entry
	classes map[string][]*entry // constructors by their type, in the order of the schema
}

// New returns a schema of which nothing is learnt yet.
func New() *Schema { return &Schema{} }

// entry is a method or a constructor.
type entry struct {
	name   string
	id     uint32
	line   string       // of the schema
	typ    reflect.Type // of the Go struct
	answer reflect.Type // what the answer to a method is decoded into

	once  sync.Once
	shape *shape
	err   error
}

// make returns a new object.
func (e *entry) make() bin.Object { return reflect.New(e.typ).Interface().(bin.Object) }

// learn reads the table, and holds each of its lines together with the Go types,
// which the generator has written in the same order.
func (s *Schema) learn() {
	s.once.Do(func() {
		constructors, methods := goTypes(), goMethods()
		n := len(constructors) + len(methods)
		s.byName, s.byType = make(map[string]*entry, n), make(map[reflect.Type]*entry, n)
		s.classes = make(map[string][]*entry, n/2)
		entries := make([]entry, n)
		for line := range schemaLines() {
			if wraps(line.text) {
				continue
			}
			e := &entries[0]
			entries = entries[1:]
			e.line = line.text
			e.name, e.id = nameOf(line.text)
			if line.method {
				e.typ, e.answer = pointedAt(methods[0][0]), pointedAt(methods[0][1])
				methods = methods[1:]
			} else {
				e.typ = pointedAt(constructors[0])
				constructors = constructors[1:]
				class := classOf(line.text)
				s.classes[class] = append(s.classes[class], e)
			}
			s.byName[e.name], s.byType[e.typ] = e, e
		}
	})
}

func pointedAt(nilPointer any) reflect.Type { return reflect.TypeOf(nilPointer).Elem() }

// shape returns the layout of a struct.
func (s *Schema) shape(t reflect.Type) (*shape, error) {
	s.learn()
	e, ok := s.byType[t]
	if !ok {
		return nil, fmt.Errorf("%s is no type of the schema", t)
	}
	return s.layout(e)
}

// layout returns the layout of a method or constructor.
func (s *Schema) layout(e *entry) (*shape, error) {
	e.once.Do(func() { e.shape, e.err = s.shapeOf(e) })
	return e.shape, e.err
}

// method returns a method, by name.
func (s *Schema) method(name string) (*entry, *Error) {
	s.learn()
	known, ok := s.byName[name]
	if ok && known.answer != nil {
		return known, nil
	}
	e := &Error{Message: fmt.Sprintf("there is no method %q in layer %d", short(name), Layer)}
	switch {
	case strings.HasPrefix(name, "invoke") || name == "initConnection":
		e.Message = name + " wraps another call, and is not called by itself"
		e.Hint = "call the inner method: the connection is wrapped already"
	case ok:
		e.Message = name + " is a constructor, not a method"
	default:
		e.Hint = didYouMean(meant(name, s.Methods()))
	}
	return nil, e
}

// Methods lists the methods by name.
func (s *Schema) Methods() []string {
	s.learn()
	var out []string
	for name, e := range s.byName {
		if e.answer != nil {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// constructors are the names of the constructors of a type.
func (s *Schema) constructors(class string) []string {
	var out []string
	for _, e := range s.classes[class] {
		out = append(out, e.name)
	}
	return out
}

// Constructor returns the id of a constructor of a type. If the type has none of
// that name, it returns 0 and the name that may be meant, or "".
func (s *Schema) Constructor(class, name string) (id uint32, near string) {
	s.learn()
	for _, e := range s.classes[class] {
		if e.name == name {
			return e.id, ""
		}
	}
	return 0, nearest(name, s.constructors(class))
}
