package main

import (
	"fmt"
	"os"
	"strings"
)

// What was measured stands between these lines of the README.
const (
	begins = "<!-- make bench-scale writes what follows -->\n"
	ends   = "<!-- up to here -->\n"
)

// between puts a text in the place of what was measured before.
func between(path, text string) error {
	old, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	head, rest, ok := strings.Cut(string(old), begins)
	_, tail, closed := strings.Cut(rest, ends)
	if !ok || !closed {
		return fmt.Errorf("%s lacks the lines between which the table stands", path)
	}
	return os.WriteFile(path, []byte(head+begins+"\n"+text+"\n"+ends+tail), 0o644)
}
