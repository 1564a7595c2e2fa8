package control

import (
	"context"
	"errors"
	"io"
	"iter"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/f48b34c0/seen/internal/answer"
)

const annLine = `{"kind":"user","id":1001,"first_name":"Ann","first_seen":"2026-01-02T03:04:05Z","last_seen":"2026-01-02T03:04:05Z"}`

// taking is a bot that counts what it is given, up to the first error.
func taking(ended chan<- error) bot {
	return bot{imports: func(_ context.Context, entries iter.Seq2[answer.Entry, error]) (answer.Imported, error) {
		var done answer.Imported
		for _, err := range entries {
			if err != nil {
				ended <- err
				return done, err
			}
			done.Read++
		}
		ended <- nil
		return done, nil
	}}
}

func TestAnImportIsBoundedByTheLine(t *testing.T) {
	path, _ := daemon(t, taking(make(chan error, 9)), Options{})
	fits := annLine + strings.Repeat(" ", answer.MaxLine-len(annLine))
	for name, tt := range map[string]struct {
		body, want string
	}{
		"longer than a request may be": {strings.Repeat(annLine+"\n", 2*maxBody/len(annLine)), ""},
		"a line that just fits":        {fits + "\n" + annLine, ""},
		"a line that does not":         {annLine + "\n" + fits + " \n", "line 2: longer than 65536 bytes"},
		"no end of line at all":        {strings.Repeat("x", 2*maxBody), "line 1: longer than 65536 bytes"},
		"half a line":                  {annLine + "\n\n" + annLine[:40], "line 3: read entry: unexpected EOF"},
		"an error without its reason":  {errorLine + "7}", "line 1 tells of an error and not which"},
		"nothing":                      {"", ""},
	} {
		t.Run(name, func(t *testing.T) {
			status, e := raw(t, path, "POST", "/v1/import", tt.body, nil)
			if e.Message != tt.want || (status == http.StatusOK) != (tt.want == "") {
				t.Errorf("got %d %+v, want %q", status, e, tt.want)
			}
		})
	}
}

func TestAnErrorEndsAnImportAndTheCountsSurviveIt(t *testing.T) {
	ended := make(chan error, 1)
	path, _ := daemon(t, taking(ended), Options{})
	c := NewClient(path)

	good := strings.Repeat(annLine+"\n", 5000)
	got, err := c.Import(t.Context(), answer.Entries(strings.NewReader(good)))
	if err != nil || got.Read != 5000 {
		t.Errorf("got %+v, %v", got, err)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}

	// Of the client's: a line that it cannot read.
	got, err = c.Import(t.Context(), answer.Entries(strings.NewReader(good+"who\n"+good)))
	e := answer.From(err)
	if got.Read != 5000 || !strings.HasPrefix(e.Message, "line 5001: read entry: ") || e.Hint == "" {
		t.Errorf("got %+v, %+v", got, e)
	}
	if err := <-ended; err == nil || err.Error() != e.Message {
		t.Errorf("the bot is told %v", err)
	}

	// Of the bot's, while the client has a lot to say.
	path, _ = daemon(t, bot{imports: func(_ context.Context, entries iter.Seq2[answer.Entry, error]) (answer.Imported, error) {
		for _, err := range entries {
			if err != nil {
				return answer.Imported{}, err
			}
			break
		}
		return answer.Imported{Read: 1}, answer.Errorf(answer.Failed, "no space left")
	}}, Options{})
	for range 20 {
		got, err = NewClient(path).Import(t.Context(), answer.Entries(strings.NewReader(good)))
		if got.Read != 1 || answer.From(err).Message != "no space left" {
			t.Errorf("got %+v, %v", got, err)
		}
	}
}

// Whoever leaves in the middle is told that they were interrupted, and so is the
// bot, which keeps what came.
func TestAnImportThatIsInterruptedEndsAtBothEnds(t *testing.T) {
	ended := make(chan error, 1)
	path, _ := daemon(t, taking(ended), Options{})
	ctx, leave := context.WithCancel(t.Context())
	in, typing := io.Pipe()
	go func() {
		_, _ = io.WriteString(typing, annLine+"\n")
		time.Sleep(50 * time.Millisecond)
		leave()
		time.Sleep(50 * time.Millisecond)
		_ = typing.Close() // what reads a terminal is not interrupted by ctx
	}()
	_, err := NewClient(path).Import(ctx, answer.Entries(in))
	if answer.From(err).Code != answer.Interrupted {
		t.Errorf("got %v", err)
	}
	select {
	case err := <-ended:
		if err == nil {
			t.Error("the bot takes it for the end")
		}
	case <-time.After(5 * time.Second):
		t.Error("the bot does not learn that the caller has left")
	}
}

// Entries that were asked for are gone: nobody else could import them.
func TestNoEntryIsTouchedBeforeSomebodyWantsIt(t *testing.T) {
	touched := false
	entries := func(yield func(answer.Entry, error) bool) {
		touched = true
		yield(answer.Entry{Kind: "user", ID: 1}, nil)
	}
	if _, err := NewClient(socket(t)).Import(t.Context(), entries); !errors.Is(err, ErrNobody) || touched {
		t.Errorf("nobody serves: %v, touched %v", err, touched)
	}
	path, stop := daemon(t, bot{}, Options{Ready: make(chan struct{})})
	time.AfterFunc(100*time.Millisecond, func() { _ = stop() })
	if _, err := NewClient(path).Import(t.Context(), entries); answer.From(err).Code != answer.Held || touched {
		t.Errorf("a daemon that stops: %v, touched %v", err, touched)
	}
}

func TestAnImportTakesLittleMemory(t *testing.T) {
	most := uint64(0)
	path, _ := daemon(t, bot{imports: func(_ context.Context, entries iter.Seq2[answer.Entry, error]) (answer.Imported, error) {
		var done answer.Imported
		for _, err := range entries {
			if err != nil {
				return done, err
			}
			if done.Read++; done.Read%20_000 == 0 {
				runtime.GC()
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				most = max(most, m.HeapAlloc)
			}
		}
		return done, nil
	}}, Options{})
	entries := func(yield func(answer.Entry, error) bool) {
		for id := range int64(100_000) {
			e := answer.Entry{Kind: "user", ID: id + 1, FirstName: strings.Repeat("x", 200), LastSeen: ann.FirstSeen}
			if !yield(e, nil) {
				return
			}
		}
	}
	got, err := NewClient(path).Import(t.Context(), entries)
	if err != nil || got.Read != 100_000 {
		t.Errorf("got %+v, %v", got, err)
	}
	if most > 16<<20 {
		t.Errorf("%d bytes are in use", most)
	}
}
