package bot

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/session"
)

// maxText is the longest message in UTF-16 code units; see
// core.telegram.org/api/config#message-length-max.
const maxText = 4096

// Send sends a text to someone seen.
func (b *Bot) Send(ctx context.Context, req answer.SendRequest) (answer.Sent, error) {
	text, err := messageText(req.Text)
	if err != nil {
		return answer.Sent{}, err
	}
	p, source, err := b.find(ctx, req.To, false)
	if err != nil {
		return answer.Sent{}, err
	}
	if err := b.mayWrite(p, req.Anyway); err != nil {
		return answer.Sent{}, err
	}
	m, err := b.post(ctx, p, text, nil)
	if err != nil {
		return answer.Sent{}, err
	}
	return m.answer(p, req.To, source), nil
}

// messageText trims a text as the server does, so that offsets into it hold, and
// refuses what the server would.
func messageText(s string) (string, error) {
	s = strings.TrimSpace(s)
	switch n := width(s); {
	case n == 0:
		return "", answer.Errorf(answer.Usage, "the text is empty")
	case n > maxText:
		return "", answer.Errorf(answer.Usage, "the text is %d UTF-16 units long; a message holds %d", n, maxText).
			WithHint("send it in parts")
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

func (m posted) answer(p session.Peer, input, source string) answer.Sent {
	to := described(p, false)
	to.Input, to.Source = input, source
	return answer.Sent{To: to, MessageID: m.id, Date: m.date}
}

// post sends a text to a peer out of the book.
func (b *Bot) post(ctx context.Context, p session.Peer, text string, entities []tg.MessageEntityClass) (posted, error) {
	api, err := b.api(ctx)
	if err != nil {
		return posted{}, err
	}
	id, err := randomID()
	if err != nil {
		return posted{}, answer.Errorf(answer.Failed, "draw a random id: %w", err)
	}
	req := &tg.MessagesSendMessageRequest{
		Peer: p.Input(), Message: text, RandomID: id, NoWebpage: true,
	}
	var u tg.UpdatesClass
	err = b.deliver(ctx, p, b.mentionedIn(entities), func(to session.Peer, mentioned []session.Peer) (err error) {
		req.Peer = to.Input()
		if len(entities) > 0 {
			req.SetEntities(remention(entities, mentioned))
		}
		u, err = api.MessagesSendMessage(ctx, req)
		return err
	})
	if err != nil {
		return posted{}, err
	}
	m, ok := postedIn(u, text, id)
	if !ok {
		return m, answer.Errorf(answer.Undetermined, "the server answered the message with %s, which does not tell its id", u.TypeName())
	}
	return m, nil
}

func randomID() (int64, error) {
	var buf [8]byte
	if _, err := rand.Read(buf[:]); err != nil {
		return 0, err
	}
	return int64(binary.LittleEndian.Uint64(buf[:])), nil
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
