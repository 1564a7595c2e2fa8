package fakedc

import (
	"context"
	"fmt"
	"slices"

	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"
)

// askInline asks a bot by its name in some text field.
//
// See https://core.telegram.org/constructor/updateBotInlineQuery.
func (w *World) askInline(p *person, s Step) (Result, error) {
	a, err := w.botOf(s)
	if err != nil {
		return Result{}, err
	}
	var peer tg.InlineQueryPeerTypeClass
	switch c := w.chat(s.Chat); {
	case c == nil && s.Chat != "" && s.Chat != "bot":
		return Result{}, fmt.Errorf("no chat is called %q", s.Chat)
	case c == nil:
		peer = &tg.InlineQueryPeerTypeSameBotPM{}
	case !c.super:
		peer = &tg.InlineQueryPeerTypeChat{}
	case c.broadcast:
		peer = &tg.InlineQueryPeerTypeBroadcast{}
	default:
		peer = &tg.InlineQueryPeerTypeMegagroup{}
	}
	a.dialog(p).asked = true
	id := w.nextMade()
	a.queries[id] = &query{Inline: true, From: p.id, Text: s.Text, Chat: chatKey(s.Chat)}
	return Result{QueryID: id}, w.announce(a, func() tg.UpdateClass {
		u := &tg.UpdateBotInlineQuery{QueryID: id, UserID: p.id, Query: s.Text}
		u.SetPeerType(peer)
		return u
	}, &detail{user: p})
}

// offer is a result that a bot offers for an inline query: the message that it
// becomes when it is chosen.
type offer struct {
	ID       string         `json:"id"`
	Text     string         `json:"text,omitempty"`
	Entities []StoredEntity `json:"entities,omitempty"`
	Media    *media         `json:"media,omitempty"`
	Markup   []byte         `json:"markup,omitempty"`
}

// setInlineResults offers what the user may choose from.
//
// See https://core.telegram.org/method/messages.setInlineBotResults.
func (w *World) setInlineResults(ctx context.Context, r *tg.MessagesSetInlineBotResultsRequest) (bool, error) {
	const most = 50
	a := callerOf(ctx).bot
	w.mu.Lock()
	defer w.mu.Unlock()
	q := a.queries[r.QueryID]
	switch {
	case q == nil, !q.Inline, q.Done:
		return false, tgerr.New(400, "QUERY_ID_INVALID")
	case len(r.Results) > most:
		return false, tgerr.New(400, "RESULTS_TOO_MUCH")
	}
	seen := map[string]bool{}
	var offers []offer
	for _, x := range r.Results {
		id := x.GetID()
		switch {
		case id == "" || len(id) > 64:
			return false, tgerr.New(400, "RESULT_ID_INVALID")
		case seen[id]:
			return false, tgerr.New(400, "RESULT_ID_DUPLICATE")
		}
		seen[id] = true
		o, err := w.offered(a, q, x)
		if err != nil {
			return false, err
		}
		offers = append(offers, o)
	}
	q.Done, q.Offers = true, offers
	return true, nil
}

// offered makes the message of a result: a text, a contact, or a file that was sent
// before, with a caption.
//
// See https://core.telegram.org/type/InputBotInlineResult.
func (w *World) offered(a *account, q *query, in tg.InputBotInlineResultClass) (o offer, err error) {
	var message tg.InputBotInlineMessageClass
	switch in := in.(type) {
	case *tg.InputBotInlineResult:
		message = in.SendMessage
	case *tg.InputBotInlineResultPhoto:
		message = in.SendMessage
		o.Media, err = w.input(a, &tg.InputMediaPhoto{ID: in.Photo})
	case *tg.InputBotInlineResultDocument:
		message = in.SendMessage
		o.Media, err = w.input(a, &tg.InputMediaDocument{ID: in.Document})
	}
	if err != nil {
		return offer{}, err
	}
	o.ID = in.GetID()
	with, c := w.people[q.From], w.chat(q.Chat)
	var markup tg.ReplyMarkupClass
	switch m := message.(type) {
	case *tg.InputBotInlineMessageText:
		markup, o.Media = m.ReplyMarkup, nil
		o.Text, o.Entities, err = w.content(a, with, c, m.Message, m.Entities)
	case *tg.InputBotInlineMessageMediaAuto:
		markup = m.ReplyMarkup
		o.Text, o.Entities, err = w.content(a, with, c, m.Message, m.Entities)
	case *tg.InputBotInlineMessageMediaContact:
		markup = m.ReplyMarkup
		o.Media = &media{Contact: &contact{Phone: m.PhoneNumber, FirstName: m.FirstName, LastName: m.LastName}}
	default:
		return offer{}, tgerr.New(400, "METHOD_NOT_IMPLEMENTED")
	}
	if err != nil {
		return offer{}, err
	}
	if o.Text == "" && o.Media == nil {
		return offer{}, tgerr.New(400, "MESSAGE_EMPTY")
	}
	o.Markup, err = w.markup(a, markup)
	return o, err
}

// choose takes one of the results that a bot has offered. It becomes a message of
// the user, sent via the bot, which hears of the choice in any case.
//
// See https://core.telegram.org/constructor/updateBotInlineSend.
func (w *World) choose(p *person, s Step) (Result, error) {
	a, err := w.botOf(s)
	if err != nil {
		return Result{}, err
	}
	q := a.queries[s.QueryID]
	if q == nil || !q.Inline || q.From != p.id {
		return Result{}, fmt.Errorf("%s has not asked that", s.Who)
	}
	i := slices.IndexFunc(q.Offers, func(o offer) bool { return o.ID == s.Data })
	if i < 0 {
		return Result{}, fmt.Errorf("%s was not offered %q", s.Who, s.Data)
	}
	o := q.Offers[i]
	m := &message{text: o.Text, entities: slices.Clone(o.Entities), media: o.Media.copy(), markup: o.Markup, via: a.user}
	r, err := w.sayAs(p, Step{Who: s.Who, Bot: s.Bot, Chat: q.Chat}, m)
	if err != nil {
		return Result{}, err
	}
	return r, w.announce(a, func() tg.UpdateClass {
		u := &tg.UpdateBotInlineSend{UserID: p.id, Query: q.Text, ID: o.ID}
		if len(o.Markup) > 0 {
			u.SetMsgID(w.inlineID(a, m))
		}
		return u
	}, &detail{user: p})
}

// inlineID is how a bot calls a message that was sent via it, wherever that is.
//
// See https://core.telegram.org/type/InputBotInlineMessageID.
func (w *World) inlineID(a *account, m *message) *tg.InputBotInlineMessageID {
	id := w.hash(0, kindInline, int64(m.storyID()))
	if m.chat != nil {
		id = w.hash(m.chat.id, kindInline, int64(m.storyID()))
	}
	return &tg.InputBotInlineMessageID{DCID: w.dc, ID: id, AccessHash: w.hashFor(a, kindInline, id)}
}

// chatKey is "" for the private chat with a bot.
func chatKey(key string) string {
	if key == "bot" {
		return ""
	}
	return key
}

// results are the ids of what a bot has offered.
func (q *query) results() (list []string) {
	for _, o := range q.Offers {
		list = append(list, o.ID)
	}
	return list
}
