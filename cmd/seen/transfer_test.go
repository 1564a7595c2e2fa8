package main

import (
	"bytes"
	"context"
	"io"
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/internal/control"
)

// endless is a bot with a book that does not end before its caller leaves.
type endless struct{ control.Bot }

func (endless) Close() error { return nil }

func (endless) Export(ctx context.Context, _ answer.ExportRequest) iter.Seq2[answer.Entry, error] {
	return func(yield func(answer.Entry, error) bool) {
		for id := int64(1); ctx.Err() == nil; id++ {
			if !yield(answer.Entry{Kind: "user", ID: id}, nil) {
				return
			}
		}
		yield(answer.Entry{}, answer.Errorf(answer.Interrupted, "%w", ctx.Err()))
	}
}

func (endless) Import(_ context.Context, entries iter.Seq2[answer.Entry, error]) (answer.Imported, error) {
	var done answer.Imported
	for _, err := range entries {
		if err != nil {
			return done, err
		}
		done.Read++
	}
	return done, nil
}

func ownDoor(t *testing.T, b ownBot) *door {
	return &door{
		client: control.NewClient(shortPath(t)),
		open:   func(context.Context) (ownBot, error) { return b, nil },
	}
}

// leaver cancels when enough has been written, or at once.
type leaver struct {
	bytes.Buffer
	after int
	leave context.CancelFunc
}

func (l *leaver) Write(p []byte) (int, error) {
	n, err := l.Buffer.Write(p)
	if l.Len() > l.after {
		l.leave()
	}
	return n, err
}

// An export that is interrupted ends with whole lines and says so.
func TestAnExportThatIsInterruptedSaysSo(t *testing.T) {
	ctx, leave := context.WithCancel(t.Context())
	out := &leaver{after: 1 << 20, leave: leave}
	var problems bytes.Buffer
	c := &cli{out: &printer{w: out}, err: &problems}
	status := c.finish(ctx, c.export(ctx, ownDoor(t, endless{}), answer.ExportRequest{}))
	if status != 130 || problems.String() != "seen: interrupted\n" {
		t.Errorf("exit status %d: %s", status, &problems)
	}
	if text := out.String(); !strings.HasSuffix(text, "}\n") || len(text) > 2<<20 {
		t.Errorf("%d bytes, which end with %q", len(text), text[len(text)-20:])
	}
}

// A terminal that nobody types into does not keep an import from ending.
func TestAnImportThatWaitsForInputCanBeInterrupted(t *testing.T) {
	ctx, leave := context.WithCancel(t.Context())
	in, typing := io.Pipe()
	defer typing.Close() //nolint:errcheck // it never fails
	time.AfterFunc(50*time.Millisecond, leave)
	var out, problems bytes.Buffer
	c := &cli{out: &printer{w: &out}, err: &problems}
	status := c.finish(ctx, c.enter(ctx, ownDoor(t, endless{}), in))
	if status != 130 || problems.String() != "seen: interrupted\n" || out.Len() > 0 {
		t.Errorf("exit status %d: %s%s", status, &out, &problems)
	}
}

func TestInputIsReadWholeAndItsErrorsAreTold(t *testing.T) {
	long := strings.Repeat("0123456789", 20_000)
	got, err := io.ReadAll(interruptible(t.Context(), strings.NewReader(long)))
	if err != nil || string(got) != long {
		t.Errorf("got %d bytes, %v", len(got), err)
	}
	broken := io.MultiReader(strings.NewReader("x"), bad{})
	got, err = io.ReadAll(interruptible(t.Context(), broken))
	if string(got) != "x" || err == nil || err.Error() != "bad disk" {
		t.Errorf("got %q, %v", got, err)
	}
}

type bad struct{}

func (bad) Read([]byte) (int, error) { return 0, answer.Errorf(answer.Failed, "bad disk") }

func TestProgressIsForTerminals(t *testing.T) {
	var out bytes.Buffer
	none := newProgress(&out)
	line := &progress{w: &out}
	for range 250 {
		none.add()
	}
	none.clear()
	if out.Len() > 0 {
		t.Errorf("without a terminal: %q", &out)
	}
	for range 250 {
		line.add()
	}
	line.clear()
	if got := out.String(); got != "\r100 read\r\x1b[K" {
		t.Errorf("got %q", got)
	}
	out.Reset()
	letters := &progress{w: &out, every: 1, done: "answered"}
	letters.add()
	if got := out.String(); got != "\r1 answered" {
		t.Errorf("got %q", got)
	}
}
