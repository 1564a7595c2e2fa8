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

// Schema is what the types of gotd say of themselves. It costs next to nothing to
// make, and learns a type when that is first needed. All methods may be called at
// once.
type Schema struct {
	once    sync.Once
	ids     map[string]uint32
	types   map[uint32]func() bin.Object
	classes map[string]*class // by the name of the Go interface, folded

	shapes sync.Map // reflect.Type to *shape
}

// New returns a schema of which nothing is learnt yet.
func New() *Schema { return &Schema{} }

// class is a type with several constructors.
type class struct {
	name string
	ids  []uint32
}

// learn reads the registry, which makes new maps whenever it is asked.
func (s *Schema) learn() {
	s.once.Do(func() {
		s.ids, s.types = tg.NamesMap(), tg.TypesConstructorMap()
		all := tg.ClassConstructorsMap()
		s.classes = make(map[string]*class, len(all))
		for name, ids := range all {
			s.classes[strings.ToLower(strings.ReplaceAll(name, ".", ""))+"class"] = &class{name, ids}
		}
	})
}

// class returns the class that a Go interface stands for.
func (s *Schema) class(t reflect.Type) (*class, error) {
	s.learn()
	if c, ok := s.classes[strings.ToLower(t.Name())]; ok {
		return c, nil
	}
	return nil, fmt.Errorf("no class is known for %s", t)
}

// shape returns the layout of a struct.
func (s *Schema) shape(t reflect.Type) (*shape, error) {
	if known, ok := s.shapes.Load(t); ok {
		return known.(*shape), nil
	}
	made, err := s.shapeOf(t)
	if err != nil {
		return nil, err
	}
	known, _ := s.shapes.LoadOrStore(t, made)
	return known.(*shape), nil
}

// shapeOfID returns the layout of a constructor.
func (s *Schema) shapeOfID(id uint32) (*shape, error) {
	s.learn()
	return s.shape(reflect.TypeOf(s.types[id]()).Elem())
}

// name returns the name of a constructor, empty for one that is not known.
func (s *Schema) name(id uint32) string {
	if shape, err := s.shapeOfID(id); err == nil {
		return shape.name
	}
	return ""
}

// names are the constructors of a class, in the order of the schema.
func (s *Schema) names(c *class) []string {
	out := make([]string, len(c.ids))
	for i, id := range c.ids {
		out[i] = s.name(id)
	}
	return out
}

// make returns a new object of a constructor.
func (s *Schema) make(id uint32) bin.Object {
	s.learn()
	return s.types[id]()
}

// method returns the id of a method, by name.
func (s *Schema) method(name string) (uint32, *Error) {
	s.learn()
	id, ok := s.ids[name]
	if ok && newResult(id) != nil {
		return id, nil
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
	return 0, e
}

// Methods lists the methods by name.
func (s *Schema) Methods() []string {
	s.learn()
	var out []string
	for name, id := range s.ids {
		if newResult(id) != nil {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}
