package session

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/telegram"
	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"
)

// Handle implements telegram.Middleware: it sees the answer to every call, the
// follower's own ones among them.
//
// An answer that shows somebody new is returned after the commit that holds
// them. If that fails, the caller gets ErrUnwritten in the place of the answer: the
// server has done what was asked. Differences are not waited for: the update state
// covers them.
func (m *Memory) Handle(next tg.Invoker) telegram.InvokeFunc {
	return func(ctx context.Context, input bin.Encoder, output bin.Decoder) error {
		sent, known := m.file.now(), m.file.borneOut(input)
		if err := next.Invoke(ctx, input, output); err != nil {
			at := m.clock.at(sent)
			if e := reacted(input, err, at.Unix(), known); e != nil {
				m.file.add(e)
			}
			if failed := m.refused(ctx, input, err, at); failed != nil {
				return errors.Join(err, failed)
			}
			return err
		}
		date, past := dated(output)
		at := int64(date)
		if date != 0 && !past {
			m.clock.answered(date, sent, m.file.now())
		} else { // it is newer than the question, and than what it tells of
			m.clock.pushed(date)
			at = max(m.clock.at(sent).Unix(), at)
		}
		h := harvest{
			at: at, source: Source{Via: ViaAnswer, What: method(input)}, queue: &m.file.queue,
		}
		switch req := input.(type) {
		case *tg.UpdatesGetDifferenceRequest, *tg.UpdatesGetChannelDifferenceRequest:
			h.source.Via = ViaDifference
		case *tg.ContactsResolveUsernameRequest:
			h.told = fold(req.Username)
		}
		h.answer(output)
		h.answered(input, known)
		m.enter(&h)
		if err := m.authorized(ctx, next, input, output); err != nil {
			return err
		}
		m.feed(output)
		if len(h.found) == 0 || h.source.Via == ViaDifference {
			return nil
		}
		if _, trouble := m.file.Trouble(); trouble && m.file.holds(h.found) {
			return nil // nobody new, so nothing to wait for
		}
		if err := m.file.Flush(ctx); err != nil {
			return fmt.Errorf("%s was answered, but whom the answer shows is not remembered: %w", h.source.What, err)
		}
		return nil
	}
}

// refused learns from an error: a name that nobody bears is nobody's.
func (m *Memory) refused(ctx context.Context, input bin.Encoder, err error, at time.Time) error {
	req, ok := input.(*tg.ContactsResolveUsernameRequest)
	if !ok || !tgerr.Is(err, "USERNAME_NOT_OCCUPIED") {
		return nil
	}
	m.file.add(vacate{name: fold(req.Username), at: at.Unix()})
	return m.file.Flush(ctx)
}

// authorized stamps the file after a sign-in and stores the update state at
// once: what happens from now on is then fetched, whenever that is.
func (m *Memory) authorized(ctx context.Context, next tg.Invoker, input bin.Encoder, output bin.Decoder) error {
	if _, ok := input.(*tg.AuthImportBotAuthorizationRequest); !ok {
		return nil
	}
	box, _ := unbox(output)
	a, ok := box.(*tg.AuthAuthorization)
	if !ok {
		return nil
	}
	self, ok := a.User.(*tg.User)
	if !ok {
		return fmt.Errorf("sign in: the server sent %s for the bot", a.User.TypeName())
	}
	if err := m.file.signedIn(self.ID); err != nil {
		return err
	}
	if !m.file.state.hasState() {
		var st tg.UpdatesState
		if err := next.Invoke(ctx, &tg.UpdatesGetStateRequest{}, &st); err != nil {
			return fmt.Errorf("get update state: %w", err)
		}
		if err := m.file.state.SetState(ctx, self.ID, stateOf(st)); err != nil {
			return err
		}
	}
	return m.file.Flush(ctx)
}

// feed gives the updates in an answer to the follower, which would take the pts
// that they hold for a gap if it did not see them.
func (m *Memory) feed(output bin.Decoder) {
	box, ok := output.(*tg.UpdatesBox)
	if !ok || m.passive {
		return
	}
	m.intake.answered(item{updates: copied(box.Updates)})
}

// copied returns an envelope of its own for the follower: the caller may sort and cut
// the lists that it was given.
func copied(u tg.UpdatesClass) tg.UpdatesClass {
	switch u := u.(type) {
	case *tg.Updates:
		c := *u
		c.Updates = slices.Clone(u.Updates)
		return &c
	case *tg.UpdatesCombined:
		c := *u
		c.Updates = slices.Clone(u.Updates)
		return &c
	default:
		return u
	}
}
