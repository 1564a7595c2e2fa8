package bot

import (
	"context"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/internal/build"
)

// Status tells how the bot is. It asks nobody.
func (b *Bot) Status(context.Context) (answer.Status, error) {
	size, err := b.file.Size()
	if err != nil {
		return answer.Status{}, answer.Errorf(answer.Failed, "read the session file: %w", err)
	}
	owed, err := b.file.Outbox().Len()
	if err != nil {
		return answer.Status{}, answer.Errorf(answer.Failed, "read the session file: %w", err)
	}
	counts := b.book.Counts()
	st := answer.Status{
		File:    answer.File{Path: b.file.Path(), Size: size},
		Peers:   answer.Counts{Users: int(counts.Users), Chats: int(counts.Chats), Channels: int(counts.Channels)},
		Outbox:  owed,
		Version: build.Version(),
	}
	if t, ok := b.file.Trouble(); ok {
		st.File.Trouble = &answer.Trouble{Reason: t.Err.Error(), Since: t.Since.UTC(), Waiting: t.Waiting}
	}
	if self, err := b.self(); err == nil {
		p := described(self, false)
		st.Bot = &p
	}
	b.mu.Lock()
	l, since := b.link, b.running
	b.mu.Unlock()
	if since.IsZero() {
		return st, nil
	}
	st.Running, st.Since = true, since.UTC()
	l.mu.Lock()
	st.Connected = l.connected && l.signedIn
	l.mu.Unlock()
	s := l.memory.Stats()
	st.Updates = &answer.Updates{
		Envelopes: s.Envelopes, Sightings: s.Sightings,
		Dropped: s.Dropped, Lost: s.Lost, Failed: s.Failed, Skipped: s.Skipped,
	}
	if f, ok := l.memory.LastFailure(); ok {
		st.Updates.LastFailure = &answer.Failure{
			Update: f.Update.TypeName(), Chat: f.Chat.BotAPI(), Message: f.Message,
			Error: f.Err.Error(), At: f.At.UTC(),
		}
	}
	return st, nil
}
