package bot

import (
	"fmt"
	"strings"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/internal/rawtl"
)

// Schema is what is known of Telegram's methods and types. It needs no session
// file and asks nobody.
type Schema struct{ facts *rawtl.Facts }

// OpenSchema reads the schema that is part of the program.
func OpenSchema() *Schema { return &Schema{rawtl.LoadFacts()} }

// Describe tells of a method, a constructor or a type.
func (s *Schema) Describe(name string) (answer.Description, error) {
	name, _, _ = strings.Cut(strings.TrimSpace(name), "#")
	if c := s.facts.Combinator(name); c != nil {
		out := s.described(c)
		out.Example = s.facts.Example(name)
		return out, nil
	}
	constructors := s.facts.Constructors(name)
	if constructors == nil {
		if means := rawtl.Basic(name); means != "" {
			return answer.Description{}, answer.Errorf(answer.Usage, "%s is a basic type, and made of nothing else", name).
				WithHint("in JSON it is %s", means)
		}
		e := answer.Errorf(answer.Usage, "layer %d has no %q", rawtl.Layer, name)
		if near := s.facts.Nearest(name); near != "" {
			return answer.Description{}, e.WithHint("did you mean: %s", near)
		}
		return answer.Description{}, e.WithHint("seen describe --search WORD finds names")
	}
	out := answer.Description{
		Layer: rawtl.Layer, Kind: "type", Name: name, Methods: s.facts.Returning(name),
		Page: "https://core.telegram.org/type/" + name,
	}
	for _, c := range constructors {
		out.Constructors = append(out.Constructors, s.described(c))
	}
	return out, nil
}

func (s *Schema) described(c *rawtl.Combinator) answer.Description {
	out := answer.Description{Layer: rawtl.Layer, Name: c.Name, ID: fmt.Sprintf("%08x", c.ID)}
	out.Kind = "constructor"
	out.Type = c.Type
	if c.Method {
		out.Kind = "method"
		out.Type, out.Returns = "", c.Type
	}
	if c.Bots {
		out.Bots, out.BotsLayer = true, rawtl.BotsLayer
	}
	for _, f := range c.Fields {
		out.Fields = append(out.Fields, answer.FieldDescription{
			Name: f.Name, Type: f.Type, Optional: f.Flag != "", Default: f.Omit, Peer: f.Peer,
		})
	}
	for _, e := range c.Errors {
		out.Errors = append(out.Errors, answer.DocumentedError{Type: e.Type, Code: e.Code})
	}
	out.Page = "https://core.telegram.org/" + out.Kind + "/" + c.Name
	return out
}

// Methods lists the methods that can be called.
func (s *Schema) Methods() []answer.SchemaName { return s.kinds(s.facts.Methods()) }

// Types lists the types.
func (s *Schema) Types() []answer.SchemaName { return s.kinds(s.facts.Types()) }

// Search lists what has a word in its name, in any case, and the methods that
// document an error with it.
func (s *Schema) Search(word string) []answer.SchemaName { return s.kinds(s.facts.Search(word)) }

func (s *Schema) kinds(names []string) []answer.SchemaName {
	out := make([]answer.SchemaName, len(names))
	for i, name := range names {
		out[i] = answer.SchemaName{Kind: "type", Name: name}
		if c := s.facts.Combinator(name); c != nil {
			out[i].Kind = "constructor"
			if c.Method {
				out[i].Kind = "method"
			}
		}
	}
	return out
}

// Constructors lists those of a type by name, in the order of the schema.
func (s *Schema) Constructors(typ string) []string {
	var out []string
	for _, c := range s.facts.Constructors(typ) {
		out = append(out, c.Name)
	}
	return out
}

// FieldsIn lists the fields that may be set at a path into a call of a method:
// those of all constructors that may stand there, each once. The empty path is the
// call itself.
func (s *Schema) FieldsIn(method, path string) []answer.FieldDescription {
	c := s.facts.Combinator(method)
	if c == nil || !c.Method {
		return nil
	}
	at := []*rawtl.Combinator{c}
	for step := range strings.SplitSeq(path, ".") {
		if step == "" || strings.Trim(step, "0123456789") == "" {
			continue // the elements of a list are of the type that the list is of
		}
		f, ok := fieldOf(at, step)
		if !ok {
			return nil
		}
		at = s.facts.Constructors(f.Elem())
	}
	var out []answer.FieldDescription
	known := map[string]bool{}
	if len(at) > 1 {
		out = append(out, answer.FieldDescription{Name: "_", Type: at[0].Type})
	}
	for _, c := range at {
		for _, f := range s.described(c).Fields {
			if !known[f.Name] {
				known[f.Name] = true
				out = append(out, f)
			}
		}
	}
	return out
}

// Field returns the field at a path into a call of a method.
func (s *Schema) Field(method, path string) (answer.FieldDescription, bool) {
	before, name := "", path
	if i := strings.LastIndexByte(path, '.'); i >= 0 {
		before, name = path[:i], path[i+1:]
	}
	if strings.Trim(name, "0123456789") == "" && before != "" {
		return s.Field(method, before)
	}
	for _, f := range s.FieldsIn(method, before) {
		if f.Name == name {
			return f, true
		}
	}
	return answer.FieldDescription{}, false
}

// Values lists the words that may stand in a field, where that is some of a few.
func (s *Schema) Values(f answer.FieldDescription) []string {
	if f.Type == "Bool" || f.Type == "true" {
		return []string{"true", "false"}
	}
	if f.Name == "_" {
		return s.Constructors(f.Type)
	}
	var out []string
	for _, c := range s.facts.Constructors(rawtl.Fact{Type: f.Type}.Elem()) {
		if len(c.Fields) == 0 {
			out = append(out, c.Name)
		}
	}
	return out
}

func fieldOf(list []*rawtl.Combinator, name string) (rawtl.Fact, bool) {
	for _, c := range list {
		for _, f := range c.Fields {
			if f.Name == name {
				return f, true
			}
		}
	}
	return rawtl.Fact{}, false
}
