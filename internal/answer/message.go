package answer

import "time"

// SendRequest asks for a message to someone in the book.
type SendRequest struct {
	// To is a reference as for ResolveRequest.
	To string `json:"to"`
	// Text is plain text, 1 to 4096 UTF-16 units long after trimming.
	Text string `json:"text"`
	// Anyway sends to somebody of whom the book knows that the server will refuse
	// it: who has stopped the bot, whose account is deleted, or who is a bot.
	Anyway bool `json:"anyway,omitempty"`
}

// Sent tells that the server has taken a message.
type Sent struct {
	// To is the peer that the message went to.
	To Peer `json:"to"`
	// MessageID is the server's id of the message, unique within the chat.
	MessageID int `json:"message_id"`
	// Date is the server's time of the message.
	Date time.Time `json:"date"`
}

// MentionRequest asks for a message that mentions people.
type MentionRequest struct {
	// Chat is a reference as for ResolveRequest.
	Chat string `json:"chat"`
	// Text is the text, in which @name and {ref|text} are mentions.
	Text string `json:"text"`
}

// Mentioned tells what the server made of a text with mentions.
type Mentioned struct {
	Sent
	// Text is the text as the server keeps it.
	Text string `json:"text"`
	// Mentions are the mentions that were asked for, in the order of the text.
	Mentions []Mention `json:"mentions"`
}

// Mention is one mention that was asked for.
type Mention struct {
	// Peer is who is mentioned.
	Peer Peer `json:"peer"`
	// Text is what stands in the message for them.
	Text string `json:"text"`
	// Offset and Length count UTF-16 code units of the message's text.
	Offset int `json:"offset"`
	Length int `json:"length"`
	// Linked says that the server kept the mention. Telegram drops a mention
	// that it does not allow without an error, and leaves plain text.
	Linked bool `json:"linked"`
}
