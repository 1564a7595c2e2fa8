package bot

import (
	"context"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/session"
)

// Forget removes a peer from the book. It asks nobody: whom the server would
// have to be asked about is not in the book.
func (b *Bot) Forget(ctx context.Context, req answer.ForgetRequest) (answer.Forgotten, error) {
	p, source, err := b.find(ctx, req.Ref, true)
	if err != nil {
		return answer.Forgotten{}, err
	}
	if p.ID == session.UserID(b.file.BotID()) {
		return answer.Forgotten{}, answer.Errorf(answer.Usage, "the bot cannot forget itself")
	}
	if err := b.book.Forget(ctx, p.ID); err != nil {
		return answer.Forgotten{}, b.explain(err)
	}
	out := described(p, false)
	out.Input, out.Source = req.Ref, source
	return answer.Forgotten{Forgotten: out}, nil
}

// Compact rewrites the session file, so that nothing is left in it of what was
// removed.
func (b *Bot) Compact(ctx context.Context, _ answer.CompactRequest) (answer.Compacted, error) {
	if err := b.file.Compact(ctx); err != nil {
		return answer.Compacted{}, b.explain(err)
	}
	size, err := b.file.Size()
	if err != nil {
		return answer.Compacted{}, unreadable(err)
	}
	return answer.Compacted{Compacted: answer.File{Path: b.file.Path(), Size: size, Encrypted: b.file.Sealed()}}, nil
}
