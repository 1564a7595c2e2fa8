package bot

import (
	"cmp"
	"context"
	"strconv"
	"strings"

	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/session"
)

// letter is a message that is ready to be sent: it is known whom it is for, that they
// may be written to, and who is mentioned. If it was split, it has several parts.
type letter struct {
	to            session.Peer
	input, source string
	manner        answer.Manner
	media         tg.InputMediaClass // of the first part; nil without a file
	key           string
	parts         []sheet
}

// sheet is one message of a letter.
type sheet struct {
	styled
	asked  []answer.Mention
	random int64
	// sent is what the server has taken; nil until then.
	sent *posted
}

// mentioning says which marks of a text mention somebody.
type mentioning int

const (
	// literal: none. Only links do, in a text with styles.
	literal mentioning = iota
	// lenient: braces, and the usernames of people in the book. Telegram itself makes
	// mentions of the others.
	lenient
	// strict: all.
	strict
)

// maxKey is the longest key in bytes.
const maxKey = 256

// write makes a letter. What is wrong with the text is found before anybody is asked
// anything.
func (b *Bot) write(ctx context.Context, req answer.SendRequest, how mentioning) (*letter, error) {
	pieces, refs, err := compose(req, req.File != nil, how, b.seenUser)
	if err != nil {
		return nil, err
	}
	l := &letter{input: req.To, manner: req.Manner, key: req.Key}
	if req.File != nil {
		if l.media, err = b.media(ctx, *req.File); err != nil {
			return nil, err
		}
	}
	if l.to, l.source, err = b.find(ctx, req.To, false); err != nil {
		return nil, err
	}
	if err := b.mayWrite(l.to, req.Anyway); err != nil {
		return nil, err
	}
	people, err := b.mentioned(ctx, pieces, refs)
	if err != nil {
		return nil, err
	}
	for i, piece := range pieces {
		p := sheet{styled: piece}
		p.asked = people.in(&p)
		if p.random, err = b.randomID(l, i); err != nil {
			return nil, err
		}
		l.parts = append(l.parts, p)
	}
	return l, nil
}

// CheckMessage refuses a message that can be sent to nobody, without asking anybody. It
// is for whoever is about to take a file to Telegram for it.
func CheckMessage(req answer.SendRequest, file bool) error {
	_, _, err := compose(req, file, mentioningIn(req), func(string) bool { return false })
	return err
}

// compose reads the text of a message, and cuts it into what one message holds.
func compose(req answer.SendRequest, file bool, how mentioning, known func(name string) bool) ([]styled, meant, error) {
	if err := checkRequest(req); err != nil {
		return nil, nil, err
	}
	text, refs, err := readText(req, how, known)
	if err != nil {
		return nil, nil, err
	}
	limit := maxText
	switch {
	case file:
		limit = maxCaption
	case text.text == "":
		return nil, nil, answer.Errorf(answer.Usage, "the text is empty")
	}
	pieces, err := text.pieces(limit, req.Split)
	return pieces, refs, err
}

func checkRequest(req answer.SendRequest) error {
	switch {
	case req.HTML && req.Markdown:
		return answer.Errorf(answer.Usage, "a text is HTML or Markdown, and not both")
	case req.ReplyTo < 0 || req.Topic < 0:
		return answer.Errorf(answer.Usage, "a message to answer and a topic are numbers above 0")
	case len(req.Key) > maxKey:
		return answer.Errorf(answer.Usage, "the key is %d bytes long, and may have %d", len(req.Key), maxKey)
	}
	return nil
}

// meant tells whom the mentions of a text mean.
type meant map[tg.InputUserClass]string

// readText reads a text. A mention in it has an empty user, which refs tells about.
func readText(req answer.SendRequest, how mentioning, known func(name string) bool) (text styled, refs meant, err error) {
	switch {
	case req.HTML:
		text, err = fromHTML(req.Text)
	case req.Markdown:
		text, err = fromMarkdown(req.Text)
	default:
		text = styled{text: strings.TrimSpace(strings.ToValidUTF8(req.Text, "\uFFFD"))}
	}
	if err != nil {
		return text, nil, err
	}
	refs = make(meant)
	for _, e := range text.entities {
		if m, ok := e.(*tg.InputMessageEntityMentionName); ok {
			refs[m.UserID] = strconv.FormatInt(m.UserID.(*tg.InputUser).UserID, 10)
		}
	}
	if how == literal {
		return text, refs, nil
	}
	m, err := readMarks(text.text, func(offset int, f found) bool {
		return !text.means(offset) && f.counts(how, known)
	})
	if err != nil {
		return text, nil, err
	}
	text = text.without(m.text, m.cuts)
	for _, k := range m.mentions {
		nobody := &tg.InputUser{}
		refs[nobody] = k.ref
		text.entities = append(text.entities, &tg.InputMessageEntityMentionName{Offset: k.offset, Length: k.length, UserID: nobody})
	}
	return text.trim(), refs, nil
}

// counts reports whether a mark is a mention. A username stays in the text as it is,
// whether it is one or not.
func (f found) counts(how mentioning, known func(name string) bool) bool {
	if how == strict {
		return true
	}
	if f.at == 0 {
		return known(f.ref)
	}
	_, err := session.ParseRef(f.ref)
	return err == nil
}

// seenUser reports whether a username is that of somebody in the book.
func (b *Bot) seenUser(name string) bool {
	_, p, err := b.inBook(name, true)
	return err == nil && p.ID.Kind == session.User
}

// means reports whether at an offset there is something with a meaning of its own,
// that no mention can lie in. See core.telegram.org/bots/api#formatting-options.
func (s styled) means(offset int) bool {
	for _, e := range s.entities {
		if offset < e.GetOffset() || offset >= e.GetOffset()+e.GetLength() {
			continue
		}
		switch e.(type) {
		case *tg.MessageEntityCode, *tg.MessageEntityPre, *tg.MessageEntityTextURL, *tg.InputMessageEntityMentionName, *tg.MessageEntityCustomEmoji:
			return true
		}
	}
	return false
}

// reply is what a part answers, and the topic that it goes to.
func (l *letter) reply(n int) tg.InputReplyToClass {
	const general = 1 // the topic that no message belongs to
	topic, to := l.manner.Topic, l.manner.ReplyTo
	if topic == general {
		topic = 0
	}
	if n > 0 {
		to = 0 // the first one answers
	}
	if topic == 0 && to == 0 {
		return nil
	}
	r := &tg.InputReplyToMessage{ReplyToMsgID: cmp.Or(to, topic)}
	if topic != 0 {
		r.SetTopMsgID(topic)
	}
	return r
}
