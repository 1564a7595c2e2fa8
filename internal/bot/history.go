package bot

import (
	"context"
	"iter"

	"github.com/f48b34c0/seen/internal/answer"
)

// History lists what changed about a peer of the book, oldest first. It asks
// nobody.
func (b *Bot) History(ctx context.Context, req answer.HistoryRequest) iter.Seq2[answer.Change, error] {
	return func(yield func(answer.Change, error) bool) {
		p, _, err := b.find(ctx, req.Ref, true)
		if err != nil {
			yield(answer.Change{}, err)
			return
		}
		// The history is read from the file, and somebody may ask right after a
		// change.
		if err := b.file.Flush(ctx); err != nil {
			yield(answer.Change{}, b.explain(err))
			return
		}
		for c, err := range b.book.History(p.ID) {
			if err = reading(ctx, err); err != nil {
				yield(answer.Change{}, err)
				return
			}
			out := answer.Change{At: c.At, What: c.What.String(), Old: c.Old, New: c.New, Other: peerID(c.Other)}
			if !yield(out, nil) {
				return
			}
		}
	}
}
