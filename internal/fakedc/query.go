package fakedc

import (
	"context"
	"fmt"
	"slices"

	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"
)

// query is a question to a bot that waits for its answer: a pressed button, or an
// inline query.
type query struct {
	Inline bool   `json:"inline,omitempty"`
	From   int64  `json:"from"`
	Text   string `json:"text"`
	// Done says that the bot has answered; Results are what it offers inline.
	Done    bool     `json:"done,omitempty"`
	Answer  string   `json:"answer,omitempty"`
	Results []string `json:"results,omitempty"`
}

// AskedQuery is a button that was pressed or an inline query, and what the bot
// made of it.
type AskedQuery struct {
	ID     int64  `json:"id,string"`
	Inline bool   `json:"inline,omitempty"`
	From   int64  `json:"from"`
	Text   string `json:"text"`
	// Answered says that the bot has answered, with a text or with results.
	Answered bool     `json:"answered"`
	Answer   string   `json:"answer,omitempty"`
	Results  []string `json:"results,omitempty"`
}

// press presses a callback button below a message of a bot.
//
// See https://core.telegram.org/constructor/updateBotCallbackQuery.
func (w *World) press(p *person, s Step) (Result, error) {
	m, err := w.find(p, s.Chat, s.Message)
	if err != nil {
		return Result{}, err
	}
	if m.from.bot == nil || !m.offers(s.Data) {
		return Result{}, fmt.Errorf("message %d has no button %q", s.Message, s.Data)
	}
	a := m.from.bot
	a.dialog(p).pressed = true
	id := w.nextMade()
	a.queries[id] = &query{From: p.id, Text: s.Data}
	instance := w.hash(p.id, kindChatInstance, 0)
	if m.chat != nil {
		instance = w.hash(0, kindChatInstance, m.chat.id)
	}
	return Result{QueryID: id}, w.announce(a, func() tg.UpdateClass {
		u := &tg.UpdateBotCallbackQuery{
			QueryID: id, UserID: p.id, Peer: m.peer(a), MsgID: m.idFor(a), ChatInstance: instance,
		}
		u.SetData([]byte(s.Data))
		return u
	}, &detail{user: p, chat: m.chat})
}

// setCallbackAnswer answers a query once.
//
// See https://core.telegram.org/method/messages.setBotCallbackAnswer.
func (w *World) setCallbackAnswer(ctx context.Context, r *tg.MessagesSetBotCallbackAnswerRequest) (bool, error) {
	const longest = 200
	w.mu.Lock()
	defer w.mu.Unlock()
	q := callerOf(ctx).bot.queries[r.QueryID]
	switch {
	case q == nil, q.Inline, q.Done:
		return false, tgerr.New(400, "QUERY_ID_INVALID")
	case units(r.Message) > longest:
		return false, tgerr.New(400, "MESSAGE_TOO_LONG")
	}
	q.Done, q.Answer = true, r.Message
	return true, nil
}

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
	a.queries[id] = &query{Inline: true, From: p.id, Text: s.Text}
	return Result{QueryID: id}, w.announce(a, func() tg.UpdateClass {
		u := &tg.UpdateBotInlineQuery{QueryID: id, UserID: p.id, Query: s.Text}
		u.SetPeerType(peer)
		return u
	}, &detail{user: p})
}

// setInlineResults offers what the user may choose from.
//
// See https://core.telegram.org/method/messages.setInlineBotResults.
func (w *World) setInlineResults(ctx context.Context, r *tg.MessagesSetInlineBotResultsRequest) (bool, error) {
	const most = 50
	w.mu.Lock()
	defer w.mu.Unlock()
	q := callerOf(ctx).bot.queries[r.QueryID]
	switch {
	case q == nil, !q.Inline, q.Done:
		return false, tgerr.New(400, "QUERY_ID_INVALID")
	case len(r.Results) > most:
		return false, tgerr.New(400, "RESULTS_TOO_MUCH")
	}
	seen := map[string]bool{}
	for _, x := range r.Results {
		id := x.GetID()
		switch {
		case id == "" || len(id) > 64:
			return false, tgerr.New(400, "RESULT_ID_INVALID")
		case seen[id]:
			return false, tgerr.New(400, "RESULT_ID_DUPLICATE")
		}
		seen[id] = true
		q.Results = append(q.Results, id)
	}
	q.Done = true
	return true, nil
}

// choose takes one of the results that a bot has offered for the last inline query.
//
// See https://core.telegram.org/constructor/updateBotInlineSend.
func (w *World) choose(p *person, s Step) (Result, error) {
	a, err := w.botOf(s)
	if err != nil {
		return Result{}, err
	}
	q := a.queries[s.QueryID]
	if q == nil || !q.Inline || q.From != p.id || !slices.Contains(q.Results, s.Data) {
		return Result{}, fmt.Errorf("%s was not offered %q", s.Who, s.Data)
	}
	return Result{}, w.announce(a, func() tg.UpdateClass {
		return &tg.UpdateBotInlineSend{UserID: p.id, Query: q.Text, ID: s.Data}
	}, &detail{user: p})
}
