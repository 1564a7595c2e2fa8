package answer

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"iter"

	"github.com/f48b34c0/seen/session"
)

// Entry is one peer in an export.
type Entry = session.Entry

// ExportRequest asks for the whole book, for another one to import.
type ExportRequest struct {
	// Hashes asks for the access hashes as well.
	Hashes bool `json:"hashes,omitempty"`
}

// Imported tells what came of an import.
type Imported struct {
	// Read is the number of entries; New of them are peers that the book did not
	// have.
	Read int64 `json:"read"`
	New  int64 `json:"new"`
	// Foreign are entries with the access hash of another bot. They came without
	// it.
	Foreign int64 `json:"foreign"`
}

// MaxLine bounds a line of an import, in bytes. An entry is a few hundred.
const MaxLine = 64 << 10

// Line is one line of an import.
type Line struct {
	// Number counts all lines, from 1.
	Number int
	// Text is valid until the next line is read.
	Text []byte
}

// Lines reads lines of at most [MaxLine] bytes and skips the empty ones. The
// sequence ends after its first error.
func Lines(r io.Reader) iter.Seq2[Line, error] {
	return func(yield func(Line, error) bool) {
		lines := bufio.NewScanner(r)
		lines.Buffer(nil, MaxLine+1) // with the end of the line
		number := 0
		for lines.Scan() {
			number++
			text := bytes.TrimSpace(lines.Bytes())
			if len(text) > 0 && !yield(Line{number, text}, nil) {
				return
			}
		}
		err := lines.Err()
		switch {
		case errors.Is(err, bufio.ErrTooLong):
			yield(Line{}, badLine(number+1, Errorf(Failed, "longer than %d bytes", MaxLine)))
		case err != nil:
			yield(Line{}, reading(err))
		}
	}
}

// Parse reads a line as an entry.
func (l Line) Parse() (Entry, error) {
	e, err := session.ParseEntry(l.Text)
	if err != nil {
		return e, badLine(l.Number, err)
	}
	return e, nil
}

// Entries reads an export. The sequence ends after its first error, which names
// the line.
func Entries(r io.Reader) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		for line, err := range Lines(r) {
			var e Entry
			if err == nil {
				e, err = line.Parse()
			}
			if !yield(e, err) || err != nil {
				return
			}
		}
	}
}

func badLine(number int, err error) *Error {
	return Errorf(Failed, "line %d: %w", number, err).
		WithHint("the lines before it are in the book; mend this one and import the file again")
}

func reading(err error) *Error {
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	return Errorf(Failed, "read entries: %w", err)
}
