package session

import (
	"github.com/f48b34c0/seen/session/internal/record"
)

// event is something from which follows whether the bot may write to a user.
//
// Events arrive in any order: pushed envelopes overtake each other, and a
// difference repeats what was pushed. So each has the time at which it happened,
// and one that is older than what decided a standing does not change that.
type event struct {
	user int64
	at   int64 // Unix seconds on the server's clock
	what happening
	// ours says that it is known from the answer to a call of the bot's own. Of two
	// events in one second what the server tells by itself counts as the later one,
	// unless it was known at the time of the call.
	ours   bool
	known  int64
	reason Reason
	detail string
	// chat is what they asked to join.
	chat ID
	// refusal is the type of the error that the bot got.
	refusal string
	// message is the id of what they wrote, or 0; start says that it was /start, with
	// that payload.
	message int
	start   bool
	payload string
	// qts is where the event stands among those that qts counts, or 0.
	qts int64
}

// happening is what happened.
type happening uint8

const (
	acted   happening = iota + 1 // they wrote, or allowed the bot to write
	asked                        // they asked to join a chat
	settled                      // their request to join was answered
	stopped                      // they stopped the bot
	gone                         // their account was deleted
	back                         // an account that was taken for deleted is not
	machine                      // they are a bot
	taken                        // the server took what the bot sent them
	shut                         // the server refuses it, though their hash is good
	unclear                      // the server refuses it, for a reason that may be another
)

// requestWindow is for how many seconds the bot may write to somebody who has
// asked to join a chat, unless the request is answered before. It used to be a day.
// See core.telegram.org/bots/api#chatjoinrequest.
const requestWindow = 300

// apply works the event into the dialog's record.
func (e *event) apply(b *batch) error {
	if id := UserID(e.user); !id.Valid() || id.Service() {
		return nil
	}
	d := b.dialog(e.user)
	var scratch record.Dialog // most events say nothing new
	rec := &scratch
	d.rec.CopyTo(rec)
	last := b.evidence(d)
	if e.move(rec, last) && e.at >= last.at {
		last.at, last.ours = e.at, e.ours
	}
	last.message, last.qts = max(last.message, int64(e.message)), max(last.qts, e.qts)
	last.stored, last.first = max(rec.At, rec.Confirmed), rec.FirstMessage
	last.calm = rec.Standing == record.Dialog_STANDING_OPEN && !answered(rec.Reason)
	d.last, d.noted = last, true
	if !rec.Same(d.rec) {
		rec.CopyTo(d.rec)
		d.changed()
	}
	return nil
}

// move decides what an event changes in a record, given what has borne the standing
// out last. It reports whether the event decided the standing or bore it out. It is
// the only place that decides this.
func (e *event) move(rec *record.Dialog, last evidence) bool {
	if e.refusal != "" && e.at >= rec.Refused {
		rec.Refusal, rec.Refused = e.refusal, e.at
	}
	e.begin(rec)
	switch e.what {
	case asked:
		if e.at > rec.Asked {
			rec.Chat, rec.Asked, rec.Until = e.chat.BotAPI(), e.at, e.at+requestWindow
		}
		return false
	case settled:
		if e.chat.BotAPI() == rec.Chat && e.at >= rec.Asked {
			rec.Until = min(rec.Until, e.at)
		}
		return false
	case machine: // and was one before
		if rec.Standing == record.Dialog_STANDING_BOT {
			return true
		}
		rec.Standing, rec.Reason, rec.Detail = record.Dialog_STANDING_BOT, string(e.reason), ""
		rec.At = max(rec.At, e.at)
		return true
	case unclear:
		return false
	}
	if e.late(rec, last) {
		return false
	}
	if rec.Standing == record.Dialog_STANDING_BOT {
		e.confirm(rec)
		return true
	}
	return e.decide(rec)
}

// late reports whether an event is known to come before what has borne the standing
// out last.
func (e *event) late(rec *record.Dialog, last evidence) bool {
	switch {
	case e.at != last.at:
		return e.at < last.at
	case e.ours:
		return !last.ours && e.known != last.at
	case e.message != 0 && int64(e.message) <= last.message, e.qts != 0 && e.qts < last.qts:
		return true // it was heard before
	default:
		// Who writes to a bot that they stopped takes that back first.
		return e.what == acted && e.reason != ReasonUnblocked && rec.Reason == string(ReasonStopped)
	}
}

func (e *event) decide(rec *record.Dialog) bool {
	open := rec.Standing == record.Dialog_STANDING_OPEN
	switch e.what {
	case acted:
		if open && !answered(rec.Reason) {
			e.confirm(rec)
			return true
		}
		e.set(rec, record.Dialog_STANDING_OPEN)
	case taken:
		switch {
		case open:
			e.confirm(rec)
		case rec.Asked <= e.at && e.at < rec.Until: // it was for that, and says no more
			return false
		default:
			e.set(rec, record.Dialog_STANDING_OPEN)
		}
	case stopped:
		e.reach(rec, record.Dialog_STANDING_BLOCKED)
	case gone:
		e.reach(rec, record.Dialog_STANDING_DELETED)
	case back:
		if rec.Standing != record.Dialog_STANDING_DELETED {
			return false
		}
		e.set(rec, record.Dialog_STANDING_UNKNOWN)
	case shut:
		if rec.Standing == record.Dialog_STANDING_UNKNOWN && rec.Reason == string(e.reason) {
			e.confirm(rec)
			return true
		}
		e.set(rec, record.Dialog_STANDING_UNKNOWN)
	}
	return true
}

// reach is set for a standing that may hold already.
func (e *event) reach(rec *record.Dialog, to record.Dialog_Standing) {
	if rec.Standing == to {
		e.confirm(rec)
		return
	}
	e.set(rec, to)
}

func (e *event) set(rec *record.Dialog, to record.Dialog_Standing) {
	rec.Standing, rec.Reason, rec.Detail = to, string(e.reason), e.detail
	rec.At, rec.Confirmed = e.at, 0
}

// confirm notes that the standing was borne out, twice a day at most.
func (e *event) confirm(rec *record.Dialog) {
	if e.at >= max(rec.At, rec.Confirmed)+confirmAfter {
		rec.Confirmed = e.at
	}
}

// begin keeps the first message of all and the first /start, in whatever order
// they come.
func (e *event) begin(rec *record.Dialog) {
	id := int64(e.message)
	if id == 0 {
		return
	}
	if rec.FirstMessage == 0 || id < rec.FirstMessage {
		rec.FirstMessage = id
	}
	if e.start && (rec.FirstStart == 0 || id < rec.FirstStart) {
		rec.FirstStart, rec.Payload = id, clip(e.payload)
	}
}

// answered reports whether a standing is known from answers to the bot's own
// calls alone.
func answered(reason string) bool {
	switch Reason(reason) {
	case ReasonSent, ReasonProbe, ReasonRefused, ReasonNeverStarted:
		return true
	default:
		return false
	}
}
