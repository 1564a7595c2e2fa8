package fakedc

import (
	_ "embed" // The tables are a file.
	"fmt"
	"strconv"
	"strings"
)

// nativeLayer is the layer of gotd, in which everything is built and read. What
// speaks another layer is translated at the edge.
//
// See https://core.telegram.org/api/invoking#layers.
const nativeLayer = 229

//go:embed layers.tl
var layerTables string

// layer is what one version of the API can say.
type layer struct {
	number int
	byID   map[uint32]*constructor
	byName map[string]*constructor
}

// constructor is one line of a TL schema, or one method: a method's result is in
// result then.
type constructor struct {
	id     uint32
	name   string
	fields []field
	result string
}

// field is a field of a constructor.
type field struct {
	name string
	kind tlType
	// flags names the field that says whether this one is there; empty for those
	// that always are.
	flags string
	bit   int
}

// tlType is the type of a field, taken apart.
type tlType struct {
	name string
	// of is what a vector holds.
	of *tlType
}

func (k tlType) String() string {
	if k.of != nil {
		return "Vector<" + k.of.String() + ">"
	}
	return k.name
}

// readLayers reads a table: lines of TL under the numbers of the layers that
// they are good for.
func readLayers(table string) (map[int]*layer, error) {
	layers := map[int]*layer{}
	var current []*layer
	for n, line := range strings.Split(table, "\n") {
		switch head, rest, _ := strings.Cut(line, " "); {
		case line == "", strings.HasPrefix(line, "//"):
		case head == "@":
			current = current[:0]
			for _, s := range strings.Fields(rest) {
				number, err := strconv.Atoi(s)
				if err != nil {
					return nil, fmt.Errorf("line %d: %w", n+1, err)
				}
				if layers[number] == nil {
					layers[number] = &layer{number: number, byID: map[uint32]*constructor{}, byName: map[string]*constructor{}}
				}
				current = append(current, layers[number])
			}
		default:
			c, err := readConstructor(line)
			if err != nil {
				return nil, fmt.Errorf("line %d: %w", n+1, err)
			}
			for _, l := range current {
				l.byID[c.id], l.byName[c.name] = c, c
			}
		}
	}
	return layers, nil
}

func readConstructor(line string) (*constructor, error) {
	left, result, ok := strings.Cut(line, " = ")
	words := strings.Fields(left)
	if !ok || len(words) == 0 {
		return nil, fmt.Errorf("not a constructor: %q", line)
	}
	name, hex, _ := strings.Cut(words[0], "#")
	id, err := strconv.ParseUint(hex, 16, 32)
	if err != nil {
		return nil, fmt.Errorf("id of %s: %w", name, err)
	}
	c := &constructor{id: uint32(id), name: name, result: result}
	for _, word := range words[1:] {
		name, kind, _ := strings.Cut(word, ":")
		f := field{name: name}
		if condition, rest, ok := strings.Cut(kind, "?"); ok {
			flags, bit, _ := strings.Cut(condition, ".")
			if f.bit, err = strconv.Atoi(bit); err != nil {
				return nil, fmt.Errorf("%s.%s: %w", c.name, name, err)
			}
			f.flags, kind = flags, rest
		}
		f.kind = readKind(kind)
		c.fields = append(c.fields, f)
	}
	return c, nil
}

func readKind(s string) tlType {
	inner, ok := strings.CutPrefix(s, "Vector<")
	if !ok {
		return tlType{name: s}
	}
	of := readKind(strings.TrimSuffix(inner, ">"))
	return tlType{of: &of}
}
