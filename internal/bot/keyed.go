package bot

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"time"

	"github.com/gotd/td/tgerr"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/session"
)

// randomID is that of a part of a letter. It is the same for the same key, so that the
// server itself refuses a second copy.
func (b *Bot) randomID(l *letter, n int) (int64, error) {
	if l.key != "" {
		return b.file.Deliveries().RandomID(l.slip(n)), nil
	}
	var buf [8]byte
	if _, err := rand.Read(buf[:]); err != nil {
		return 0, answer.Errorf(answer.Failed, "draw a random id: %w", err)
	}
	return int64(binary.LittleEndian.Uint64(buf[:])), nil
}

func (l *letter) slip(n int) session.Slip {
	return session.Slip{To: l.to.ID, Key: l.key, Part: n}
}

// try notes that letters are about to be sent, and returns what is known of the parts
// of each: nothing, if it has no key. They cost one write together.
func (b *Bot) try(ctx context.Context, letters ...*letter) ([][]session.Delivery, error) {
	var slips []session.Slip
	for _, l := range letters {
		for n := range l.parts {
			if l.key != "" {
				slips = append(slips, l.slip(n))
			}
		}
	}
	var known []session.Delivery
	if len(slips) > 0 {
		var err error
		if known, err = b.file.Deliveries().Try(ctx, b.opts.Now(), slips); err != nil {
			return nil, b.explain(err)
		}
	}
	out := make([][]session.Delivery, len(letters))
	for i, l := range letters {
		if l.key == "" {
			out[i] = make([]session.Delivery, len(l.parts))
			continue
		}
		out[i], known = known[:len(l.parts)], known[len(l.parts):]
	}
	return out, nil
}

// certain refuses to send what may have been sent, if the server may have forgotten its
// random id: better no message than two.
func (b *Bot) certain(l *letter, before session.Delivery) error {
	if before.Tried.IsZero() || b.opts.Now().Sub(before.Tried) <= remembered {
		return nil
	}
	return answer.Errorf(answer.Undetermined, "a message to %s with this key was begun at %s, and it is not known whether it arrived",
		title(l.to), before.Tried.UTC().Format(time.RFC3339)).
		WithHint("look there; another key sends it again")
}

// confirm notes that a part was sent.
func (b *Bot) confirm(l *letter, n int, m posted) {
	if l.key != "" {
		b.file.Deliveries().Confirm(l.slip(n), m.id, m.date)
	}
}

// untry notes that a part was not sent.
func (b *Bot) untry(l *letter, n int) {
	if l.key != "" {
		b.file.Deliveries().Drop(l.slip(n))
	}
}

// refused reports whether a call was surely not carried out.
func refused(err error) bool {
	rpc, ok := tgerr.As(err)
	return ok && rpc.Code >= 400 && rpc.Code < 500 || flood(err) != nil
}
