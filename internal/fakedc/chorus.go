package fakedc

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// sing lets all Members write to a bot in private. The bot hears of Size of them
// in one container, as it does after it was away for a moment.
func (w *World) sing(ctx context.Context, s Step) (Result, error) {
	if len(s.Members) == 0 {
		return Result{}, errors.New("a chorus needs members")
	}
	for some := range slices.Chunk(s.Members, max(s.Size, 1)) {
		if err := ctx.Err(); err != nil {
			return Result{}, err
		}
		// Waiting happens between containers, with the world unlocked.
		if err := w.board.settle(ctx); err != nil {
			return Result{}, err
		}
		if err := w.together(some, s); err != nil {
			return Result{}, err
		}
	}
	return Result{Count: len(s.Members)}, nil
}

// together lets some write at once.
func (w *World) together(some []string, s Step) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	a, err := w.botOf(s)
	if err != nil {
		return err
	}
	text, found := trim(s.Text, nil)
	if text == "" {
		return errors.New("nothing to say")
	}
	// Nobody has written before all are known to be there.
	people := make([]*person, len(some))
	for i, key := range some {
		if people[i] = w.keyed[key]; people[i] == nil || people[i].deleted {
			return fmt.Errorf("nobody is called %q", key)
		}
	}
	events := make([]event, 0, len(people))
	for _, p := range people {
		if err := w.open(a, p); err != nil {
			return fmt.Errorf("%s: %w", p.key, err)
		}
		m := &message{from: p, with: p, date: w.date(), text: text, entities: withFound(text, found)}
		d := a.dialog(p)
		d.messages = append(d.messages, m)
		events = append(events, a.append(event{what: whatMessage, date: m.date, message: m}))
	}
	return w.pushAll(a, events, nil, nil)
}
