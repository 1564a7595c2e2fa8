package session

import "github.com/gotd/td/tg"

// heard collects the events of an update: what users did, as the server tells it.
func (h *harvest) heard(u tg.UpdateClass) {
	switch u := u.(type) {
	case *tg.UpdateNewMessage:
		h.message(u.Message)
	case *tg.UpdateBotStopped:
		e := &event{user: u.UserID, at: int64(u.Date), what: stopped, reason: ReasonStopped, qts: max(0, int64(u.Qts))}
		if !u.Stopped {
			e.what, e.reason = acted, ReasonUnblocked
		}
		h.events = append(h.events, e)
	case *tg.UpdateBotChatInviteRequester:
		h.events = append(h.events, &event{user: u.UserID, at: int64(u.Date), what: asked, chat: PeerID(u.Peer)})
	case *tg.UpdateChannelParticipant:
		h.joined(u.UserID, u.Date, ChannelID(u.ChannelID), u.NewParticipant != nil)
	case *tg.UpdateChatParticipant:
		h.joined(u.UserID, u.Date, ChatID(u.ChatID), u.NewParticipant != nil)
	}
}

func (h *harvest) joined(user int64, date int, chat ID, in bool) {
	if in {
		h.events = append(h.events, &event{user: user, at: int64(date), what: settled, chat: chat})
	}
}

// message is heard when it is a user's, in the private chat with the bot.
func (h *harvest) message(m tg.MessageClass) {
	switch m := m.(type) {
	case *tg.Message:
		from, private := m.PeerID.(*tg.PeerUser)
		if m.Out || !private {
			return
		}
		e := &event{user: from.UserID, at: int64(m.Date), what: acted, reason: ReasonWrote, message: m.ID}
		if start, ok := ParseStart(m.Message); ok {
			e.reason, e.start, e.payload = ReasonStart, true, start.Payload
		}
		h.events = append(h.events, e)
	case *tg.MessageService:
		from, private := m.PeerID.(*tg.PeerUser)
		if m.Out || !private {
			return
		}
		if reason, detail, ok := permission(m.Action); ok {
			h.events = append(h.events, &event{
				user: from.UserID, at: int64(m.Date), what: acted, reason: reason, detail: clip(detail),
			})
		}
	}
}

// permission reads the service messages by which users let a bot write to them.
// What else may stand in a private chat, such as a new theme, says nothing.
//
// See core.telegram.org/constructor/messageActionBotAllowed.
func permission(a tg.MessageActionClass) (reason Reason, detail string, ok bool) {
	switch a := a.(type) {
	case *tg.MessageActionBotAllowed:
		switch app, isApp := a.App.(*tg.BotApp); {
		case a.AttachMenu:
			return ReasonAttachMenu, "", true
		case a.Domain != "":
			return ReasonLogin, a.Domain, true
		case isApp:
			return ReasonWebApp, app.ShortName, true
		default: // from_request, or an app that is not shown
			return ReasonWebApp, "", true
		}
	case *tg.MessageActionRequestedPeerSentMe, *tg.MessageActionWebViewDataSentMe,
		*tg.MessageActionPaymentSentMe, *tg.MessageActionSecureValuesSentMe:
		return ReasonWrote, "", true
	default:
		return "", "", false
	}
}
