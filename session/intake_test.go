package session

import (
	"testing"

	"github.com/gotd/td/telegram"
	"github.com/gotd/td/telegram/updates"
	"github.com/gotd/td/tg"
)

func TestTooManyPushesAreDroppedAndAskedForLater(t *testing.T) {
	f := mustOpen(t)
	ctx := t.Context()
	if err := f.state.SetState(ctx, 1, updates.State{Pts: 1}); err != nil {
		t.Fatal(err)
	}
	if err := f.state.SetChannelPts(ctx, 1, 7, 1); err != nil {
		t.Fatal(err)
	}
	var got stats
	in := newIntake(f.state, &got)
	private := &tg.UpdateShort{Update: inChat(1, 1)}
	channel := func(id int64) tg.UpdatesClass { return &tg.UpdateShort{Update: posted(1, id, 2)} }
	for range pressure {
		in.pushed(private)
	}
	in.pushed(private)
	in.pushed(channel(7))
	in.pushed(&tg.UpdateShort{Update: &tg.UpdateBotInlineQuery{}}) // which nobody can fetch
	in.pushed(channel(8))                                          // not followed yet, so it could not be fetched
	in.answered(item{updates: private})
	if got.dropped.Load() != 2 || got.lost.Load() != 1 || len(in.items) != pressure+2 {
		t.Fatalf("dropped %d, lost %d, %d wait", got.dropped.Load(), got.lost.Load(), len(in.items))
	}
	items := in.take()
	if len(items) != pressure+4 {
		t.Fatalf("%d are taken, want %d and a question for the account and the channel", len(items), pressure+2)
	}
	if _, ok := items[pressure+2].updates.(*tg.UpdatesTooLong); !ok {
		t.Errorf("first is asked with %T", items[pressure+2].updates)
	}
	if len(in.take()) != 0 {
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

func (in *intake) waiting() int {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.size
}
