package bot

import (
	"context"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/session"
)

// Health tells what keeps the bot from doing its work, and nil if nothing does:
// a session file that cannot be written, or not in time. A lost connection is
// none of this, because it comes back by itself.
func (b *Bot) Health(ctx context.Context) error {
	if err := b.file.Flush(ctx); err != nil {
		return answer.Errorf(answer.Failed, "the session file is not written: %w", err)
	}
	return nil
}

// Writes counts what was written to the session file.
func (b *Bot) Writes() session.Writes { return b.file.Writes() }
