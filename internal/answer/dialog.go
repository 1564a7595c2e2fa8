package answer

import "time"

// DialogsRequest asks for the private chats that something is known of, in the
// order of the users' ids.
type DialogsRequest struct {
	// State limits the list to "open", "blocked", "deleted", "bot" or "unknown".
	// Empty means all.
	State string `json:"state,omitempty"`
}

// Dialog is what the bot knows of its private chat with a user.
type Dialog struct {
	// User is the user as the book knows them.
	User Peer `json:"user"`
	// State is "open" (the bot may write), "blocked", "deleted", "bot" or "unknown".
	State string `json:"state"`
	// Reason is what decided the state: "wrote", "start", "unblocked",
	// "join_request", "login", "web_app" and "attach_menu" are what the user did;
	// "sent" and "probe" what the server took; "stopped", "refused",
	// "never_started" and "profile" say why not.
	Reason string `json:"reason,omitempty"`
	// Detail is the site of a login, or the name of a web app.
	Detail string `json:"detail,omitempty"`
	// Since is when that happened, on the server's clock, and Confirmed the latest
	// event that bore it out.
	Since     time.Time `json:"since,omitzero"`
	Confirmed time.Time `json:"confirmed,omitzero"`
	// Until is when the bot may not write any more: five minutes after a request to
	// join a chat.
	Until time.Time `json:"until,omitzero"`
	// Payload is what the first /start carried.
	Payload string `json:"payload,omitempty"`
	// Refusal is the server's latest refusal.
	Refusal *Refusal `json:"refusal,omitempty"`
}

// Refusal is an error with which the server refused a message.
type Refusal struct {
	// Type is the error's type, as Telegram names it.
	Type string    `json:"type"`
	At   time.Time `json:"at"`
}

// SourcesRequest asks where people have come from.
type SourcesRequest struct {
	// State is as in DialogsRequest.
	State string `json:"state,omitempty"`
}

// SourceCount counts the people who came with one payload.
type SourceCount struct {
	// Payload is what their first /start carried; empty for those who came without
	// one.
	Payload string `json:"payload"`
	// People is how many they are.
	People int `json:"people"`
	// Others says that this counts many rare payloads together.
	Others bool `json:"others,omitempty"`
}

// CanTextRequest asks whether the bot may write to somebody.
type CanTextRequest struct {
	// Ref is a reference as for ResolveRequest.
	Ref string `json:"ref"`
	// Probe asks the server, by letting the bot seem to type: the user sees that for
	// about five seconds. Without it nobody is asked.
	Probe bool `json:"probe,omitempty"`
}

// The answers to whether the bot may write.
const (
	Yes     = "yes"
	No      = "no"
	Unknown = "unknown"
)

// CanText tells whether the bot may write to somebody.
type CanText struct {
	// May is "yes", "no" or "unknown".
	May string `json:"may"`
	// Peer is who was asked about.
	Peer Peer `json:"peer"`
	// Asked says that the server was asked just now; else the answer is from the
	// book.
	Asked bool `json:"asked"`
	// Reason, Detail, Since, Confirmed and Until are as in Dialog.
	Reason    string    `json:"reason,omitempty"`
	Detail    string    `json:"detail,omitempty"`
	Since     time.Time `json:"since,omitzero"`
	Confirmed time.Time `json:"confirmed,omitzero"`
	Until     time.Time `json:"until,omitzero"`
	// Why is set where the answer is not "yes".
	Why *Error `json:"why,omitempty"`
}

// LinkRequest asks for a link that starts the bot.
type LinkRequest struct {
	// Payload is what the bot gets with the /start: 1 to 64 of A-Z, a-z, 0-9, _ and -.
	Payload string `json:"payload"`
}

// Link is a link that starts the bot.
type Link struct {
	Link    string `json:"link"`
	Payload string `json:"payload"`
}
