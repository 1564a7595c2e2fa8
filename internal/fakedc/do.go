package fakedc

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/gotd/td/tgerr"
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
	switch s.Do {
	case "person":
		id, err := w.AddPerson(Person{
			Key: s.Who, FirstName: s.FirstName, LastName: s.LastName,
			Username: s.Username, Lang: s.Lang, Token: s.Token,
		})
		return Result{ID: id}, err
	case "crowd":
		return w.gather(ctx, s)
	case "wait":
		return Result{}, w.wait(ctx, s)
	case "calls":
		return Result{Calls: w.Calls()}, nil
	case "stats":
		return Result{Stats: w.stats()}, nil
	case "fault":
		return Result{}, w.spoil(s)
	case "cut":
		return Result{Count: w.board.cut()}, nil
	case "forget_keys":
		if s.Drop {
			return Result{Count: w.keys.drop()}, nil
		}
		return Result{Count: w.keys.forget()}, nil
	case "sent", "log":
		return w.report(s)
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

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (w *World) spoil(s Step) error {
	if s.Method == "" {
		w.faults.clear()
		return nil
	}
	x := &fault{method: s.Method, count: s.Count, code: s.Code, error: s.Error, silent: s.Silent}
	if x.count == 0 {
		x.count = 1
	}
	if s.For != "" {
		var err error
		if x.delay, err = time.ParseDuration(s.For); err != nil {
			return err
		}
	}
	if x.error == "" && !x.silent && x.delay == 0 {
		return errors.New("a fault needs an error, silence or a delay")
	}
	if x.error != "" && x.code == 0 {
		x.code = codeOf(x.error)
	}
	w.faults.add(x)
	return nil
}

func codeOf(name string) int {
	switch tgerr.New(0, name).Type {
	case "FLOOD_WAIT", "FLOOD_PREMIUM_WAIT", "SLOWMODE_WAIT":
		return 420
	case "AUTH_KEY_UNREGISTERED", "SESSION_REVOKED", "USER_DEACTIVATED":
		return 401
	}
	return 400
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
		if s.Do == "log" || len(w.bots) > 0 && m.from == w.bots[0].user && m.action == actionNone {
			r.Messages = append(r.Messages, m.stored())
		}
	}
	r.Count = len(r.Messages)
	return r, nil
}

func (w *World) stats() *Stats {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := &Stats{People: len(w.people), Date: w.date(), Chats: map[string]ChatStats{}}
	s.Connections, s.Sessions = w.board.count()
	if len(w.bots) > 0 {
		s.Pts, s.Qts = w.bots[0].pts, w.bots[0].qts
	}
	for _, c := range w.chats {
		x := ChatStats{Members: len(c.members), Messages: len(c.messages)}
		if c.super {
			x.Pts = c.pts
		}
		s.Chats[c.key] = x
	}
	return s
}
