package answer

import (
	"encoding/json"
	"time"
)

// Manner is how a message is written and shown.
type Manner struct {
	// HTML says that the text is HTML in the dialect of Telegram's Bot API, and
	// Markdown that it is the Bot API's MarkdownV2. At most one of them is set; without
	// them it is plain text.
	HTML     bool `json:"html,omitempty"`
	Markdown bool `json:"markdown,omitempty"`
	// Silent shows it without a sound.
	Silent bool `json:"silent,omitempty"`
	// ReplyTo is the id of the message in the chat that it answers.
	ReplyTo int `json:"reply_to,omitempty"`
	// Topic is the topic of a forum that it goes to: the id of the message that began
	// it.
	Topic int `json:"topic,omitempty"`
	// NoPreview shows no preview of a link.
	NoPreview bool `json:"no_preview,omitempty"`
	// Split sends a text that is too long for one message in several.
	Split bool `json:"split,omitempty"`
}

// SendRequest asks for a message to someone in the book.
type SendRequest struct {
	// To is a reference as for ResolveRequest.
	To string `json:"to"`
	// Text is 1 to 4096 UTF-16 units long after trimming, or up to 1024 under a file.
	// {ref|text} and links to tg://user?id= mention people, unless by Literal.
	Text string `json:"text"`
	Manner
	// Literal takes the text for what it is: braces and links mention nobody.
	Literal bool `json:"literal,omitempty"`
	// File is what is sent with the text, under which it may be empty.
	File *Attachment `json:"file,omitempty"`
	// Key names the message. For a day one with the same key goes to the same peer
	// only once, whatever becomes of the process that sends it. Up to 256 bytes.
	Key string `json:"key,omitempty"`
	// Anyway sends to somebody of whom the book knows that the server will refuse
	// it: who has stopped the bot, whose account is deleted, or who is a bot.
	Anyway bool `json:"anyway,omitempty"`
}

// Attachment is a file at Telegram that goes with a message.
type Attachment struct {
	// File is an object of the type InputFile, which an upload gives.
	File json.RawMessage `json:"file"`
	// Name is what the file is called.
	Name string `json:"name"`
	// Type is its media type, such as "application/pdf".
	Type string `json:"type"`
	// Photo shows it as a photo, which Telegram makes smaller.
	Photo bool `json:"photo,omitempty"`
}

// Sent tells that the server has taken a message.
type Sent struct {
	// To is the peer that the message went to.
	To Peer `json:"to"`
	// MessageID is the server's id of the message, unique within the chat; 0 if it
	// was sent before and its id did not become known.
	MessageID int `json:"message_id"`
	// MessageIDs are those of all messages that a text was split into.
	MessageIDs []int `json:"message_ids,omitempty"`
	// Date is the server's time of the message.
	Date time.Time `json:"date"`
	// Mentions are the mentions that were asked for, in the order of the text.
	Mentions []Mention `json:"mentions,omitempty"`
	// Key is that of the request.
	Key string `json:"key,omitempty"`
	// Repeated says that it had been sent before under this key, and was not sent
	// again.
	Repeated bool `json:"repeated,omitempty"`
}

// MentionRequest asks for a message that mentions people.
type MentionRequest struct {
	// Chat is a reference as for ResolveRequest.
	Chat string `json:"chat"`
	// Text is the text, in which @name, {ref|text} and links to tg://user?id= are
	// mentions.
	Text string `json:"text"`
	Manner
	// Anyway is that of SendRequest.
	Anyway bool `json:"anyway,omitempty"`
}

// Mentioned tells what the server made of a text with mentions.
type Mentioned struct {
	Sent
	// Text is the text as the server keeps it; of several messages, the first one's.
	Text string `json:"text"`
}

// Mention is one mention that was asked for.
type Mention struct {
	// Peer is who is mentioned.
	Peer Peer `json:"peer"`
	// Text is what stands in the message for them.
	Text string `json:"text"`
	// MessageID is the message that it stands in, if there are several.
	MessageID int `json:"message_id,omitempty"`
	// Offset and Length count UTF-16 code units of the message's text.
	Offset int `json:"offset"`
	Length int `json:"length"`
	// Linked says that the server kept the mention. Telegram drops a mention
	// that it does not allow without an error, and leaves plain text.
	Linked bool `json:"linked"`
	// Reason is why a mention was dropped, as far as the server tells: "never_wrote"
	// if they are not in the chat and never wrote to the bot, "forwards_hidden" if they
	// are not in the chat and hide their account from forwarded messages, "not_member"
	// if they are not in the chat and nothing else is known, "username" if the text is
	// the username of somebody else, or "unknown".
	Reason string `json:"reason,omitempty"`
}
