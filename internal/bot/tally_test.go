package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/telegram"
	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"
)

func TestCallsAreCountedByMethodAndEnd(t *testing.T) {
	b := &Bot{}
	call := func(input bin.Encoder, err error) {
		next := telegram.InvokeFunc(func(context.Context, bin.Encoder, bin.Decoder) error { return err })
		if got := b.tally.Handle(next)(t.Context(), input, nil); !errors.Is(got, err) {
			t.Errorf("got %v, want %v", got, err)
		}
	}
	send := &tg.MessagesSendMessageRequest{}
	call(send, nil)
	call(send, nil)
	call(send, tgerr.New(420, "FLOOD_WAIT_30"))
	call(send, fmt.Errorf("wrapped: %w", tgerr.New(403, "USER_IS_BLOCKED")))
	call(send, tgerr.New(400, "<script>"))
	call(send, context.Canceled)
	call(&tg.UsersGetUsersRequest{}, context.DeadlineExceeded)
	call(&tg.UsersGetUsersRequest{}, errors.New("connection reset"))

	var got []string
	for _, c := range b.Calls() {
		got = append(got, fmt.Sprintf("%s %s %d", c.Method, c.End, c.Count))
		if c.End == "FLOOD_WAIT" && (c.Floods != 1 || c.Waits != 30*time.Second) {
			t.Errorf("got %+v", c)
		}
	}
	slices.Sort(got)
	want := []string{
		"messages.sendMessage FLOOD_WAIT 1", "messages.sendMessage USER_IS_BLOCKED 1", "messages.sendMessage canceled 1",
		"messages.sendMessage ok 2", "messages.sendMessage other 1", "users.getUsers lost 1", "users.getUsers timeout 1",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

// A server that invents errors does not fill the memory.
func TestOnlySoManyEndsAreCountedApart(t *testing.T) {
	var c tally
	for n := range 2 * maxSeries {
		c.note("users.getUsers", tgerr.New(400, fmt.Sprintf("X_%c%c%c", 'A'+n%26, 'A'+n/26%26, 'A'+n/676)), 0)
	}
	if len(c.sum) > maxSeries+1 {
		t.Errorf("%d series", len(c.sum))
	}
	if other := c.sum[series{"other", "other"}]; other == nil || other.Count == 0 {
		t.Errorf("the others are not counted: %+v", other)
	}
}
