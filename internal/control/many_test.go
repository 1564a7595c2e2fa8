package control

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/f48b34c0/seen/internal/answer"
)

// echoing is a bot that knows everybody but those with an "x" in the name.
func echoing() bot {
	return bot{many: func(ctx context.Context, refs answer.References) iter.Seq2[answer.Resolved, error] {
		return func(yield func(answer.Resolved, error) bool) {
			for req, err := range refs(ctx) {
				got := answer.Resolved{Peer: answer.Peer{Input: req.Ref}}
				if strings.Contains(req.Ref, "x") {
					got.Error = answer.Errorf(answer.NotFound, "nobody is called %s", req.Ref).WithHint("<look>")
				} else {
					got.Kind, got.Name = "user", "<"+req.Ref+">"
				}
				if !yield(got, err) || err != nil {
					return
				}
			}
		}
	}}
}

func asking1(refs ...string) answer.References {
	return func(context.Context) iter.Seq2[answer.ResolveRequest, error] {
		return func(yield func(answer.ResolveRequest, error) bool) {
			for _, ref := range refs {
				if !yield(answer.ResolveRequest{Ref: ref}, nil) {
					return
				}
			}
		}
	}
}

func TestManyAnswersCrossInOrder(t *testing.T) {
	path, _ := daemon(t, echoing(), Options{})
	c := NewClient(path)
	var refs []string
	for i := range 20_000 {
		refs = append(refs, fmt.Sprintf("name%d", i))
		if i%1000 == 7 {
			refs = append(refs, "x", "")
		}
	}
	n := 0
	for got, err := range c.ResolveMany(t.Context(), asking1(refs...)) {
		if err != nil {
			t.Fatal(err)
		}
		if got.Input != refs[n] || (got.Error != nil) != (refs[n] == "x") || got.Error == nil && got.Name != "<"+refs[n]+">" {
			t.Fatalf("answer %d to %q is %+v", n, refs[n], got)
		}
		if got.Error != nil && (got.Error.Code != answer.NotFound || got.Error.Hint != "<look>") {
			t.Fatalf("got %+v", got.Error)
		}
		n++
	}
	if n != len(refs) {
		t.Errorf("%d answers to %d", n, len(refs))
	}
}

// Each answer comes as soon as it is there: a program may wait for it before it
// asks on.
func TestAnAnswerDoesNotWaitForTheNextQuestion(t *testing.T) {
	path, _ := daemon(t, echoing(), Options{})
	answered := make(chan struct{})
	oneByOne := func(ctx context.Context) iter.Seq2[answer.ResolveRequest, error] {
		return func(yield func(answer.ResolveRequest, error) bool) {
			for i := range 50 {
				if !yield(answer.ResolveRequest{Ref: fmt.Sprint(i)}, nil) {
					return
				}
				select {
				case <-answered:
				case <-ctx.Done():
					t.Error("an answer does not come")
					return
				}
			}
		}
	}
	n := 0
	for got, err := range NewClient(path).ResolveMany(t.Context(), oneByOne) {
		if err != nil || got.Input != fmt.Sprint(n) {
			t.Fatalf("got %+v, %v", got, err)
		}
		n++
		answered <- struct{}{}
	}
	if n != 50 {
		t.Errorf("%d answers", n)
	}
}

// A client that knows nothing of all this, such as curl with a pipe, is answered
// line by line as well.
func TestAPlainClientIsAnsweredLineByLine(t *testing.T) {
	path, _ := daemon(t, echoing(), Options{})
	body, pen := io.Pipe()
	req, err := http.NewRequestWithContext(t.Context(), "POST", "http://seen/v1/resolve/many", body)
	if err != nil {
		t.Fatal(err)
	}
	go func() { _, _ = io.WriteString(pen, `{"ref":"1"}`+"\n") }() // the answer tells whether it was read
	plain := &http.Transport{DialContext: NewClient(path).dial}    // which keeps its connection
	defer plain.CloseIdleConnections()
	resp, err := plain.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close() //nolint:errcheck // it was only read
	answers := bufio.NewScanner(resp.Body)
	for i := range 3 {
		if !answers.Scan() || !strings.Contains(answers.Text(), fmt.Sprintf(`"input":"%d"`, i+1)) {
			t.Fatalf("got %q, %v", answers.Text(), answers.Err())
		}
		if _, err := fmt.Fprintf(pen, "{\"ref\":\"%d\"}\n", i+2); err != nil {
			t.Fatal(err)
		}
	}
	_ = pen.Close()
	if !answers.Scan() || answers.Scan() || answers.Err() != nil {
		t.Errorf("it does not end well: %v", answers.Err())
	}
}

// If nobody serves, or the daemon is about to stop, no question is touched, so all
// of them can be asked elsewhere.
func TestQuestionsAreNotTouchedIfNobodyAnswers(t *testing.T) {
	untouched := func(context.Context) iter.Seq2[answer.ResolveRequest, error] {
		t.Error("the questions are touched")
		return func(func(answer.ResolveRequest, error) bool) {}
	}
	ask := func(path string) error {
		for _, err := range NewClient(path).ResolveMany(t.Context(), untouched) {
			return err
		}
		return nil
	}
	if err := ask(socket(t)); !errors.Is(err, ErrNobody) {
		t.Errorf("got %v", err)
	}
	path, stop := daemon(t, bot{}, Options{Ready: make(chan struct{})})
	asked := make(chan error, 1)
	go func() { asked <- ask(path) }()
	time.Sleep(50 * time.Millisecond)
	if err := stop(); err != nil {
		t.Error(err)
	}
	if e := answer.From(<-asked); e.Code != answer.Held {
		t.Errorf("got %+v", e)
	}
}

func TestErrorsEndAStreamOnBothSides(t *testing.T) {
	// Of the questions: the daemon hears of it, and so does who asked.
	path, _ := daemon(t, echoing(), Options{})
	broken := func(context.Context) iter.Seq2[answer.ResolveRequest, error] {
		return func(yield func(answer.ResolveRequest, error) bool) {
			if yield(answer.ResolveRequest{Ref: "1"}, nil) {
				yield(answer.ResolveRequest{}, answer.Errorf(answer.Failed, "read stdin: broken"))
			}
		}
	}
	var got []string
	for a, err := range NewClient(path).ResolveMany(t.Context(), broken) {
		if err != nil {
			got = append(got, answer.From(err).Message)
			break
		}
		got = append(got, a.Input)
	}
	if fmt.Sprint(got) != "[1 read stdin: broken]" {
		t.Errorf("got %v", got)
	}

	// Of the bot, while questions are waiting to be read.
	path2, _ := daemon(t, bot{many: func(ctx context.Context, refs answer.References) iter.Seq2[answer.Resolved, error] {
		return func(yield func(answer.Resolved, error) bool) {
			for range refs(ctx) { //nolint:errcheck // they are not read
				yield(answer.Resolved{}, answer.Errorf(answer.Unauthorized, "signed out"))
				return
			}
		}
	}}, Options{})
	endless := func(ctx context.Context) iter.Seq2[answer.ResolveRequest, error] {
		return func(yield func(answer.ResolveRequest, error) bool) {
			for yield(answer.ResolveRequest{Ref: strings.Repeat("a", 1000)}, ctx.Err()) {
			}
		}
	}
	var last error
	for _, err := range NewClient(path2).ResolveMany(t.Context(), endless) {
		last = err
	}
	if e := answer.From(last); e == nil || e.Code != answer.Unauthorized {
		t.Errorf("got %v", last)
	}

	// What is no question.
	for _, body := range []string{"{", `{"ref":"1","later":true}`, `{"error":7}`} {
		status, e := raw(t, path, "POST", "/v1/resolve/many", body, nil)
		if status != http.StatusBadRequest || e.Code != answer.Usage {
			t.Errorf("%s: got %d %+v", body, status, e)
		}
	}
}

// Whoever leaves is not answered any more, on either side, and nothing is left
// running: the package's tests look for that.
func TestWhoLeavesAStreamEndsIt(t *testing.T) {
	left := make(chan struct{})
	path, _ := daemon(t, bot{many: func(ctx context.Context, refs answer.References) iter.Seq2[answer.Resolved, error] {
		return func(yield func(answer.Resolved, error) bool) {
			defer close(left)
			for req := range refs(ctx) { //nolint:errcheck // the end of them is enough
				if !yield(answer.Resolved{Peer: answer.Peer{Input: req.Ref}}, nil) {
					return
				}
			}
		}
	}}, Options{})
	// It asks once and then waits, as a terminal does.
	waiting := func(ctx context.Context) iter.Seq2[answer.ResolveRequest, error] {
		return func(yield func(answer.ResolveRequest, error) bool) {
			yield(answer.ResolveRequest{Ref: "1"}, nil)
			<-ctx.Done()
		}
	}
	for range NewClient(path).ResolveMany(t.Context(), waiting) { //nolint:errcheck // nobody reads on
		break
	}
	select {
	case <-left:
	case <-time.After(10 * time.Second):
		t.Error("the daemon answers on")
	}
}

func TestASpoolIsBoundedAndKeepsTheOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSpool()
		var writing sync.WaitGroup
		written := 0
		writing.Go(func() {
			defer s.end()
			for i := range 100_000 {
				if _, err := fmt.Fprintln(s, i); err != nil {
					t.Error(err)
					return
				}
				written = i
			}
		})
		synctest.Wait() // it waits for room
		if s.buf.Len() > spoolSize+10 || written > spoolSize {
			t.Errorf("%d bytes wait after %d writes", s.buf.Len(), written)
		}
		all, err := io.ReadAll(s)
		if err != nil || strings.Count(string(all), "\n") != 100_000 || !strings.HasSuffix(string(all), "\n99999\n") {
			t.Errorf("%d bytes, %v", len(all), err)
		}
		writing.Wait()

		s = newSpool()
		writing.Go(func() {
			for {
				if _, err := s.Write(make([]byte, 1000)); err != nil {
					return
				}
			}
		})
		synctest.Wait()
		_ = s.Close()
		writing.Wait()
		if _, err := s.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
			t.Errorf("got %v", err)
		}
	})
}

// Messages cross whole, and so do the answers to them, whichever they are.
func TestManyMessagesCrossWhole(t *testing.T) {
	want := answer.SendRequest{
		To: "@ann", Text: "a <b>", Manner: answer.Manner{HTML: true, Silent: true, ReplyTo: 3, Topic: 4, NoPreview: true, Split: true},
		Literal: true, Key: "order-7", Anyway: true,
	}
	sent := answer.Sent{To: ann, MessageID: 7, MessageIDs: []int{7, 8}, Date: ann.FirstSeen, Key: "order-7", Repeated: true}
	path, _ := daemon(t, bot{letters: func(ctx context.Context, reqs answer.Sendings) iter.Seq2[answer.Delivered, error] {
		return func(yield func(answer.Delivered, error) bool) {
			n := 0
			for req, err := range reqs(ctx) {
				if err != nil || req != want {
					t.Errorf("got %+v, %v", req, err)
				}
				got := answer.Delivered{Sent: sent}
				if n++; n == 2 {
					got = answer.Delivered{Sent: answer.Sent{Key: req.Key}, Input: req.To, Error: answer.Errorf(answer.Blocked, "stopped")}
				}
				if !yield(got, nil) {
					return
				}
			}
		}
	}}, Options{})
	twice := func(context.Context) iter.Seq2[answer.SendRequest, error] {
		return func(yield func(answer.SendRequest, error) bool) {
			for range 2 {
				if !yield(want, nil) {
					return
				}
			}
		}
	}
	n := 0
	for got, err := range NewClient(path).SendMany(t.Context(), twice) {
		if err != nil {
			t.Fatal(err)
		}
		if n++; n == 1 {
			if diff := cmp.Diff(sent, got.Sent); diff != "" || got.Error != nil {
				t.Errorf("%s, %v", diff, got.Error)
			}
		} else if got.Input != "@ann" || got.Key != "order-7" || got.Error == nil || got.Error.Code != answer.Blocked {
			t.Errorf("got %+v", got)
		}
	}
	if n != 2 {
		t.Errorf("%d answers", n)
	}
}

// A stream shows its token at a door on TCP as every request does.
func TestManyArePassedThroughADoorOnTCP(t *testing.T) {
	addr, _ := twin(t, echoing(), Options{})
	n := 0
	for got, err := range NewRemote(addr, secret).ResolveMany(t.Context(), asking1("1", "2")) {
		if n++; err != nil || got.Input != fmt.Sprint(n) {
			t.Errorf("got %+v, %v", got, err)
		}
	}
	if n != 2 {
		t.Errorf("%d answers", n)
	}
	for _, err := range NewRemote(addr, "a-token-that-is-another-one").ResolveMany(t.Context(), asking1("1")) {
		if err == nil || !strings.Contains(err.Error(), "token") {
			t.Errorf("with the wrong token: %v", err)
		}
	}
}
