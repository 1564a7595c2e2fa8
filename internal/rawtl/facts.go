package rawtl

import (
	"slices"
	"strconv"
	"strings"
	"sync"
)

// BotsLayer is the layer whose pages say which methods bots may call.
const BotsLayer = 195

// Facts is what is known of the layer's methods, constructors and types by name.
// All methods may be called at once.
type Facts struct {
	all   map[string]*Combinator
	types map[string][]*Combinator // constructors, by the type they are of
	// returns are the methods by the type of their answers.
	returns map[string][]string
	names   []string
	cost    func() map[string]int
}

// Combinator is a method or a constructor.
type Combinator struct {
	Name   string
	ID     uint32
	Method bool
	Fields []Fact
	// Type is what a method returns, or what a constructor is of.
	Type string
	// Bots says that bots may call the method, as of [BotsLayer]. Where it is
	// false nothing is known.
	Bots   bool
	Errors []DocumentedError
}

// Fact is a field.
type Fact struct {
	Name, Type string
	// Flag is the flag word and bit of an optional field, as in "flags.3".
	Flag string
	// Peer says that a reference to a peer may stand in it.
	Peer bool
	// Omit says that it may be left out though it is not optional: "drawn" for a
	// random id, "0" for a number that only says which part of a list is wanted.
	Omit string
}

// DocumentedError is an error that a method's page lists.
type DocumentedError struct {
	Code int
	Type string
}

// LoadFacts reads the table.
func LoadFacts() *Facts {
	f := &Facts{
		all: make(map[string]*Combinator, 2600), types: make(map[string][]*Combinator, 900),
		returns: make(map[string][]string, 400),
	}
	f.cost = sync.OnceValue(f.costs)
	for line := range schemaLines() {
		f.add(combinatorOf(line))
	}
	for name := range f.types {
		f.names = append(f.names, name)
	}
	for name := range f.all {
		f.names = append(f.names, name)
	}
	slices.Sort(f.names)
	return f
}

func (f *Facts) add(c *Combinator) {
	f.all[c.Name] = c
	if c.Method {
		f.returns[c.Type] = append(f.returns[c.Type], c.Name)
		return
	}
	f.types[c.Type] = append(f.types[c.Type], c)
}

func combinatorOf(line schemaLine) *Combinator {
	c := &Combinator{Method: line.method, Type: classOf(line.text)}
	c.Name, c.ID = nameOf(line.text)
	for f := range fieldsOf(line.text) {
		if f.Type == "#" {
			continue
		}
		_, f.Peer = peerTypes()[f.Elem()]
		f.Omit = f.omitted(c.Method)
		c.Fields = append(c.Fields, f)
	}
	for _, note := range line.notes {
		if note == "bots" {
			c.Bots = true
		} else {
			c.errors(note)
		}
	}
	return c
}

// Elem is the type of the elements of a vector, or the type.
func (f Fact) Elem() string {
	if inner, ok := vectorOf(f.Type); ok {
		return inner
	}
	return f.Type
}

// vectorOf cuts the type of the elements out of a vector's, bare or not.
func vectorOf(typ string) (string, bool) {
	for _, prefix := range [...]string{"Vector<", "vector<"} {
		if inner, ok := strings.CutPrefix(typ, prefix); ok {
			return strings.TrimSuffix(inner, ">"), true
		}
	}
	return "", false
}

func (f Fact) omitted(method bool) string {
	switch {
	case f.Flag != "":
		return ""
	case f.Name == "random_id" && f.Type != "bytes":
		return "drawn"
	case method && (f.Type == "int" || f.Type == "long") && pagesBy(f.Name):
		return "0"
	default:
		return ""
	}
}

// errors reads a line with codes and types in turn.
func (c *Combinator) errors(line string) {
	words := strings.Fields(line)
	for i := 0; i+1 < len(words); i += 2 {
		code, _ := strconv.Atoi(words[i])
		c.Errors = append(c.Errors, DocumentedError{code, words[i+1]})
	}
}

// Wrapper says that the method wraps another call, and is not called by itself.
func (c *Combinator) Wrapper() bool {
	return c.Method && slices.ContainsFunc(c.Fields, func(f Fact) bool { return f.Type == "!X" })
}

// Combinator returns the method or constructor with that name, or nil.
func (f *Facts) Combinator(name string) *Combinator { return f.all[name] }

// Constructors returns those of a type, in the order of the schema.
func (f *Facts) Constructors(typ string) []*Combinator { return f.types[typ] }

// Returning returns the names of the methods that answer with a type, or with a
// list of it.
func (f *Facts) Returning(typ string) []string {
	return slices.Concat(f.returns[typ], f.returns["Vector<"+typ+">"])
}

// Basic says what stands in JSON for a basic type of TL; "" for every other one.
func Basic(name string) string {
	switch name {
	case "int", "#":
		return "a whole number from -2147483648 to 2147483647"
	case "long":
		return "a whole number of 64 bits, or one in a string"
	case "double":
		return "a number"
	case "string":
		return "a string"
	case "bytes":
		return "a string in base64"
	case "int128", "int256":
		return "a string of hexadecimal digits"
	case "Vector", "vector":
		return "a list"
	default:
		return ""
	}
}

// Nearest returns the name that may be meant, or "".
func (f *Facts) Nearest(name string) string { return meant(name, f.names) }

// Methods returns the names of the methods that can be called, in their order.
func (f *Facts) Methods() []string {
	return f.selected(func(name string) bool {
		c := f.all[name]
		return c != nil && c.Method && !c.Wrapper()
	})
}

// Types returns the names of the types, in their order.
func (f *Facts) Types() []string {
	return f.selected(func(name string) bool { return f.types[name] != nil })
}

// Search returns the methods, constructors and types whose name has a word in it,
// in any case, and the methods that document an error with it.
func (f *Facts) Search(word string) []string {
	word = strings.ToLower(word)
	return f.selected(func(name string) bool {
		if strings.Contains(strings.ToLower(name), word) {
			return true
		}
		c := f.all[name]
		return c != nil && slices.ContainsFunc(c.Errors, func(e DocumentedError) bool {
			return strings.Contains(strings.ToLower(e.Type), word)
		})
	})
}

func (f *Facts) selected(is func(string) bool) []string {
	var out []string
	for _, name := range f.names {
		if is(name) {
			out = append(out, name)
		}
	}
	return slices.Compact(out)
}
