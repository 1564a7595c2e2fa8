package fakedc

import (
	"context"

	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"
)

// forBusiness is the connection that a call is made over, and the customer that it
// is about. A bot may write to who has written in the last day.
//
// See https://core.telegram.org/api/business#connected-bots.
func (w *World) forBusiness(who caller, in tg.InputPeerClass) (*business, *person, error) {
	const day = 24 * 60 * 60
	b := who.bot.business[who.business]
	switch {
	case b == nil, b.Off:
		return nil, nil, tgerr.New(400, "BUSINESS_CONNECTION_INVALID")
	case !b.Reply:
		return nil, nil, tgerr.New(403, "BOT_ACCESS_FORBIDDEN")
	}
	p, c, err := w.place(who.bot, in)
	if err != nil {
		return nil, nil, err
	}
	if c != nil || p.id == b.Owner || p == who.bot.user {
		return nil, nil, tgerr.New(400, "BUSINESS_PEER_INVALID")
	}
	last, heard := b.Heard[p.id]
	switch {
	case !heard, w.date()-last >= day:
		return nil, nil, tgerr.New(400, "BUSINESS_PEER_USAGE_MISSING")
	case p.deleted:
		return nil, nil, tgerr.New(400, "INPUT_USER_DEACTIVATED")
	case p.bot != nil && !who.bot.botToBot:
		// Here only the sender needs it: https://core.telegram.org/api/bots/bot-to-bot.
		return nil, nil, tgerr.New(400, botToBotDisabled)
	}
	return b, p, nil
}

// sendForBusiness says something in the name of a business. What comes back has no
// place in a sequence.
func (w *World) sendForBusiness(who caller, r *tg.MessagesSendMessageRequest) (tg.UpdatesClass, error) {
	b, p, err := w.forBusiness(who, r.Peer)
	if err != nil {
		return nil, err
	}
	if err := w.fresh(who.bot, r.RandomID); err != nil {
		return nil, err
	}
	m := &message{from: w.people[b.Owner], with: p, via: who.bot.user, business: b.ID, silent: r.Silent}
	if m.text, m.entities, err = w.content(who.bot, p, nil, r.Message, r.Entities); err != nil {
		return nil, err
	}
	if m.text == "" {
		return nil, tgerr.New(400, "MESSAGE_EMPTY")
	}
	if reply, ok := r.ReplyTo.(*tg.InputReplyToMessage); ok {
		m.reply = b.message(p, reply.ReplyToMsgID)
	}
	w.keepBusiness(b, m)
	who.bot.sent[r.RandomID] = m.date
	x := newAnswer()
	x.updates = append(x.updates, event{what: whatBusinessMessage, message: m}.update(w, who.bot))
	x.refs.person(m.from, lookFull)
	x.refs.person(p, lookFull)
	return x.tg(w, who.bot), nil
}

// getBusinessConnection tells again what updateBotBusinessConnect has told.
//
// See https://core.telegram.org/method/account.getBotBusinessConnection.
func (w *World) getBusinessConnection(ctx context.Context, id string) (tg.UpdatesClass, error) {
	a := callerOf(ctx).bot
	w.mu.Lock()
	defer w.mu.Unlock()
	b := a.business[id]
	if b == nil {
		return nil, tgerr.New(400, "CONNECTION_ID_INVALID")
	}
	x := newAnswer()
	x.updates = append(x.updates, &tg.UpdateBotBusinessConnect{Connection: b.tg(w)})
	x.refs.person(w.people[b.Owner], lookFull)
	return x.tg(w, a), nil
}
