package fakedc

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
)

// Play reads a story as NDJSON, one Step per line, and writes one Result per step.
// Empty lines and lines that begin with # are skipped. A step that fails is in its
// Result and the story goes on; the error returned is one of reading or writing.
func (w *World) Play(ctx context.Context, in io.Reader, out io.Writer) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 1<<20)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	for lines.Scan() {
		if err := ctx.Err(); err != nil {
			return err
		}
		line := bytes.TrimSpace(lines.Bytes())
		if len(line) == 0 || line[0] == '#' {
			continue
		}
		if err := enc.Encode(w.playLine(ctx, line)); err != nil {
			return fmt.Errorf("write result: %w", err)
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("read story: %w", err)
	}
	return nil
}

func (w *World) playLine(ctx context.Context, line []byte) Result {
	dec := json.NewDecoder(bytes.NewReader(line))
	// A misspelled field would be a step that does something else.
	dec.DisallowUnknownFields()
	var s Step
	if err := dec.Decode(&s); err != nil {
		return Result{Error: fmt.Sprintf("step: %v", err)}
	}
	// The error is in the Result, too.
	r, _ := w.Do(ctx, s)
	return r
}
