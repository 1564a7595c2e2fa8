package fakedc

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Do lets one step happen and says what came of it. The error is also in the
// Result. Pushes that the step causes are on their way when Do returns.
func (w *World) Do(ctx context.Context, s Step) (Result, error) {
	r, err := w.do(ctx, s)
	if err != nil {
		err = fmt.Errorf("%s: %w", s.Do, err)
		return Result{Error: err.Error()}, err
	}
	r.OK = true
	return r, nil
}

func (w *World) do(ctx context.Context, s Step) (Result, error) {
	defer w.count()
	switch s.Do {
	case "person":
		id, err := w.AddPerson(Person{
			Key: s.Who, FirstName: s.FirstName, LastName: s.LastName,
			Username: s.Username, Lang: s.Lang, Phone: s.Phone, Token: s.Token,
		})
		return Result{ID: id}, err
	case "chat":
		return w.found(s)
	case "crowd":
		return w.gather(ctx, s)
	case "chorus":
		return w.sing(ctx, s)
	case "hold":
		w.board.hold()
		return Result{}, nil
	case "release":
		pushes, err := w.board.release(ctx)
		return Result{Count: pushes}, err
	case "wait":
		return Result{}, w.wait(ctx, s)
	case "clock":
		return Result{}, w.jump(s)
	case "calls":
		return Result{Calls: w.Calls()}, nil
	case "stats":
		return Result{Stats: w.stats()}, nil
	case "fault":
		return Result{}, w.spoil(s)
	case "malice":
		return w.offend(ctx, s)
	case "cut":
		return Result{Count: w.board.cut()}, nil
	case "forget_keys":
		if s.Drop {
			return Result{Count: w.keys.drop()}, nil
		}
		return Result{Count: w.keys.forget()}, nil
	case "sent", "log":
		return w.report(s)
	case "set":
		return Result{}, w.set(s)
	case "queries":
		return w.asked(s)
	case "commands":
		return w.listCommands(s)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	p := w.keyed[s.Who]
	if p == nil {
		return Result{}, fmt.Errorf("nobody is called %q", s.Who)
	}
	act := actOf(s.Do)
	if act == nil {
		return Result{}, errors.New("no such step")
	}
	if p.deleted {
		return Result{}, fmt.Errorf("%s has deleted the account", s.Who)
	}
	r, err := act(w, p, s)
	r.ID = p.id
	return r, err
}

func (w *World) wait(ctx context.Context, s Step) error {
	d, err := time.ParseDuration(s.For)
	if err != nil {
		return err
	}
	if d < 0 {
		return errors.New("time does not go back")
	}
	before := w.now()
	if s.Real {
		if err := sleep(ctx, d); err != nil {
			return err
		}
	}
	// A clock that follows the machine's has moved by itself meanwhile.
	if rest := d - w.now().Sub(before); rest > 0 {
		w.clock.advance(rest)
	}
	return nil
}

// jump moves clocks without time passing: Telegram's servers have been wrong about
// the time as well.
func (w *World) jump(s Step) error {
	d, err := time.ParseDuration(s.For)
	if err != nil {
		return err
	}
	w.clock.jump(d, s.Real)
	return nil
}

func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return nil
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (w *World) report(s Step) (Result, error) {
	key := s.Chat
	if key == "" || key == "bot" {
		key = s.Who
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.chat(key) == nil && w.keyed[key] == nil {
		return Result{}, fmt.Errorf("no chat or person is called %q", key)
	}
	r := Result{}
	for _, m := range w.kept(key) {
		if s.Do == "log" || len(w.bots) > 0 && m.from == w.bots[0].user && m.action == nil {
			r.Messages = append(r.Messages, w.stored(m))
		}
	}
	r.Count = len(r.Messages)
	return r, nil
}

// found lets a chat come into being.
func (w *World) found(s Step) (Result, error) {
	c := Chat{Key: s.Chat, Title: s.Text, Username: s.Username, Members: s.Members}
	switch s.Kind {
	case "group":
	case "supergroup", "":
		c.Super = true
	case "forum":
		c.Forum = true
	case "channel":
		c.Channel = true
	default:
		return Result{}, fmt.Errorf("no kind of chat is called %q", s.Kind)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	added, err := w.addChat(c)
	if err != nil {
		return Result{}, err
	}
	return Result{ID: added.id}, nil
}

// asked reports the queries of a bot in the order of their ids.
func (w *World) asked(s Step) (Result, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	a, err := w.botOf(s)
	if err != nil {
		return Result{}, err
	}
	var r Result
	for n := int64(1); n <= w.made; n++ {
		id := w.hash(0, kindMade, n)
		if q := a.queries[id]; q != nil {
			r.Queries = append(r.Queries, AskedQuery{
				ID: id, Inline: q.Inline, From: q.From, Text: q.Text,
				Answered: q.Done, Answer: q.Answer, Results: q.results(),
			})
		}
	}
	r.Count = len(r.Queries)
	return r, nil
}

// count makes a keeper look for what has changed.
func (w *World) count() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.steps++
}

func (w *World) set(s Step) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	opts := w.opts
	dec := json.NewDecoder(bytes.NewReader(s.Set))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&opts); err != nil {
		return err
	}
	opts.setDefaults()
	w.opts = opts
	return nil
}
