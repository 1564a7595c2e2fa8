package fakedc

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// firstCrowdID is where the ids of crowds begin: user000001 has the one after it.
const firstCrowdID = 2_000_000

// gather lets Count new people write one message each. They keep their numbers
// across several crowds. In a group they are members from then on; nobody is told
// of that.
func (w *World) gather(ctx context.Context, s Step) (Result, error) {
	if s.Count <= 0 {
		return Result{}, errors.New("a crowd needs a count")
	}
	group, err := w.meeting(s)
	if err != nil {
		return Result{}, err
	}
	began := time.Now()
	for i := range s.Count {
		if err := ctx.Err(); err != nil {
			return Result{}, err
		}
		// Waiting happens between people, with the world unlocked.
		if err := w.board.settle(ctx); err != nil {
			return Result{}, err
		}
		if s.Rate > 0 {
			due := time.Duration(float64(i) / s.Rate * float64(time.Second))
			if early := due - time.Since(began); early > 0 {
				if err := sleep(ctx, early); err != nil {
					return Result{}, err
				}
			}
		}
		where := group
		if s.Mix && i%2 == 0 {
			where = ""
		}
		if err := w.arrive(where, s.Min); err != nil {
			return Result{}, err
		}
	}
	return Result{Count: s.Count}, nil
}

// meeting is the key of the group that a crowd goes to, or "" for the private chat.
// A mixed crowd that names none goes to the first supergroup.
func (w *World) meeting(s Step) (string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	private := s.Chat == "" || s.Chat == "bot"
	if private && !s.Mix {
		return "", nil
	}
	for _, c := range w.chats {
		if c.key == s.Chat || private && c.super && !c.broadcast {
			return c.key, nil
		}
	}
	return "", fmt.Errorf("no chat is called %q", s.Chat)
}

func (w *World) arrive(where string, min bool) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := w.crowd + 1
	key := fmt.Sprintf("user%06d", n)
	p, err := w.addPerson(Person{
		Key: key, ID: firstCrowdID + int64(n),
		FirstName: "User", LastName: fmt.Sprintf("%06d", n), Username: key, Lang: "en",
	})
	if err != nil {
		return err
	}
	w.crowd = n
	if c := w.chat(where); c != nil {
		c.add(p, w.date())
	}
	_, err = w.write(p, Step{Who: key, Chat: where, Text: fmt.Sprintf("hello from %d", n), Min: min})
	return err
}
