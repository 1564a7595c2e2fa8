package bot

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gotd/td/tg"
	"pgregory.net/rapid"

	"github.com/f48b34c0/seen/internal/answer"
)

func typing(user int64) tg.UpdateClass {
	return &tg.UpdateUserTyping{UserID: user, Action: &tg.SendMessageTypingAction{}}
}

func someday() time.Time { return time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC) }

// TestATapeKeepsTheLast holds it against a plain list: whoever reads gets every
// update that is kept, once, in order, and is told of all others.
func TestATapeKeepsTheLast(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		most := rapid.IntRange(1, 20).Draw(t, "most")
		size := rapid.IntRange(1, 400).Draw(t, "size")
		tape := newTape(someday, most, size)
		began := someday().UnixMicro()
		var all []string
		at := began
		t.Repeat(map[string]func(*rapid.T){
			"add": func(t *rapid.T) {
				for range rapid.IntRange(1, 100).Draw(t, "some") {
					u := &tg.UpdateLangPackTooLong{LangCode: strings.Repeat("x", rapid.IntRange(0, 50).Draw(t, "long"))}
					u.LangCode += fmt.Sprint(len(all))
					all = append(all, u.LangCode)
					if err := tape.add(u); err != nil {
						t.Fatal(err)
					}
				}
			},
			"read": func(t *rapid.T) {
				p := tape.after(at)
				if p.gone != (p.first > at+1) || !p.known {
					t.Fatalf("after %d: %+v", at, p)
				}
				if (p.more != nil) != (len(p.updates) == 0) || len(p.updates) == 0 && p.first != tape.newest()+1 {
					t.Fatalf("after %d: %d updates, %d the newest: %+v", at, len(p.updates), tape.newest(), p)
				}
				for i, r := range p.updates {
					n := p.first + int64(i)
					if want := all[n-began-1]; !strings.Contains(string(r.raw), want) {
						t.Fatalf("%d is %q, want %q", n, r.raw, want)
					}
				}
				at = p.first - 1 + int64(len(p.updates))
			},
			"": func(t *rapid.T) {
				if tape.newest() != began+int64(len(all)) {
					t.Fatalf("the newest is %d", tape.newest())
				}
				held := 0
				for _, r := range tape.kept {
					held += len(r.raw)
				}
				if held != tape.held || len(tape.kept) > most || held > size && len(tape.kept) > 1 {
					t.Fatalf("%d kept in %d bytes, it counts %d", len(tape.kept), held, tape.held)
				}
			},
		})
	})
}

// TestManyReadATapeAtOnce: each gets everything, whoever else reads.
func TestManyReadATapeAtOnce(t *testing.T) {
	const updates, readers = 2000, 8
	tape := newTape(someday, updates, 1<<20)
	var all sync.WaitGroup
	for range readers {
		at := tape.newest()
		all.Go(func() {
			for read := 0; read < updates; {
				p := tape.after(at)
				if p.gone {
					t.Error("nothing can be gone")
					return
				}
				if p.more != nil {
					<-p.more
				}
				read += len(p.updates)
				at += int64(len(p.updates))
			}
		})
	}
	for i := range 2 {
		all.Go(func() {
			for n := range updates / 2 {
				if err := tape.add(typing(int64(1 + i*updates + n))); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
}

// TestNobodyWaitsForASlowReader: what is not read in time is counted.
func TestNobodyWaitsForASlowReader(t *testing.T) {
	b := openBot(t, Options{SessionFile: filepath.Join(t.TempDir(), "bot.session")})
	b.tape = newTape(b.opts.Now, 3, 1<<20)
	ctx, leave := context.WithCancel(t.Context())
	defer leave()
	began := b.tape.newest()
	var got []answer.Received
	for line, err := range b.Updates(ctx, answer.UpdatesRequest{}) {
		if err != nil {
			if !errors.Is(err, context.Canceled) {
				t.Fatal(err)
			}
			break
		}
		got = append(got, line)
		switch len(got) {
		case 1: // it reads no further while ten come
			for n := range 10 {
				if err := b.tape.add(typing(int64(1 + n))); err != nil {
					t.Fatal(err)
				}
			}
		case 5:
			leave()
		}
	}
	var told []string
	for _, line := range got {
		s := fmt.Sprint(line.N - began)
		if line.Missed != nil {
			s += fmt.Sprintf(" missed %d after %d", line.Missed.Count, line.Missed.After-began)
		}
		told = append(told, s)
	}
	if s := strings.Join(told, ", "); s != "0, 7 missed 7 after 0, 8, 9, 10" {
		t.Errorf("told %s", s)
	}
}

// TestAReaderIsToldItsPlaceWhileNothingIsForIt, so that it can go on from there.
func TestAReaderIsToldItsPlaceWhileNothingIsForIt(t *testing.T) {
	b := openBot(t, Options{SessionFile: filepath.Join(t.TempDir(), "bot.session")})
	began := b.tape.newest()
	for n := range 2*signOfLife + 10 {
		if err := b.tape.add(typing(int64(1 + n))); err != nil {
			t.Fatal(err)
		}
	}
	ctx, leave := context.WithCancel(t.Context())
	defer leave()
	var got []int64
	for line, err := range b.Updates(ctx, answer.UpdatesRequest{Types: []string{"updateNewMessage"}, Since: &began}) {
		if err != nil {
			break
		}
		if line.Update != nil || line.Missed != nil {
			t.Errorf("got %+v", line)
		}
		if got = append(got, line.N-began); len(got) == 3 {
			leave()
		}
	}
	if fmt.Sprint(got) != "[0 1000 2000]" {
		t.Errorf("got %v", got)
	}
}

// TestAnUpdateThatCannotBePrintedEndsNobody: whoever went on from before it would
// end there for ever.
func TestAnUpdateThatCannotBePrintedEndsNobody(t *testing.T) {
	b := openBot(t, Options{SessionFile: filepath.Join(t.TempDir(), "bot.session")})
	began := b.tape.newest()
	for n := range 3 {
		if err := b.tape.add(typing(int64(1 + n))); err != nil {
			t.Fatal(err)
		}
	}
	b.tape.kept[1].raw = []byte{1, 2, 3, 4}
	var got []int64
	ctx, leave := context.WithCancel(t.Context())
	defer leave()
	for line, err := range b.Updates(ctx, answer.UpdatesRequest{Since: &began}) {
		if err != nil {
			if !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
			break
		}
		if got = append(got, line.N-began); len(got) == 3 {
			leave()
		}
	}
	if fmt.Sprint(got) != "[0 1 3]" {
		t.Errorf("got %v", got)
	}
}

// TestAReaderThatNeverCatchesUpEnds with its context, though there is always more.
func TestAReaderThatNeverCatchesUpEnds(t *testing.T) {
	b := openBot(t, Options{SessionFile: filepath.Join(t.TempDir(), "bot.session")})
	ctx, leave := context.WithCancel(t.Context())
	read := 0
	for _, err := range b.Updates(ctx, answer.UpdatesRequest{}) {
		if err != nil {
			if answer.From(err).Code != answer.Interrupted {
				t.Error(err)
			}
			break
		}
		if read++; read == 5 {
			leave()
		}
		for range 2 {
			if err := b.tape.add(typing(1)); err != nil {
				t.Fatal(err)
			}
		}
		if read > 1000 {
			t.Fatal("it goes on and on")
		}
	}
	leave()
}

// TestANumberOfAnotherRunIsNoneOfThisOne: how many came since nobody knows.
func TestANumberOfAnotherRunIsNoneOfThisOne(t *testing.T) {
	tape := newTape(someday, 3, 1<<20)
	began := someday().UnixMicro()
	for n := range 2 {
		if p := tape.after(began - 5); !p.gone || p.known || p.first != began+1 {
			t.Errorf("with %d updates: %+v", n, p)
		}
		if p := tape.after(began); p.gone || !p.known || len(p.updates) != n {
			t.Errorf("with %d updates: %+v", n, p)
		}
		if err := tape.add(typing(1)); err != nil {
			t.Fatal(err)
		}
	}
}
