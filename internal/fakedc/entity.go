package fakedc

import "github.com/gotd/td/tg"

// StoredEntity is a part of a text that means more than its letters. Offset and
// Length count UTF-16 code units.
//
// See https://core.telegram.org/api/entities.
type StoredEntity struct {
	// Type is named as in the Bot API; a mention by id is "text_mention".
	Type   string `json:"type"`
	Offset int    `json:"offset"`
	Length int    `json:"length"`
	// UserID is whom a text_mention means.
	UserID int64 `json:"user_id,omitempty"`
	// URL is a text_link's.
	URL string `json:"url,omitempty"`
	// Language is a pre's.
	Language string `json:"language,omitempty"`
	// DocumentID is a custom_emoji's.
	DocumentID int64 `json:"document_id,omitempty,string"`
	Collapsed  bool  `json:"collapsed,omitempty"`
}

// stored takes over what a client may send. Mentions by id are not among it:
// they need the server's consent. What the server finds by itself (mentions,
// commands, links) is found again, and unknown entities are dropped.
func stored(e tg.MessageEntityClass) (StoredEntity, bool) {
	s := StoredEntity{Offset: e.GetOffset(), Length: e.GetLength()}
	switch e := e.(type) {
	case *tg.MessageEntityBold:
		s.Type = "bold"
	case *tg.MessageEntityItalic:
		s.Type = "italic"
	case *tg.MessageEntityUnderline:
		s.Type = "underline"
	case *tg.MessageEntityStrike:
		s.Type = "strikethrough"
	case *tg.MessageEntitySpoiler:
		s.Type = "spoiler"
	case *tg.MessageEntityCode:
		s.Type = "code"
	case *tg.MessageEntityPre:
		s.Type, s.Language = "pre", e.Language
	case *tg.MessageEntityTextURL:
		s.Type, s.URL = "text_link", e.URL
	case *tg.MessageEntityBlockquote:
		s.Type, s.Collapsed = "blockquote", e.Collapsed
	case *tg.MessageEntityCustomEmoji:
		s.Type, s.DocumentID = "custom_emoji", e.DocumentID
	default:
		return StoredEntity{}, false
	}
	return s, true
}

func (s StoredEntity) tg() tg.MessageEntityClass {
	switch s.Type {
	case "bold":
		return &tg.MessageEntityBold{Offset: s.Offset, Length: s.Length}
	case "italic":
		return &tg.MessageEntityItalic{Offset: s.Offset, Length: s.Length}
	case "underline":
		return &tg.MessageEntityUnderline{Offset: s.Offset, Length: s.Length}
	case "strikethrough":
		return &tg.MessageEntityStrike{Offset: s.Offset, Length: s.Length}
	case "spoiler":
		return &tg.MessageEntitySpoiler{Offset: s.Offset, Length: s.Length}
	case "code":
		return &tg.MessageEntityCode{Offset: s.Offset, Length: s.Length}
	case "pre":
		return &tg.MessageEntityPre{Offset: s.Offset, Length: s.Length, Language: s.Language}
	case "text_link":
		return &tg.MessageEntityTextURL{Offset: s.Offset, Length: s.Length, URL: s.URL}
	case "blockquote":
		return &tg.MessageEntityBlockquote{Offset: s.Offset, Length: s.Length, Collapsed: s.Collapsed}
	case "custom_emoji":
		return &tg.MessageEntityCustomEmoji{Offset: s.Offset, Length: s.Length, DocumentID: s.DocumentID}
	case "mention":
		return &tg.MessageEntityMention{Offset: s.Offset, Length: s.Length}
	case "bot_command":
		return &tg.MessageEntityBotCommand{Offset: s.Offset, Length: s.Length}
	case "text_mention":
		return &tg.MessageEntityMentionName{Offset: s.Offset, Length: s.Length, UserID: s.UserID}
	default:
		return &tg.MessageEntityUnknown{Offset: s.Offset, Length: s.Length}
	}
}
