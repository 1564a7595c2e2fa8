package bot

import (
	"context"
	"fmt"
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/internal/fakedc"
	"github.com/f48b34c0/seen/session"
)

func mailing(reqs ...answer.SendRequest) answer.Sendings {
	return func(context.Context) iter.Seq2[answer.SendRequest, error] {
		return func(yield func(answer.SendRequest, error) bool) {
			for _, req := range reqs {
				if !yield(req, nil) {
					return
				}
			}
		}
	}
}

// sendAll sends messages and returns the answers, of which none may end the stream.
func (s *searcher) sendAll(reqs ...answer.SendRequest) (out []answer.Delivered) {
	s.t.Helper()
	for got, err := range s.SendMany(s.t.Context(), mailing(reqs...)) {
		if err != nil {
			s.t.Fatal(err)
		}
		out = append(out, got)
	}
	if len(out) != len(reqs) {
		s.t.Fatalf("%d answers to %d messages", len(out), len(reqs))
	}
	return out
}

// texts are what the bot has sent to somebody.
func (s *searcher) texts(key string) (out []string) {
	for _, m := range s.world.Messages(key) {
		if m.FromID == fakedc.DemoBotID {
			out = append(out, m.Text)
		}
	}
	return out
}

func fast(o *Options) { o.Pace = Pace{Total: -1, Chat: -1, Group: -1} }

// Many are under way at once, and still everybody reads theirs in the order in which
// they were asked for; so do the answers come.
func TestManyMessagesKeepTheirOrder(t *testing.T) {
	s := newSearcher(t, fast)
	s.tell(fakedc.Step{Do: "start", Who: "ann"})
	s.tell(fakedc.Step{Do: "start", Who: "carol"})
	var reqs []answer.SendRequest
	var want []string
	for n := range 70 {
		text := fmt.Sprint("Message ", n)
		to := "1001"
		if n%3 == 0 {
			to = "1003"
		} else {
			want = append(want, text)
		}
		reqs = append(reqs, answer.SendRequest{To: to, Text: text, Key: fmt.Sprint(n % 2 * n)}) // half have the key 0
	}
	last := map[int64]int{}
	repeated := 0
	for n, got := range s.sendAll(reqs...) {
		switch {
		case got.Error != nil || fmt.Sprint(got.To.ID) != reqs[n].To:
			t.Fatalf("answer %d is %+v", n, got)
		case got.Repeated:
			repeated++
		case got.MessageID <= last[got.To.ID]:
			t.Errorf("message %d has the id %d, after %d", n, got.MessageID, last[got.To.ID])
		default:
			last[got.To.ID] = got.MessageID
		}
	}
	sent := s.texts("ann")
	for i, text := range sent {
		for len(want) > 0 && want[0] != text {
			want = want[1:]
		}
		if len(want) == 0 {
			t.Fatalf("%q came out of order, in %q", text, sent[i:])
		}
	}
	if len(sent)+len(s.texts("carol"))+repeated != len(reqs) || repeated != 33 {
		t.Errorf("%d and %d arrived, %d were repeated", len(sent), len(s.texts("carol")), repeated)
	}
}

// The server remembers a random id for a while only. What was begun before that, and
// never confirmed, is neither sent again nor called sent.
func TestAMessageThatMayHaveArrivedIsNotSentAgainLater(t *testing.T) {
	s := newSearcher(t, fast)
	s.tell(fakedc.Step{Do: "start", Who: "ann"})
	req := answer.SendRequest{To: "1001", Text: "Hello", Key: "k"}
	slip := session.Slip{To: session.UserID(1001), Key: "k"}
	if _, err := s.file.Deliveries().Try(t.Context(), s.opts.Now(), []session.Slip{slip}); err != nil {
		t.Fatal(err)
	}
	s.ahead += remembered + time.Minute
	got := s.sendAll(req)[0]
	if got.Error == nil || got.Error.Code != answer.Undetermined || !strings.Contains(got.Error.Hint, "another key") || got.Key != "k" {
		t.Errorf("got %+v", got.Error)
	}
	if _, err := s.Send(t.Context(), req); err == nil || answer.From(err).Code != answer.Undetermined {
		t.Errorf("got %v", err)
	}
	if texts := s.texts("ann"); len(texts) > 0 {
		t.Errorf("%q was sent", texts)
	}
	s.ahead += session.DeliveryTrust
	if got := s.sendAll(req)[0]; got.Error != nil || got.Repeated {
		t.Errorf("a day later: %+v, %v", got, got.Error)
	}
}

// What the server refuses was not sent, so it can be tried again at any time.
func TestARefusedMessageIsNotRemembered(t *testing.T) {
	s := newSearcher(t, fast)
	s.tell(fakedc.Step{Do: "start", Who: "ann"})
	s.tell(fakedc.Step{Do: "block", Who: "ann"})
	req := answer.SendRequest{To: "1001", Text: "Hello", Key: "k", Anyway: true}
	if got := s.sendAll(req)[0]; got.Error == nil || got.Error.Code != answer.Blocked {
		t.Errorf("got %+v", got)
	}
	s.tell(fakedc.Step{Do: "unblock", Who: "ann"})
	s.ahead += remembered + time.Minute
	if got := s.sendAll(req)[0]; got.Error != nil || got.Repeated || len(s.texts("ann")) != 1 {
		t.Errorf("got %+v, %v", got, got.Error)
	}
	if got := s.sendAll(req)[0]; got.Error != nil || !got.Repeated || got.MessageID == 0 || len(s.texts("ann")) != 1 {
		t.Errorf("got %+v, %v", got, got.Error)
	}
}

// A wait in the middle of a text that was split repeats none of its parts.
func TestAWaitBetweenPartsRepeatsNone(t *testing.T) {
	for _, key := range []string{"", "k"} {
		s := newSearcher(t, func(o *Options) { o.Pace, o.FloodPatience = Pace{Chat: 5, Burst: 1}, -1 })
		s.tell(fakedc.Step{Do: "start", Who: "ann"})
		told := make(chan error, 1)
		go func() {
			for deadline := time.Now().Add(10 * time.Second); len(s.texts("ann")) == 0 && time.Now().Before(deadline); {
				time.Sleep(time.Millisecond)
			}
			_, err := s.world.Do(context.Background(), fakedc.Step{Do: "fault", Method: "messages.sendMessage", Error: "FLOOD_WAIT_1"})
			told <- err
		}()
		text := strings.Repeat(strings.Repeat("a", 4000)+"\n\n", 3)
		got := s.sendAll(answer.SendRequest{To: "1001", Text: text, Key: key, Manner: answer.Manner{Split: true}})[0]
		if err := <-told; err != nil {
			t.Fatal(err)
		}
		if got.Error != nil || len(got.MessageIDs) != 3 || got.MessageIDs[0] == 0 || got.Repeated {
			t.Errorf("got %+v, %v", got, got.Error)
		}
		if texts := s.texts("ann"); len(texts) != 3 {
			t.Errorf("%d parts arrived", len(texts))
		}
	}
}
