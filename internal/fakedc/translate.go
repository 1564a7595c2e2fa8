package fakedc

import (
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gotd/td/bin"
)

// untranslatable says which constructor a layer lacks, or cannot carry.
type untranslatable struct {
	layer int
	what  string
}

func (e *untranslatable) Error() string {
	return fmt.Sprintf("layer %d has no %s", e.layer, e.what)
}

// object is a value that was read in one layer and is to be written in another.
type object struct {
	name   string
	fields map[string]any
}

// deepestObject is more than any message needs.
const deepestObject = 64

// translate rewrites one boxed value, or a vector of them, from one layer to
// another. Optional fields that the other layer does not have are left out, as
// Telegram leaves them out, unless strict says that each was meant; what has no place
// at all is an error.
func translate(from, to *layer, body []byte, strict bool) ([]byte, error) {
	r := tlReader{layer: from, b: &bin.Buffer{Buf: body}}
	v, err := r.value(tlType{name: "Object"}, 0)
	if err != nil {
		return nil, err
	}
	if r.b.Len() != 0 {
		return nil, fmt.Errorf("%d bytes too many", r.b.Len())
	}
	w := tlWriter{layer: to, b: &bin.Buffer{}, strict: strict}
	if err := w.value(tlType{name: "Object"}, adapt(v, from, to)); err != nil {
		return nil, err
	}
	return w.b.Buf, nil
}

// tlReader reads values of a layer.
type tlReader struct {
	layer *layer
	b     *bin.Buffer
}

func (r tlReader) value(k tlType, depth int) (any, error) {
	if depth > deepestObject {
		return nil, errors.New("nested too deep")
	}
	if k.of != nil {
		if err := r.b.ConsumeID(bin.TypeVector); err != nil {
			return nil, err
		}
		return r.vector(*k.of, depth)
	}
	switch k.name {
	case "int", "#":
		return r.b.Int32()
	case "long":
		return r.b.Long()
	case "double":
		return r.b.Double()
	case "string", "bytes":
		return r.b.Bytes()
	case "int128":
		return r.b.Int128()
	case "int256":
		return r.b.Int256()
	}
	return r.boxed(depth)
}

func (r tlReader) vector(of tlType, depth int) (any, error) {
	n, err := r.b.Int()
	if err != nil {
		return nil, err
	}
	list := []any{}
	for range n {
		v, err := r.value(of, depth+1)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, nil
}

func (r tlReader) boxed(depth int) (any, error) {
	id, err := r.b.ID()
	if err != nil {
		return nil, err
	}
	switch id {
	case bin.TypeTrue:
		return true, nil
	case bin.TypeFalse:
		return false, nil
	case bin.TypeVector:
		return r.vector(tlType{name: "Object"}, depth)
	}
	c := r.layer.byID[id]
	if c == nil {
		return nil, &untranslatable{r.layer.number, fmt.Sprintf("constructor %#x", id)}
	}
	o := object{name: c.name, fields: make(map[string]any, len(c.fields))}
	for _, f := range c.fields {
		if f.flags != "" {
			set, _ := o.fields[f.flags].(int32)
			if set&(1<<f.bit) == 0 {
				continue
			}
			if f.kind.name == "true" {
				o.fields[f.name] = struct{}{}
				continue
			}
		}
		v, err := r.value(f.kind, depth+1)
		if err != nil {
			return nil, fmt.Errorf("%s.%s: %w", c.name, f.name, err)
		}
		o.fields[f.name] = v
	}
	return o, nil
}

// tlWriter writes values in a layer.
type tlWriter struct {
	layer  *layer
	b      *bin.Buffer
	strict bool
}

func (w tlWriter) value(k tlType, v any) error {
	switch v := v.(type) {
	case int32:
		w.b.PutInt32(v)
	case int64:
		w.b.PutLong(v)
	case float64:
		w.b.PutDouble(v)
	case []byte:
		w.b.PutBytes(v)
	case bin.Int128:
		w.b.PutInt128(v)
	case bin.Int256:
		w.b.PutInt256(v)
	case bool:
		w.b.PutBool(v)
	case []any:
		of := tlType{name: "Object"}
		if k.of != nil {
			of = *k.of
		}
		w.b.PutVectorHeader(len(v))
		for _, x := range v {
			if err := w.value(of, x); err != nil {
				return err
			}
		}
	case object:
		return w.object(v)
	default:
		return fmt.Errorf("cannot write %T", v)
	}
	return nil
}

func (w tlWriter) object(o object) error {
	c := w.layer.byName[o.name]
	if c == nil {
		return &untranslatable{w.layer.number, o.name}
	}
	if name := c.lacks(o); w.strict && name != "" {
		return &untranslatable{w.layer.number, o.name + " with " + name}
	}
	w.b.PutID(c.id)
	at := map[string]int{}
	for _, f := range c.fields {
		if f.kind.name == "#" {
			at[f.name] = w.b.Len()
			w.b.PutInt32(0)
			continue
		}
		v, ok := o.fields[f.name]
		switch {
		case !ok && f.flags == "":
			return &untranslatable{w.layer.number, o.name + " without " + f.name}
		case !ok:
			continue
		case f.flags != "":
			bits := w.b.Buf[at[f.flags]:]
			binary.LittleEndian.PutUint32(bits, binary.LittleEndian.Uint32(bits)|1<<f.bit)
		}
		if f.kind.name == "true" && v == (struct{}{}) {
			continue
		}
		if !fits(f.kind, v) {
			return &untranslatable{w.layer.number, fmt.Sprintf("%s with such a %s", o.name, f.name)}
		}
		if err := w.value(f.kind, v); err != nil {
			return fmt.Errorf("%s.%s: %w", o.name, f.name, err)
		}
	}
	return nil
}

// lacks is a field of o that c has no place for.
func (c *constructor) lacks(o object) string {
	for _, name := range slices.Sorted(maps.Keys(o.fields)) {
		if _, isFlags := o.fields[name].(int32); isFlags && strings.HasPrefix(name, "flags") {
			continue
		}
		if !slices.ContainsFunc(c.fields, func(f field) bool { return f.name == name }) {
			return name
		}
	}
	return ""
}

// fits says whether a value that another layer has can stand in a field.
func fits(t tlType, v any) bool {
	switch v.(type) {
	case int32:
		return t.name == "int"
	case int64:
		return t.name == "long"
	case float64:
		return t.name == "double"
	case []byte:
		return t.name == "string" || t.name == "bytes"
	case bin.Int128:
		return t.name == "int128"
	case bin.Int256:
		return t.name == "int256"
	case struct{}:
		return t.name == "true"
	case []any:
		return t.of != nil
	}
	switch t.name {
	case "int", "long", "double", "string", "bytes", "int128", "int256", "true":
		return false
	}
	return t.of == nil
}
