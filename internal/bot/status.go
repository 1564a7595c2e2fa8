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
		return answer.Status{}, unreadable(err)
	}
	owed, err := b.file.Outbox().Len()
	if err != nil {
		return answer.Status{}, unreadable(err)
	}
	spent, err := b.file.Limits().Lookups(b.opts.Now())
	if err != nil {
		return answer.Status{}, unreadable(err)
	}
	written, err := b.file.Written()
	if err != nil {
		return answer.Status{}, unreadable(err)
	}
	counts, hashes := b.book.Counts(), b.book.HashCounts()
	st := answer.Status{
		File:    answer.File{Path: b.file.Path(), Size: size, LastCommit: written.UTC(), Encrypted: b.file.Sealed()},
		Peers:   answer.Counts{Users: int(counts.Users), Chats: int(counts.Chats), Channels: int(counts.Channels)},
		Hashes:  answer.HashCounts{Full: int(hashes.Full), Min: int(hashes.Min), None: int(hashes.None)},
		Dialogs: b.standings(),
		Outbox:  owed,
		Lookups: answer.Lookups{Used: spent.Used(), Limit: b.gate.lookups, Next: spent.Free(b.gate.lookups)},
		Version: build.Version(),
	}
	for _, f := range b.gate.waits.pending() {
		st.Floods = append(st.Floods, answer.Flood{Method: f.Method, Chat: peerID(f.Chat), Until: f.Until.UTC()})
		if f.Method == lookingUp {
			st.Lookups.Next = later(st.Lookups.Next, f.Until.UTC())
		}
	}
	if t, ok := b.file.Trouble(); ok {
		st.File.Trouble = &answer.Trouble{Reason: t.Err.Error(), Since: t.Since.UTC(), Waiting: t.Waiting}
	}
	if self, err := b.self(); err == nil {
		p := described(self, false)
		st.Bot = &p
	}
	b.mu.Lock()
	l, since, before := b.link, b.running, b.counted
	b.mu.Unlock()
	if since.IsZero() {
		return st, nil
	}
	st.Running, st.Since = true, since.UTC()
	l.mu.Lock()
	if st.Connected = l.connected && l.signedIn; st.Connected {
		st.ConnectedSince = l.since.UTC()
	}
	l.mu.Unlock()
	if st.Connected {
		st.DC = l.client.Config().ThisDC
	}
	s, behind := sum(before, l.memory.Stats()), l.memory.Backlog()
	st.Updates = &answer.Updates{
		Envelopes: s.Envelopes, Sightings: s.Sightings,
		Dropped: s.Dropped, Lost: s.Lost, Failed: s.Failed, Skipped: s.Skipped,
		Waiting: behind.Waiting, LagSeconds: behind.Oldest.Seconds(),
	}
	if f, ok := l.memory.LastFailure(); ok {
		st.Updates.LastFailure = &answer.Failure{
			Update: f.Update.TypeName(), Chat: f.Chat.BotAPI(), Message: f.Message,
			Error: f.Err.Error(), At: f.At.UTC(),
		}
	}
	return st, nil
}

// standings counts private chats by whether the bot may write there.
func (b *Bot) standings() map[string]int {
	out := make(map[string]int)
	for standing, n := range b.file.Standings() {
		out[standing.String()] += int(n)
	}
	return out
}
