package bot

import (
	"context"
	"iter"

	"github.com/f48b34c0/seen/internal/answer"
)

// Export lists the book for another one.
func (b *Bot) Export(ctx context.Context, req answer.ExportRequest) iter.Seq2[answer.Entry, error] {
	return func(yield func(answer.Entry, error) bool) {
		for e, err := range b.book.Export(req.Hashes) {
			if err = reading(ctx, err); err != nil {
				yield(answer.Entry{}, err)
				return
			}
			if !yield(e, nil) {
				return
			}
		}
	}
}

// Import enters an export by the rules of merging, in little memory. After an
// error, what came before it is in the book, and the counts tell of that.
func (b *Bot) Import(ctx context.Context, entries iter.Seq2[answer.Entry, error]) (answer.Imported, error) {
	// Access hashes are worth something to one account only. A file that nobody
	// has signed in with belongs to none yet, and would take all for another's.
	if b.file.BotID() == 0 {
		if _, err := b.api(ctx); err != nil {
			return answer.Imported{}, err
		}
	}
	done, err := b.book.Import(ctx, until(ctx, entries))
	out := answer.Imported{Read: done.Entries, New: done.New, Foreign: done.Foreign}
	if err != nil {
		return out, answer.From(b.explain(err)) // without the words of session around it
	}
	return out, nil
}

// until ends a sequence with an error when its caller has left.
func until(ctx context.Context, entries iter.Seq2[answer.Entry, error]) iter.Seq2[answer.Entry, error] {
	return func(yield func(answer.Entry, error) bool) {
		for e, err := range entries {
			if ctx.Err() != nil {
				yield(answer.Entry{}, answer.Errorf(answer.Interrupted, "interrupted: %w", ctx.Err()))
				return
			}
			if !yield(e, err) || err != nil {
				return
			}
		}
	}
}
