package main

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/internal/control"
)

// comments are what the Go source says of everything that crosses a door.
type comments struct {
	structs map[string]structure
	methods map[string]string // of control.Bot: what each does
	codes   []field           // of answer.Error
}

type structure struct {
	doc  string
	body *ast.StructType
}

// field is one field of a JSON object.
type field struct {
	name, kind, doc string
	optional        bool
}

func readSource(t *testing.T) comments {
	t.Helper()
	src := comments{structs: map[string]structure{}, methods: map[string]string{}}
	for _, dir := range []string{"../../internal/answer", "../../session", "../../internal/control", "."} {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatal("no source: ", dir, err)
		}
		for _, path := range files {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(gotoken.NewFileSet(), path, nil, parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			src.read(dir, file)
		}
	}
	return src
}

func (src *comments) read(dir string, file *ast.File) {
	for _, decl := range file.Decls {
		gen, ok := decl.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range gen.Specs {
			if value, ok := spec.(*ast.ValueSpec); ok {
				src.code(value)
			}
			spec, ok := spec.(*ast.TypeSpec)
			if !ok {
				continue
			}
			doc := cmp.Or(spec.Doc.Text(), gen.Doc.Text())
			switch body := spec.Type.(type) {
			case *ast.StructType:
				// The first package that has a name is the one that crosses.
				name := exported(spec.Name.Name)
				if _, taken := src.structs[name]; !taken && tagged(body) {
					src.structs[name] = structure{doc, body}
				}
			case *ast.InterfaceType:
				if name := spec.Name.Name; (name == "Bot" || name == "Raw") && strings.HasSuffix(dir, "control") {
					for _, m := range body.Methods.List {
						if len(m.Names) == 0 {
							continue // it is Raw
						}
						src.methods[strings.ToLower(m.Names[0].Name)] = firstSentence(m.Doc.Text(), m.Names[0].Name)
					}
				}
			}
		}
	}
}

// code takes note of a constant, if it is the code of an error.
func (src *comments) code(spec *ast.ValueSpec) {
	if typ, ok := spec.Type.(*ast.Ident); !ok || typ.Name != "Code" || len(spec.Values) != 1 {
		return
	}
	value, _ := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
	doc := strings.NewReplacer("Message", "message", "RetryAfter", "retry_after").Replace(sentence(spec.Comment.Text(), ""))
	exit := answer.Code(value).Exit()
	src.codes = append(src.codes, field{name: value, kind: "exit " + strconv.Itoa(exit), doc: doc})
}

// tagged reports whether a struct is JSON's, or has no fields at all.
func tagged(s *ast.StructType) bool {
	for _, f := range s.Fields.List {
		if f.Tag == nil && len(f.Names) > 0 && f.Names[0].IsExported() {
			return false
		}
	}
	return true
}

// reachable are the types and those in their fields, by name.
func (src comments) reachable(types []string) []string {
	found := make(map[string]bool)
	var reach func(string)
	reach = func(name string) {
		if _, ok := src.structs[name]; !ok || found[name] {
			return
		}
		found[name] = true
		for _, f := range src.fields(name) {
			for _, word := range strings.Fields(f.kind) {
				reach(word)
			}
		}
	}
	for _, name := range types {
		reach(name)
	}
	var out []string
	for name := range found {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

func (src comments) fields(name string) (out []field) {
	s := src.structs[name]
	var goNames, jsonNames []string
	for _, f := range s.body.Fields.List {
		if len(f.Names) == 0 { // what is embedded has its fields here
			out = append(out, src.fields(exported(src.kind(f.Type)))...)
			continue
		}
		if f.Tag == nil {
			continue
		}
		raw, _ := strconv.Unquote(f.Tag.Value)
		tag, options, _ := strings.Cut(reflect.StructTag(raw).Get("json"), ",")
		if tag == "" || tag == "-" {
			continue
		}
		goNames, jsonNames = append(goNames, f.Names[0].Name), append(jsonNames, tag)
		out = append(out, field{
			name: tag, kind: src.kind(f.Type), doc: f.Doc.Text(), optional: strings.Contains(options, "omit"),
		})
	}
	for i, f := range out {
		for j, name := range goNames {
			f.doc = regexp.MustCompile(`\b`+name+`\b`).ReplaceAllString(f.doc, jsonNames[j])
		}
		f.doc = strings.ReplaceAll(f.doc, "bot API", "Bot API")
		out[i].doc = sentence(f.doc, f.name)
	}
	return out
}

// kind is what JSON makes of a Go type.
func (src comments) kind(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return src.kind(e.X)
	case *ast.ArrayType:
		return "list of " + src.kind(e.Elt)
	case *ast.MapType:
		return "map to " + src.kind(e.Value)
	case *ast.SelectorExpr:
		switch e.Sel.Name {
		case "Time":
			return "time"
		case "RawMessage":
			return "any"
		}
		return src.kind(e.Sel)
	case *ast.Ident:
		switch e.Name {
		case "string", "bool":
			return e.Name
		case "int", "int32", "int64", "uint32", "uint64", "float64":
			return "number"
		}
		return exported(e.Name)
	}
	return fmt.Sprintf("%T", e)
}

// sentence is a comment on one line, without the name that it begins with and
// without its last full stop.
func sentence(doc, name string) string {
	text := strings.Join(strings.Fields(doc), " ")
	text = strings.NewReplacer("[", "", "]", "").Replace(text)
	for _, prefix := range []string{name + " is ", name + " are ", name + " "} {
		if len(text) < len(prefix) || !strings.EqualFold(text[:len(prefix)], prefix) {
			continue
		}
		if rest := text[len(prefix):]; !strings.HasPrefix(rest, "and ") {
			text = rest
			break
		}
	}
	return strings.TrimSuffix(text, ".")
}

// firstSentence is what a method does; the rest is for who calls it in Go.
func firstSentence(doc, name string) string {
	first, _, _ := strings.Cut(sentence(doc, name), ". ")
	return first
}

// objects is the reference of the types, in the order of their names.
func (src comments) objects(types []string) string {
	var out strings.Builder
	out.WriteString("Code\n  Tells programs what went wrong\n")
	for _, c := range src.codes {
		head := fmt.Sprintf("    %-16s %-15s ", c.name, c.kind)
		out.WriteString(wrapped(head, strings.Repeat(" ", len(head)), c.doc))
	}
	for _, name := range src.reachable(types) {
		out.WriteString("\n")
		fmt.Fprintf(&out, "%s\n", name)
		out.WriteString(wrapped("  ", "  ", exported(sentence(src.structs[name].doc, name))))
		for _, f := range src.fields(name) {
			kind := f.kind
			if f.optional {
				kind += "?"
			}
			head := fmt.Sprintf("    %-16s %-15s ", f.name, kind)
			out.WriteString(wrapped(head, strings.Repeat(" ", len(head)), f.doc))
		}
	}
	return out.String()
}

// routes is the reference of the routes, in the order of the code.
func (src comments) routes(t *testing.T) string {
	const width = 26
	others := map[string]string{
		"/healthz":      "tells whether the daemon works: that it can write its session file",
		"/readyz":       "tells whether the bot is signed in and connected as well",
		"/metrics":      "tells Prometheus what was counted, if the daemon runs with --metrics",
		"/debug/pprof/": "lists the profiles of Go's runtime, and gives them; by the socket alone",
	}
	var out strings.Builder
	for _, r := range control.Routes() {
		does, ok := others[r.Path]
		if name, found := strings.CutPrefix(r.Path, "/v1/"); found {
			does, ok = src.methods[strings.NewReplacer("-", "", "/", "").Replace(name)]
		}
		if !ok {
			t.Errorf("%s %s: nothing says what it does", r.Method, r.Path)
		}
		head := fmt.Sprintf("  %-*s", width-2, r.Method+" "+r.Path)
		if len(head) > width {
			head += " "
		}
		out.WriteString(wrapped(head, strings.Repeat(" ", width), exported(does)))
		takes := several(r.Takes, r.TakesMany)
		if gives := several(r.Gives, r.GivesMany); gives != "nothing" {
			fmt.Fprintf(&out, "%*s%s -> %s\n", width, "", takes, gives)
		}
	}
	return out.String()
}

func several(name string, many bool) string {
	switch {
	case name == "":
		return "nothing"
	case many:
		return exported(name) + ", one per line"
	default:
		return exported(name)
	}
}

// wrapped is a text in lines of the help texts' width.
func wrapped(first, rest, text string) string {
	const width = 96
	line, begun := first, false
	var out strings.Builder
	for _, word := range strings.Fields(text) {
		if begun && len(line)+1+len(word) > width {
			out.WriteString(strings.TrimRight(line, " ") + "\n")
			line, begun = rest, false
		}
		if begun {
			line += " "
		}
		line, begun = line+word, true
	}
	return out.String() + strings.TrimRight(line, " ") + "\n"
}
