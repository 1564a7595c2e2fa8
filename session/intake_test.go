package session

import (
	"testing"

	"github.com/gotd/td/telegram"
	"github.com/gotd/td/telegram/updates"
	"github.com/gotd/td/tg"
)

func TestPressureDropsPushesAndAsksForThemLater(t *testing.T) {
	f := mustOpen(t)
	ctx := t.Context()
	if err := f.state.SetState(ctx, 1, updates.State{Pts: 1}); err != nil {
		t.Fatal(err)
	}
	if err := f.state.SetChannelPts(ctx, 1, 7, 1); err != nil {
		t.Fatal(err)
	}
	l := newLanes(f.state, idleLanes().log, &counter{}, func() {})
	var dropped counter
	in := newIntake(l, f.state, &dropped)
	private := &tg.UpdateShort{Update: inChat(1, 1)}
	channel := func(id int64) tg.UpdatesClass {
		return &tg.UpdateShort{Update: &tg.UpdateNewChannelMessage{
			Message: &tg.Message{ID: 1, PeerID: &tg.PeerChannel{ChannelID: id}}, Pts: 2, PtsCount: 1,
		}}
	}
	for range pressure {
		in.pushed(private)
	}
	in.pushed(private)
	in.pushed(channel(7))
	if dropped.Load() != 2 || len(in.items) != pressure {
		t.Fatalf("dropped %d, %d wait; want 2, %d", dropped.Load(), len(in.items), pressure)
	}
	in.pushed(channel(8)) // the manager does not follow it, so could not fetch it
	in.answered(item{updates: private})
	if dropped.Load() != 2 || len(in.items) != pressure+2 {
		t.Fatalf("dropped %d, %d wait; want 2, %d", dropped.Load(), len(in.items), pressure+2)
	}
	in.eased()
	if len(in.items) != pressure+2 {
		t.Fatal("asked for what was dropped while the row was long")
	}
	in.items, in.size = nil, 0
	in.eased()
	if len(in.items) != 2 {
		t.Fatalf("asked for %d things, want the account's updates and the channel's", len(in.items))
	}
	if _, ok := in.items[0].updates.(*tg.UpdatesTooLong); !ok {
		t.Errorf("first comes %T", in.items[0].updates)
	}
	in.items, in.size = nil, 0
	in.eased()
	if len(in.items) != 0 {
		t.Error("asked twice")
	}
}

// A short message holds ids only. From somebody who was never seen it is fetched
// again, with them; gotd converts the short forms before the handler.
func TestShortMessageFromAStrangerIsFetchedWithThem(t *testing.T) {
	f := mustOpen(t)
	var opts telegram.Options
	m := f.Wire(&opts)
	short := &tg.UpdateShort{Update: inChat(1001, 1)}
	if err := m.pushed(t.Context(), short); err != nil {
		t.Fatal(err)
	}
	put(t, f, bearer(1001, 1000))
	if err := m.pushed(t.Context(), short); err != nil {
		t.Fatal(err)
	}
	if _, ok := m.intake.items[0].updates.(*tg.UpdatesTooLong); !ok {
		t.Errorf("from a stranger: the manager gets %T", m.intake.items[0].updates)
	}
	if m.intake.items[1].updates != tg.UpdatesClass(short) {
		t.Errorf("from Ann: the manager gets %T", m.intake.items[1].updates)
	}
}
