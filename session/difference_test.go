package session

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"

	"github.com/gotd/log"
	"github.com/gotd/td/bin"
	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"
)

// invoker answers calls from a function.
type invoker func(input bin.Encoder, output bin.Decoder) error

func (f invoker) Invoke(_ context.Context, input bin.Encoder, output bin.Decoder) error {
	return f(input, output)
}

func idleLanes() *lanes {
	st := &state{marks: make(map[sequence]*mark), changed: func() {}, found: true}
	return newLanes(st, log.For(nil), &counter{}, func() {})
}

// gotd's manager loses an edit in a difference (github.com/gotd/td/issues/1853):
// it gets the state and the channels' updates, and everything else is handed to
// the handlers, the messages first.
func TestDifferenceIsHandedOutBeforeTheManagerSeesIt(t *testing.T) {
	edit := &tg.UpdateEditMessage{Message: &tg.Message{ID: 1, PeerID: &tg.PeerUser{UserID: 1}}, Pts: 13, PtsCount: 1}
	stopped := &tg.UpdateBotStopped{UserID: 1, Stopped: true, Qts: 4}
	channel := &tg.UpdateNewChannelMessage{Message: &tg.Message{ID: 9, PeerID: &tg.PeerChannel{ChannelID: 7}}, Pts: 5, PtsCount: 1}
	lanes := idleLanes()
	f := fetcher{lanes: lanes, api: tg.NewClient(invoker(func(_ bin.Encoder, output bin.Decoder) error {
		output.(*tg.UpdatesDifferenceBox).Difference = &tg.UpdatesDifference{
			NewMessages:  []tg.MessageClass{&tg.Message{ID: 1, PeerID: &tg.PeerUser{UserID: 1}}},
			OtherUpdates: []tg.UpdateClass{edit, stopped, channel},
			State:        tg.UpdatesState{Pts: 13, Qts: 4},
		}
		return nil
	}))}
	got, err := f.UpdatesGetDifference(t.Context(), &tg.UpdatesGetDifferenceRequest{})
	if err != nil {
		t.Fatal(err)
	}
	d := got.(*tg.UpdatesDifference)
	if len(d.NewMessages) != 0 || len(d.OtherUpdates) != 1 || d.OtherUpdates[0] != tg.UpdateClass(channel) || d.State.Pts != 13 {
		t.Errorf("the manager gets %+v", d)
	}
	tasks := lanes.byChat[UserID(1)]
	if len(tasks) != 3 || tasks[1].update != tg.UpdateClass(edit) || tasks[2].update != tg.UpdateClass(stopped) {
		t.Fatalf("the handlers get %v", tasks)
	}
	if _, ok := tasks[0].update.(*tg.UpdateNewMessage); !ok || !tasks[0].counted {
		t.Errorf("the message came as %T", tasks[0].update)
	}
}

func TestEditInAChannelDifferenceIsHandedOut(t *testing.T) {
	edit := &tg.UpdateEditChannelMessage{Message: &tg.Message{ID: 1, PeerID: &tg.PeerChannel{ChannelID: 7}}, Pts: 13, PtsCount: 1}
	lanes := idleLanes()
	f := fetcher{lanes: lanes, api: tg.NewClient(invoker(func(_ bin.Encoder, output bin.Decoder) error {
		output.(*tg.UpdatesChannelDifferenceBox).ChannelDifference = &tg.UpdatesChannelDifference{
			Final:        true,
			Pts:          13,
			NewMessages:  []tg.MessageClass{&tg.Message{ID: 1, PeerID: &tg.PeerChannel{ChannelID: 7}}},
			OtherUpdates: []tg.UpdateClass{edit},
		}
		return nil
	}))}
	got, err := f.UpdatesGetChannelDifference(t.Context(), &tg.UpdatesGetChannelDifferenceRequest{Channel: &tg.InputChannelEmpty{}, Filter: &tg.ChannelMessagesFilterEmpty{}})
	if err != nil {
		t.Fatal(err)
	}
	d := got.(*tg.UpdatesChannelDifference)
	if len(d.NewMessages)+len(d.OtherUpdates) != 0 {
		t.Errorf("the manager gets %+v", d)
	}
	if tasks := lanes.byChat[ChannelID(7)]; len(tasks) != 2 || tasks[1].update != tg.UpdateClass(edit) {
		t.Errorf("the handlers get %v", tasks)
	}
}

// The manager only logs a difference that failed, and is then silent for a
// quarter of an hour.
func TestDifferenceIsAskedAgainAfterAPassingError(t *testing.T) {
	for _, tt := range []struct {
		name  string
		err   error
		again bool
	}{
		{"fault of the server", tgerr.New(500, "INTERNAL"), true},
		{"flood wait", tgerr.New(420, "FLOOD_WAIT_3"), true},
		{"connection lost", errors.New("broken pipe"), true},
		{"connection broken off", fmt.Errorf("wait for reconnect: %w", context.Canceled), true},
		{"dead session", tgerr.New(401, "AUTH_KEY_UNREGISTERED"), false},
		{"no access", tgerr.New(400, "CHANNEL_PRIVATE"), false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				calls := 0
				f := fetcher{lanes: idleLanes(), api: tg.NewClient(invoker(func(_ bin.Encoder, output bin.Decoder) error {
					if calls++; calls < 3 {
						return tt.err
					}
					output.(*tg.UpdatesDifferenceBox).Difference = &tg.UpdatesDifferenceEmpty{}
					return nil
				}))}
				_, err := f.UpdatesGetDifference(t.Context(), &tg.UpdatesGetDifferenceRequest{})
				if tt.again && (err != nil || calls != 3) || !tt.again && (err == nil || calls != 1) {
					t.Errorf("%d calls, %v", calls, err)
				}
			})
		})
	}
}
