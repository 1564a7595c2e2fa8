package rawtl

import (
	"bytes"
	"compress/gzip"
	_ "embed" // for the table
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"
)

// packed is what go generate makes of the schema that gotd ships, of the errors
// that its comments list, and of bots.txt.
//
//go:embed facts.gz
var packed []byte

// schemaLine is a line of the schema, with what is noted below it.
type schemaLine struct {
	text   string
	method bool
	notes  []string
}

// schemaLines reads the table: constructors first, in the schema's order. It is a
// part of the program, so one that cannot be read is a program that was damaged.
func schemaLines() iter.Seq[schemaLine] {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		panic(fmt.Sprintf("rawtl: the schema is damaged: %v", err))
	}
	var text strings.Builder
	text.Grow(1 << 19)
	if _, err := io.Copy(&text, z); err != nil {
		panic(fmt.Sprintf("rawtl: the schema is damaged: %v", err))
	}
	return func(yield func(schemaLine) bool) {
		var line schemaLine
		for s := range strings.Lines(text.String()) {
			s = strings.TrimSuffix(s, "\n")
			if note, ok := strings.CutPrefix(s, "\t"); ok {
				line.notes = append(line.notes, note)
				continue
			}
			if line.text != "" && !yield(line) {
				return
			}
			line = schemaLine{text: s, method: line.method}
			if s == "---functions---" {
				line = schemaLine{method: true}
			}
		}
		yield(line)
	}
}

// nameOf cuts the name and the id off a line.
func nameOf(line string) (string, uint32) {
	head, _, _ := strings.Cut(line, " ")
	name, id, _ := strings.Cut(head, "#")
	n, _ := strconv.ParseUint(id, 16, 32) // the table is ours
	return name, uint32(n)
}

// classOf is the type that a line is of.
func classOf(line string) string { return line[strings.LastIndex(line, " = ")+3:] }

// wraps says whether a line is of a method around another one.
func wraps(line string) bool { return strings.Contains(line, ":!X ") }

// fieldsOf reads the fields of a line, the flag words among them.
func fieldsOf(line string) iter.Seq[Fact] {
	return func(yield func(Fact) bool) {
		left, _, _ := strings.Cut(line, " = ")
		for word := range strings.FieldsSeq(left) {
			name, typ, ok := strings.Cut(word, ":")
			if !ok || name[0] == '{' {
				continue // the name of the line, or {X:Type}
			}
			f := Fact{Name: name, Type: typ}
			if flag, typ, ok := strings.Cut(typ, "?"); ok {
				f.Flag, f.Type = flag, typ
			}
			if !yield(f) {
				return
			}
		}
	}
}
