package bot

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"
	"go.uber.org/zap"

	"github.com/f48b34c0/seen/session"
)

// invoker answers calls from a function.
type invoker func(input bin.Encoder, output bin.Decoder) error

func (f invoker) Invoke(_ context.Context, input bin.Encoder, output bin.Decoder) error {
	return f(input, output)
}

// A row of the outbox leaves with an answer that decides, and with no other; the
// same row is sent under the same random id every time.
func TestOwedMessageIsSettledByWhatTheServerDecides(t *testing.T) {
	for _, tt := range []struct {
		name    string
		answers []error
		tried   bool
		since   time.Duration
		calls   int
		left    int
	}{
		{"taken", []error{nil}, false, 0, 1, 0},
		{"taken before, and confirmed by that", []error{tgerr.New(500, "RANDOM_ID_DUPLICATE")}, true, 0, 1, 0},
		{"refused for good", []error{tgerr.New(403, "USER_IS_BLOCKED")}, false, 0, 1, 0},
		{"tried in an earlier run", []error{nil}, true, 0, 1, 0},
		{"tried too long ago to be sure", []error{nil}, true, 2 * time.Hour, 0, 0},
		{"old, and never tried", []error{nil}, false, 2 * time.Hour, 1, 0},
		{"stopped while waiting for a flood", []error{tgerr.New(420, "FLOOD_WAIT_3600")}, false, 0, 1, 1},
		{"stopped after an error that says nothing", []error{errors.New("broken pipe")}, false, 0, 1, 1},
		{"dead session", []error{tgerr.New(401, "AUTH_KEY_UNREGISTERED")}, false, 0, 1, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := &Bot{file: openFile(t), opts: Options{Logger: zap.NewNop()}}
			b.book = b.file.Book()
			enter(t, wired(t, b.file), &tg.User{ID: 1001, FirstName: "Ann"})
			box := b.file.Outbox()
			box.Greet(session.Greeting{User: 1001, Message: 5, At: time.Now().Add(-tt.since), Text: "Hello"})
			flush(t, b.file)
			row := rows(t, box)[0]
			if tt.tried {
				box.Trying(row, true)
				flush(t, b.file)
			}
			calls := 0
			ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
			defer cancel()
			s := sender{b, tg.NewClient(invoker(func(input bin.Encoder, output bin.Decoder) error {
				req := input.(*tg.MessagesSendMessageRequest)
				if req.RandomID != row.RandomID {
					t.Errorf("sent under the random id %d, want %d", req.RandomID, row.RandomID)
				}
				err := tt.answers[min(calls, len(tt.answers)-1)]
				calls++
				if err == nil {
					output.(*tg.UpdatesBox).Updates = &tg.UpdateShortSentMessage{ID: 6}
				}
				return err
			}))}
			_ = s.run(ctx)
			if calls != tt.calls {
				t.Errorf("%d calls, want %d", calls, tt.calls)
			}
			flush(t, b.file)
			if left := rows(t, box); len(left) != tt.left {
				t.Errorf("%d rows are left, want %d", len(left), tt.left)
			}
		})
	}
}
