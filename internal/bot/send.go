package bot

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/session"
)

// Send sends a message to someone seen.
func (b *Bot) Send(ctx context.Context, req answer.SendRequest) (answer.Sent, error) {
	l, err := b.write(ctx, req, mentioningIn(req))
	if err != nil {
		return answer.Sent{}, err
	}
	before, err := b.try(ctx, l)
	if err != nil {
		return answer.Sent{}, err
	}
	sent, _, err := b.post(ctx, l, before[0])
	return sent, err
}

func mentioningIn(req answer.SendRequest) mentioning {
	if req.Literal {
		return literal
	}
	return lenient
}

// messageText trims a text as the server does, so that offsets into it hold, and
// refuses what the server would.
func messageText(s string) (string, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return "", answer.Errorf(answer.Usage, "the text is empty")
	}
	if width(s) > maxText {
		return "", styled{text: s}.tooLong(maxText)
	}
	return s, nil
}

// width counts UTF-16 code units, which is how Telegram counts text.
func width(s string) int {
	n := 0
	for _, r := range s {
		n += max(1, utf16.RuneLen(r))
	}
	return n
}

// posted is a message as the server has taken it.
type posted struct {
	id       int
	date     time.Time
	text     string
	entities []tg.MessageEntityClass
}

// post sends the parts of a letter, and returns the text that the server has kept of
// the first one. What was delivered before, under the letter's key, is not sent again.
func (b *Bot) post(ctx context.Context, l *letter, before []session.Delivery) (sent answer.Sent, text string, err error) {
	sent = answer.Sent{To: described(l.to, false), Key: l.key, Repeated: l.key != ""}
	sent.To.Input, sent.To.Source = l.input, l.source
	for n := range l.parts {
		m, fresh, err := b.postPart(ctx, l, n, before[n])
		if err != nil {
			return sent, text, l.unfinished(err, n)
		}
		if fresh {
			sent.Repeated = false
			sent.Mentions = append(sent.Mentions, b.kept(ctx, l, n, m)...)
		}
		if n == 0 {
			sent.MessageID, sent.Date, text = m.id, m.date, m.text
		}
		if len(l.parts) > 1 {
			sent.MessageIDs = append(sent.MessageIDs, m.id)
		}
	}
	return sent, text, nil
}

// unfinished says of an error that parts of the letter were sent before it.
func (l *letter) unfinished(err error, n int) error {
	if n == 0 || err == nil {
		return err
	}
	e := *answer.From(err)
	e.Message = fmt.Sprintf("%d of %d parts were sent: %s", n, len(l.parts), e.Message)
	return &e
}

// postPart sends one part. It is not fresh if the server had it already.
func (b *Bot) postPart(ctx context.Context, l *letter, n int, before session.Delivery) (m posted, fresh bool, err error) {
	p := &l.parts[n]
	switch {
	case p.sent != nil: // and another part was refused for a while
		return *p.sent, true, nil
	case !before.Date.IsZero():
		return posted{id: before.Message, date: before.Date.UTC(), text: p.text}, false, nil
	}
	if err := b.certain(l, before); err != nil {
		return m, false, err
	}
	api, err := b.api(ctx)
	if err != nil {
		return m, false, err
	}
	var (
		u    tg.UpdatesClass
		said error // by the server, in the end
	)
	err = b.deliver(ctx, l.to, b.mentionedIn(p.entities), func(to session.Peer, mentioned []session.Peer) error {
		u, said = l.call(ctx, api, n, to, remention(p.entities, mentioned))
		if tgerr.Is(said, "RANDOM_ID_DUPLICATE") { // whose answer got lost
			u, said = nil, nil
		}
		return said
	})
	switch {
	case err != nil:
		if before.Tried.IsZero() && refused(said) {
			b.untry(l, n)
		}
		return m, false, l.about(said, err)
	case u == nil:
		m = posted{date: b.now().UTC().Truncate(time.Second), text: p.text}
	default:
		var ok bool
		if m, ok = postedIn(u, p.text, p.random); !ok {
			return m, false, answer.Errorf(answer.Undetermined, "the server answered the message with %s, which does not tell its id", u.TypeName())
		}
	}
	b.confirm(l, n, m)
	if u != nil {
		p.sent = &m
	}
	return m, u != nil, nil
}

// call makes the call that sends a part.
func (l *letter) call(ctx context.Context, api *tg.Client, n int, to session.Peer, entities []tg.MessageEntityClass) (tg.UpdatesClass, error) {
	p, reply := l.parts[n], l.reply(n)
	if n == 0 && l.media != nil {
		req := &tg.MessagesSendMediaRequest{
			Peer: to.Input(), Media: l.media, Message: p.text, RandomID: p.random, Silent: l.manner.Silent,
		}
		if len(entities) > 0 {
			req.SetEntities(entities)
		}
		if reply != nil {
			req.SetReplyTo(reply)
		}
		return api.MessagesSendMedia(ctx, req)
	}
	req := &tg.MessagesSendMessageRequest{
		Peer: to.Input(), Message: p.text, RandomID: p.random, Silent: l.manner.Silent, NoWebpage: l.manner.NoPreview,
	}
	if len(entities) > 0 {
		req.SetEntities(entities)
	}
	if reply != nil {
		req.SetReplyTo(reply)
	}
	return api.MessagesSendMessage(ctx, req)
}

// postedIn finds our message in the answer to messages.sendMessage: a short form
// without the text, or an envelope that ties the random id to the message's.
func postedIn(u tg.UpdatesClass, text string, randomID int64) (posted, bool) {
	var list []tg.UpdateClass
	switch u := u.(type) {
	case *tg.UpdateShortSentMessage:
		return posted{u.ID, time.Unix(int64(u.Date), 0).UTC(), text, u.Entities}, true
	case *tg.Updates:
		list = u.Updates
	case *tg.UpdatesCombined:
		list = u.Updates
	}
	id := 0
	for _, u := range list {
		if u, ok := u.(*tg.UpdateMessageID); ok && u.RandomID == randomID {
			id = u.ID
		}
	}
	for _, u := range list {
		u, ok := u.(interface{ GetMessage() tg.MessageClass })
		if !ok {
			continue
		}
		if m, ok := u.GetMessage().(*tg.Message); ok && (id == 0 || m.ID == id) {
			return posted{m.ID, time.Unix(int64(m.Date), 0).UTC(), m.Message, m.Entities}, true
		}
	}
	return posted{}, false
}
