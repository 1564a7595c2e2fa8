package bot

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strconv"
	"testing"

	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/internal/fakedc"
)

// references are many requests, and an error at the end if there is one.
func references(end error, refs ...string) answer.References {
	return func(ctx context.Context) iter.Seq2[answer.ResolveRequest, error] {
		return func(yield func(answer.ResolveRequest, error) bool) {
			for _, ref := range refs {
				if ctx.Err() != nil || !yield(answer.ResolveRequest{Ref: ref}, nil) {
					return
				}
			}
			if end != nil {
				yield(answer.ResolveRequest{}, end)
			}
		}
	}
}

// Answers come in the order of the questions, a failure is one of them, and ids
// that the book does not have are asked about together.
func TestManyAnswersComeInOrder(t *testing.T) {
	s := newSearcher(t)
	var users []tg.UserClass
	for i := range 300 {
		users = append(users, &tg.User{ID: int64(5000 + i), FirstName: "Somebody"})
	}
	enter(t, wired(t, s.file), users...)
	for _, who := range []string{"ann", "bob", "dave"} {
		s.tell(fakedc.Step{Who: who, Do: "write", Text: "Hi"})
	}
	var refs []string
	var want []int64 // 0: never seen
	for i := range 1000 {
		switch i % 10 {
		case 3:
			refs, want = append(refs, strconv.Itoa(900_000+i)), append(want, 0)
		case 7:
			id := []int64{1001, 1002, 1004}[i/10%3]
			refs, want = append(refs, strconv.FormatInt(id, 10)), append(want, id)
		default:
			id := int64(5000 + i%300)
			refs, want = append(refs, strconv.FormatInt(id, 10)), append(want, id)
		}
	}
	// So long that the next questions are read meanwhile.
	s.tell(fakedc.Step{Do: "fault", Method: "users.getUsers", For: "100ms", Count: -1})
	n := 0
	for got, err := range s.ResolveMany(t.Context(), references(nil, refs...)) {
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case got.Input != refs[n]:
			t.Fatalf("answer %d is to %s, want %s", n, got.Input, refs[n])
		case want[n] == 0 && (got.Error == nil || got.Error.Code != answer.NeverSeen),
			want[n] != 0 && (got.Error != nil || got.ID != want[n]):
			t.Fatalf("%s: got %d, %v", refs[n], got.ID, got.Error)
		}
		n++
	}
	if n != len(refs) {
		t.Errorf("%d answers to %d questions", n, len(refs))
	}
	// 103 people are asked about. With 256 questions in flight it is 1, and then some
	// 50 with each call.
	if calls := s.counted().users - s.first.users; calls > 12 {
		t.Errorf("%d calls", calls)
	}
}

// What is left of the day's look-ups goes to those who come first, and a question
// that comes twice costs one.
func TestManyLookUpsAreMadeInOrder(t *testing.T) {
	s := newSearcher(t, func(o *Options) { o.LookupsPerDay = 4 })
	var refs []string
	for i := range 8 {
		s.tell(fakedc.Step{Do: "person", Who: fmt.Sprint("p", i), FirstName: "P", Username: fmt.Sprintf("person_%c", 'a'+i)})
		refs = append(refs, fmt.Sprintf("@person_%c", 'a'+i))
	}
	refs = append([]string{refs[0], refs[0]}, refs[1:]...)
	var found []string
	for got, err := range s.ResolveMany(t.Context(), references(nil, refs...)) {
		if err != nil {
			t.Fatal(err)
		}
		if got.Error == nil {
			found = append(found, got.Input)
		} else if got.Error.Code != answer.FloodWait {
			t.Errorf("%s: %v", got.Input, got.Error)
		}
	}
	if want := fmt.Sprint(refs[:5]); fmt.Sprint(found) != want {
		t.Errorf("found %v, want %v", found, want)
	}
	s.wantCalls(asked{names: 4})
}

// Whoever was looked up by name is known by id after that, as if each question had
// waited for those before it.
func TestManyAnswersKnowOfThoseBeforeThem(t *testing.T) {
	s := newSearcher(t)
	var got []string
	for a, err := range s.ResolveMany(t.Context(), references(nil, "@carol", "1003", "@ann", "@Carol")) {
		if err != nil {
			t.Fatal(err)
		}
		if a.Error != nil {
			got = append(got, string(a.Error.Code))
		} else {
			got = append(got, strconv.FormatInt(a.ID, 10))
		}
	}
	if fmt.Sprint(got) != "[1003 1003 1001 1003]" {
		t.Errorf("got %v", got)
	}
}

func TestAnErrorOfTheQuestionsEndsTheAnswers(t *testing.T) {
	s := newSearcher(t)
	broken := errors.New("broken pipe")
	var got []string
	for a, err := range s.ResolveMany(t.Context(), references(broken, "me", "1004")) {
		if err != nil {
			if !errors.Is(err, broken) {
				t.Error(err)
			}
			got = append(got, "error")
			continue
		}
		got = append(got, a.Input)
	}
	if fmt.Sprint(got) != "[me 1004 error]" {
		t.Errorf("got %v", got)
	}
}

// Whoever has heard enough leaves, and nobody asks on for them.
func TestWhoLeavesGetsNoMoreAnswers(t *testing.T) {
	s := newSearcher(t)
	given := 0
	endless := func(ctx context.Context) iter.Seq2[answer.ResolveRequest, error] {
		return func(yield func(answer.ResolveRequest, error) bool) {
			for ctx.Err() == nil && yield(answer.ResolveRequest{Ref: "1001"}, nil) {
				given++
			}
		}
	}
	for range s.ResolveMany(t.Context(), endless) { //nolint:errcheck // nobody reads on
		break
	}
	if given > 2*inFlight {
		t.Errorf("%d questions were taken", given)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	n := 0
	for _, err := range s.ResolveMany(ctx, endless) {
		if n++; n == 10 {
			cancel()
		}
		if err != nil && answer.From(err).Code != answer.Interrupted {
			t.Error(err)
		}
	}
}
