package bot

import (
	"context"
	"strings"

	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/session"
)

// Mention sends a text that mentions people. Everybody in it is found before
// anything is sent.
func (b *Bot) Mention(ctx context.Context, req answer.MentionRequest) (answer.Mentioned, error) {
	l, err := b.write(ctx, answer.SendRequest{To: req.Chat, Text: req.Text, Manner: req.Manner, Anyway: req.Anyway}, strict)
	if err != nil {
		return answer.Mentioned{}, err
	}
	if !l.mentions() {
		return answer.Mentioned{}, answer.Errorf(answer.Usage, "the text mentions nobody").
			WithHint("write @name, or {name|text} for somebody without a username")
	}
	before, err := b.try(ctx, l)
	if err != nil {
		return answer.Mentioned{}, err
	}
	sent, text, err := b.post(ctx, l, before[0])
	if err != nil {
		return answer.Mentioned{}, err
	}
	return answer.Mentioned{Sent: sent, Text: text}, nil
}

func (l *letter) mentions() bool {
	for _, p := range l.parts {
		if len(p.asked) > 0 {
			return true
		}
	}
	return false
}

// kept tells what became of the mentions in a part. The server drops one that it does
// not allow without a word, so what it kept is compared with what was asked for.
func (b *Bot) kept(ctx context.Context, l *letter, n int, m posted) []answer.Mention {
	asked := l.parts[n].asked
	for i := range asked {
		if len(l.parts) > 1 {
			asked[i].MessageID = m.id
		}
		if asked[i].Linked = linked(m.entities, asked[i]); !asked[i].Linked {
			asked[i].Reason = b.whyDropped(ctx, l.to, asked[i])
		}
	}
	return asked
}

// linked reports whether the server kept a mention: by the id, or as a mention of the
// username that stands there, if it is theirs.
func linked(kept []tg.MessageEntityClass, m answer.Mention) bool {
	for _, e := range kept {
		if e.GetOffset() != m.Offset || e.GetLength() != m.Length {
			continue
		}
		switch e := e.(type) {
		case *tg.MessageEntityMentionName:
			if session.UserID(e.UserID) == session.UserID(m.Peer.ID) {
				return true
			}
		case *tg.MessageEntityMention:
			if bearsName(m.Peer, m.Text) {
				return true
			}
		}
	}
	return false
}

// bearsName reports whether a text is a username of somebody, with its @.
func bearsName(p answer.Peer, text string) bool {
	name, ok := strings.CutPrefix(text, "@")
	for _, n := range p.Usernames {
		if ok && strings.EqualFold(n, name) {
			return true
		}
	}
	return false
}
