package bot

import (
	"context"

	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/session"
)

// Mention sends a text that mentions people. Everybody in it is found before
// anything is sent. The server drops a mention that it does not allow without a
// word, so what it kept is compared with what was asked for.
func (b *Bot) Mention(ctx context.Context, req answer.MentionRequest) (answer.Mentioned, error) {
	marked, err := parseMentions(req.Text)
	if err != nil {
		return answer.Mentioned{}, err
	}
	if _, err := messageText(marked.text); err != nil {
		return answer.Mentioned{}, err
	}
	if len(marked.mentions) == 0 {
		return answer.Mentioned{}, answer.Errorf(answer.Usage, "the text mentions nobody").
			WithHint("write @name, or {name|text} for somebody without a username")
	}
	chat, source, err := b.find(ctx, req.Chat, false)
	if err != nil {
		return answer.Mentioned{}, err
	}
	if err := b.mayWrite(chat, false); err != nil {
		return answer.Mentioned{}, err
	}
	var entities []tg.MessageEntityClass
	var asked []answer.Mention
	for _, m := range marked.mentions {
		p, from, err := b.find(ctx, m.ref, false)
		if err != nil {
			return answer.Mentioned{}, err
		}
		in, ok := p.InputUser()
		if !ok {
			return answer.Mentioned{}, answer.Errorf(answer.Usage, "%s is a %s; only people can be mentioned", m.ref, p.ID.Kind)
		}
		entities = append(entities, &tg.InputMessageEntityMentionName{Offset: m.offset, Length: m.length, UserID: in})
		who := described(p, false)
		who.Input, who.Source = m.ref, from
		asked = append(asked, answer.Mention{Peer: who, Text: m.text, Offset: m.offset, Length: m.length})
	}
	sent, err := b.post(ctx, chat, marked.text, entities)
	if err != nil {
		return answer.Mentioned{}, err
	}
	for i, m := range asked {
		asked[i].Linked = linked(sent.entities, m)
	}
	return answer.Mentioned{Sent: sent.answer(chat, req.Chat, source), Text: sent.text, Mentions: asked}, nil
}

// linked reports whether the server kept a mention: by the id, or as a mention
// of the username that stands there.
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
			return true
		}
	}
	return false
}
