package fakedc

import (
	"context"
	"fmt"

	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"
)

// query is a question to a bot that waits for its answer: a pressed button, or an
// inline query.
type query struct {
	Inline bool   `json:"inline,omitempty"`
	From   int64  `json:"from"`
	Text   string `json:"text"`
	// Guest is the message that has called the bot into a chat, or 0.
	Guest int `json:"guest,omitempty"`
	// Chat is where an inline query was asked, "" in private with the bot.
	Chat string `json:"chat,omitempty"`
	// Done says that the bot has answered; Offers are what it offers inline.
	Done   bool    `json:"done,omitempty"`
	Answer string  `json:"answer,omitempty"`
	Offers []offer `json:"offers,omitempty"`
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
	a := m.from.bot
	if m.via != nil {
		a = m.via.bot
	}
	if a == nil || !m.offers(s.Data) {
		return Result{}, fmt.Errorf("message %d has no button %q", s.Message, s.Data)
	}
	a.dialog(p).pressed = true
	id := w.nextMade()
	a.queries[id] = &query{From: p.id, Text: s.Data}
	instance := w.hash(p.id, kindChatInstance, 0)
	if m.chat != nil {
		instance = w.hash(0, kindChatInstance, m.chat.id)
	}
	if m.via != nil {
		// The bot need not be where its message is.
		return Result{QueryID: id}, w.announce(a, func() tg.UpdateClass {
			u := &tg.UpdateInlineBotCallbackQuery{QueryID: id, UserID: p.id, MsgID: w.inlineID(a, m), ChatInstance: instance}
			u.SetData([]byte(s.Data))
			return u
		}, &detail{user: p})
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
	case q == nil, q.Inline, q.Guest != 0, q.Done:
		return false, tgerr.New(400, "QUERY_ID_INVALID")
	case units(r.Message) > longest:
		return false, tgerr.New(400, "MESSAGE_TOO_LONG")
	}
	q.Done, q.Answer = true, r.Message
	return true, nil
}
