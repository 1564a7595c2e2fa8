package session

import "github.com/f48b34c0/seen/session/internal/record"

// Via says how a sighting arrived.
type Via uint8

// The ways. The values stand in the session file.
const (
	ViaUnknown    Via = iota
	ViaUpdate         // pushed by the server
	ViaAnswer         // in the answer to a call
	ViaDifference     // fetched because it was missed
	ViaImport         // from another book
)

// String returns "update", "answer", "difference" or "import".
func (v Via) String() string {
	switch v {
	case ViaUpdate:
		return "update"
	case ViaAnswer:
		return "answer"
	case ViaDifference:
		return "difference"
	case ViaImport:
		return "import"
	default:
		return "unknown"
	}
}

// Source is where a sighting arrived.
type Source struct {
	Via Via
	// What is the update's constructor or the call's method, as Telegram's schema
	// names it.
	What string
	// Chat is the group or channel where it happened; zero for a private chat and
	// where it was in none.
	Chat ID
}

func sourceOf(r *record.Source) Source {
	if r == nil {
		return Source{}
	}
	s := Source{Via: Via(r.Via), What: r.What}
	if r.Chat != 0 {
		s.Chat, _ = FromBotAPI(r.Chat)
	}
	return s
}

func (s Source) record() *record.Source {
	return &record.Source{Via: record.Via(s.Via), What: s.What, Chat: s.Chat.BotAPI()}
}
