package rawtl

import (
	"bytes"
	"compress/gzip"
	"flag"
	"fmt"
	"go/format"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the tables anew")

// TestTablesAreCurrent makes the tables out of what gotd ships and compares. With
// -update it writes them, which is what go generate does.
func TestTablesAreCurrent(t *testing.T) {
	sources := readSources(t)
	results, err := format.Source(sources.results())
	if err != nil {
		t.Fatal(err)
	}
	facts := sources.facts()
	if *update {
		var packed bytes.Buffer
		z, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := z.Write(facts); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		writeFile(t, "results_gen.go", results)
		writeFile(t, "facts.gz", packed.Bytes())
		return
	}
	if have := readFile(t, "results_gen.go"); !bytes.Equal(have, results) {
		t.Error("results_gen.go is not what gotd's sources make: run go generate")
	}
	z, err := gzip.NewReader(bytes.NewReader(readFile(t, "facts.gz")))
	if err != nil {
		t.Fatal(err)
	}
	if have, err := io.ReadAll(z); err != nil || !bytes.Equal(have, facts) {
		t.Errorf("facts.gz is not what gotd's sources make: run go generate (%v)", err)
	}
}

func writeFile(t *testing.T, name string, content []byte) {
	t.Helper()
	if err := os.WriteFile(name, content, 0o644); err != nil {
		t.Fatal(err)
	}
}

func readFile(t testing.TB, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// sources are the facts in gotd's module: its schema, what its client decodes
// answers into, and the errors that its comments list.
type sources struct {
	lines   []string            // of the schema, constructors first
	methods int                 // the index of the first method
	ids     map[string]string   // method name to the constant of its id
	answers map[string]string   // method name to the type of its answer
	errors  map[string][]string // method name to "400 TYPE"
	bots    map[string]bool
}

var (
	combinator = regexp.MustCompile(`^([\w.]+)#([0-9a-f]+) (.*)= ([\w.<>]+);$`)
	invokes    = regexp.MustCompile(`(?m)^// \w+ invokes method ([\w.]+)#[0-9a-f]+ returning error if any\.$`)
	documented = regexp.MustCompile(`(?m)^//\t(-?\d+) ([A-Z][A-Z0-9_]*): `)
	decoded    = regexp.MustCompile(`(?m)^\tvar (?:result|ok) (\w+)$`)
	constants  = regexp.MustCompile(`(?m)^// (\w+TypeID) is TL type id of \w+\.\nconst \w+ = 0x([0-9a-f]+)$`)
)

var basics = []string{"int", "long", "double", "string", "bytes"}

func readSources(t *testing.T) *sources {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/gotd/td").Output()
	if err != nil {
		t.Fatal(err)
	}
	dir := strings.TrimSpace(string(out))
	s := &sources{
		ids: map[string]string{}, answers: map[string]string{}, errors: map[string][]string{}, bots: map[string]bool{},
	}
	var methods []string
	into := &s.lines
	for line := range strings.Lines(string(readFile(t, filepath.Join(dir, "_schema", "telegram.tl")))) {
		switch line = strings.TrimSpace(line); line {
		case "---functions---":
			into = &methods
		case "---types---":
			into = &s.lines
		default:
			// The lines of int and its like say nothing.
			if m := combinator.FindStringSubmatch(line); m != nil && !slices.Contains(basics, m[1]) {
				*into = append(*into, line)
			}
		}
	}
	s.methods = len(s.lines)
	s.lines = append(s.lines, methods...)

	names := map[string]string{} // id to constant
	files, err := filepath.Glob(filepath.Join(dir, "tg", "tl_*_gen.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		source := string(readFile(t, file))
		if !strings.Contains(source, "\nfunc (c *Client) ") {
			continue // no method
		}
		for _, m := range constants.FindAllStringSubmatch(source, -1) {
			names[m[2]] = m[1]
		}
		for _, at := range invokes.FindAllStringSubmatchIndex(source, -1) {
			name, rest := source[at[2]:at[3]], source[at[1]:]
			comment, body, _ := strings.Cut(rest, "\nfunc (c *Client) ")
			body, _, _ = strings.Cut(body, "\n}\n")
			for _, m := range documented.FindAllStringSubmatch(comment, -1) {
				s.errors[name] = append(s.errors[name], m[1]+" "+m[2])
			}
			if m := decoded.FindStringSubmatch(body); m != nil {
				s.answers[name] = m[1]
			}
		}
	}
	for _, line := range s.lines[s.methods:] {
		m := combinator.FindStringSubmatch(line)
		if strings.Contains(line, "!X") {
			delete(s.answers, m[1])
			continue
		}
		id, ok := names[m[2]]
		if !ok || s.answers[m[1]] == "" {
			t.Errorf("gotd has no %s, or does not say what it answers", m[1])
		}
		s.ids[m[1]] = id
	}
	for line := range strings.Lines(string(readFile(t, "bots.txt"))) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			s.bots[line] = true
			if _, ok := s.ids[line]; !ok {
				t.Errorf("bots.txt names %s, which is no method of the layer", line)
			}
		}
	}
	return s
}

// results writes the Go file that says what decodes an answer. A switch costs
// nothing at the start of the program, and no method is looked up by reflection:
// that would make the linker keep all of them.
func (s *sources) results() []byte {
	var b bytes.Buffer
	fmt.Fprint(&b, "// Code generated by go test -run TestTablesAreCurrent -update; DO NOT EDIT.\n\n")
	fmt.Fprint(&b, "package rawtl\n\nimport (\n\t\"github.com/gotd/td/bin\"\n\t\"github.com/gotd/td/tg\"\n)\n\n")
	fmt.Fprint(&b, "// newResult returns what the answer to a method is decoded into, or nil for what is\n// no method.\n")
	fmt.Fprint(&b, "func newResult(id uint32) bin.Decoder {\n\tswitch id {\n")
	byResult := map[string][]string{}
	for name, result := range s.answers {
		byResult[result] = append(byResult[result], "tg."+s.ids[name])
	}
	for _, result := range slices.Sorted(maps.Keys(byResult)) {
		ids := byResult[result]
		slices.Sort(ids)
		fmt.Fprintf(&b, "\tcase %s:\n\t\treturn new(tg.%s)\n", strings.Join(ids, ",\n\t\t"), result)
	}
	fmt.Fprint(&b, "\t}\n\treturn nil\n}\n\n")
	fmt.Fprint(&b, "// boolWithFlag says that an optional field is a Bool of its own, not a flag alone:\n// in Go both are a bool.\n")
	fmt.Fprint(&b, "func boolWithFlag(id uint32, field string) bool {\n\tswitch id {\n")
	for _, line := range s.lines {
		var fields []string
		for f := range strings.FieldsSeq(line) {
			if name, typ, ok := strings.Cut(f, ":"); ok && strings.HasSuffix(typ, "?Bool") {
				fields = append(fields, fmt.Sprintf("%q", name))
			}
		}
		if m := combinator.FindStringSubmatch(line); len(fields) > 0 {
			fmt.Fprintf(&b, "\tcase 0x%s: // %s\n\t\tswitch field {\n\t\tcase %s:\n\t\t\treturn true\n\t\t}\n",
				m[2], m[1], strings.Join(fields, ", "))
		}
	}
	fmt.Fprint(&b, "\t}\n\treturn false\n}\n")
	return b.Bytes()
}

// facts writes what describe tells: the lines of the schema without their ids'
// sizes, and after a method a line that says whether bots may call it and which
// errors it documents.
func (s *sources) facts() []byte {
	var b bytes.Buffer
	for i, line := range s.lines {
		if i == s.methods {
			fmt.Fprintln(&b, "---functions---")
		}
		fmt.Fprintln(&b, strings.TrimSuffix(line, ";"))
		if i < s.methods {
			continue
		}
		name := combinator.FindStringSubmatch(line)[1]
		if s.bots[name] {
			fmt.Fprintln(&b, "\tbots")
		}
		if list := s.errors[name]; len(list) > 0 {
			fmt.Fprintln(&b, "\t"+strings.Join(list, " "))
		}
	}
	return b.Bytes()
}
