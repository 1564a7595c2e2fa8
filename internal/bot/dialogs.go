package bot

import (
	"context"
	"iter"
	"sort"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/session"
)

// Dialogs lists the private chats that something is known of. It asks nobody.
func (b *Bot) Dialogs(ctx context.Context, req answer.DialogsRequest) iter.Seq2[answer.Dialog, error] {
	return func(yield func(answer.Dialog, error) bool) {
		for d, err := range b.dialogs(ctx, req.State) {
			if err != nil {
				yield(answer.Dialog{}, err)
				return
			}
			if !yield(b.dialogOf(d), nil) {
				return
			}
		}
	}
}

// dialogs are those of a state, as of now.
func (b *Bot) dialogs(ctx context.Context, state string) iter.Seq2[session.Dialog, error] {
	return func(yield func(session.Dialog, error) bool) {
		if !isState(state) {
			yield(session.Dialog{}, answer.Errorf(answer.Usage, "%q is not a state of a dialog", state).
				WithHint("write open, blocked, deleted, bot or unknown"))
			return
		}
		// They are read from the file, and somebody may ask right after a change.
		if err := b.file.Flush(ctx); err != nil {
			yield(session.Dialog{}, b.explain(err))
			return
		}
		now := b.now()
		for d, err := range b.file.Dialogs() {
			if err = reading(ctx, err); err != nil {
				yield(session.Dialog{}, err)
				return
			}
			d = d.AsOf(now)
			if (state == "" || d.Standing.String() == state) && !yield(d, nil) {
				return
			}
		}
	}
}

func isState(s string) bool {
	for _, st := range []session.Standing{
		session.StandingOpen, session.StandingBlocked, session.StandingDeleted, session.StandingBot, session.StandingUnknown,
	} {
		if st.String() == s {
			return true
		}
	}
	return s == ""
}

func (b *Bot) dialogOf(d session.Dialog) answer.Dialog {
	p, err := b.book.Peer(session.UserID(d.User))
	if err != nil {
		p = session.Peer{ID: session.UserID(d.User)} // known by an id alone
	}
	out := answer.Dialog{
		User: described(p, false), State: d.Standing.String(), Reason: string(d.Reason), Detail: d.Detail,
		Since: d.Since, Confirmed: d.Confirmed, Payload: d.Payload,
	}
	if d.Reason == session.ReasonJoinRequest {
		out.Until = d.Until
	}
	if d.Refusal != "" {
		out.Refusal = &answer.Refusal{Type: d.Refusal, At: d.Refused}
	}
	return out
}

// maxSources bounds the payloads that are told apart: strangers can make them up.
const maxSources = 100_000

// Sources counts who has written to the bot, by what their first /start carried,
// the most first. It asks nobody.
func (b *Bot) Sources(ctx context.Context, req answer.SourcesRequest) iter.Seq2[answer.SourceCount, error] {
	return func(yield func(answer.SourceCount, error) bool) {
		counts, others := map[string]int{}, 0
		for d, err := range b.dialogs(ctx, req.State) {
			if err != nil {
				yield(answer.SourceCount{}, err)
				return
			}
			if d.Began == 0 {
				continue // they have not come yet
			}
			if _, known := counts[d.Payload]; !known && len(counts) == maxSources {
				others++
				continue
			}
			counts[d.Payload]++
		}
		var list []answer.SourceCount
		for payload, n := range counts {
			list = append(list, answer.SourceCount{Payload: payload, People: n})
		}
		sort.Slice(list, func(i, j int) bool {
			x, y := &list[i], &list[j]
			return x.People > y.People || x.People == y.People && x.Payload < y.Payload
		})
		if others > 0 {
			list = append(list, answer.SourceCount{People: others, Others: true})
		}
		for _, s := range list {
			if !yield(s, nil) {
				return
			}
		}
	}
}
