package main

import (
	"fmt"
	"os"
	"strings"
)

const (
	begins = "<!-- bench-peers begins -->\n"
	ends   = "<!-- bench-peers ends -->\n"
)

// intoReadme puts what was measured between two markers.
func intoReadme(path, report string) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	text, err := between(string(b), report)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return os.WriteFile(path, []byte(text), 0o644)
}

func between(text, report string) (string, error) {
	head, rest, found := strings.Cut(text, begins)
	_, tail, ended := strings.Cut(rest, ends)
	if !found || !ended {
		return "", fmt.Errorf("no %q with %q after it", strings.TrimSpace(begins), strings.TrimSpace(ends))
	}
	return head + begins + "\n" + report + "\n" + ends + tail, nil
}
