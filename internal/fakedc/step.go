package fakedc

// Step is one thing that happens in a story. Which fields matter depends on Do;
// the others are ignored.
//
//	person    Who, FirstName, LastName, Username, Lang, Token: somebody comes into being
//	start     Who, Payload: presses START, or follows a link with a payload
//	write     Who, Chat, Text, Reply, Mention, Min: says something
//	join      Who, Chat
//	leave     Who, Chat
//	block     Who: blocks the bot
//	unblock   Who
//	rename    Who, FirstName, LastName
//	username  Who, Username: takes a username, or gives it up
//	delete    Who: deletes the account
//	crowd     Count, Chat, Mix, Min, Rate: that many new people write one message each
//	wait      For, Real: time passes
//	sent      Who or Chat: what the bot has sent there
//	log       Who or Chat: what was said there
//	calls     how often each method was called
//	stats     how many there are of everything
//	fault     Method, Error, Code, Count, Silent, For: spoils calls; without Method, ends all faults
//	cut       closes all connections
//	forget_keys  signs everybody out; with "drop":true the server forgets the keys themselves
type Step struct {
	Do  string `json:"do"`
	Who string `json:"who,omitempty"`
	// Chat is the key of a group; "" and "bot" mean the private chat with the bot.
	Chat    string `json:"chat,omitempty"`
	Text    string `json:"text,omitempty"`
	Payload string `json:"payload,omitempty"`
	// Reply is the id of the message that is answered.
	Reply int `json:"reply,omitempty"`
	// Mention is the key of a person whose first name in Text becomes a mention by id.
	Mention string `json:"mention,omitempty"`
	// Min makes the sender's object in the push a min one.
	Min bool `json:"min,omitempty"`

	Username  string `json:"username,omitempty"`
	FirstName string `json:"first_name,omitempty"`
	LastName  string `json:"last_name,omitempty"`
	Lang      string `json:"lang,omitempty"`
	Token     string `json:"token,omitempty"`

	Count int `json:"count,omitempty"`
	// Mix alternates between the private chat and Chat, or the first supergroup.
	Mix bool `json:"mix,omitempty"`
	// Rate is how many of a crowd arrive per second of real time; 0 means as fast
	// as the bot takes them.
	Rate float64 `json:"rate,omitempty"`

	// For is a duration such as "2s".
	For string `json:"for,omitempty"`
	// Real makes a wait sleep as well.
	Real bool `json:"real,omitempty"`

	Method string `json:"method,omitempty"`
	Error  string `json:"error,omitempty"`
	Code   int    `json:"code,omitempty"`
	// Silent makes an answer never come.
	Silent bool `json:"silent,omitempty"`
	Drop   bool `json:"drop,omitempty"`
}

// Result is what a step comes to. It has either OK or Error.
type Result struct {
	OK    bool   `json:"ok,omitempty"`
	Error string `json:"error,omitempty"`
	// ID is the person's whom the step was about.
	ID int64 `json:"id,omitempty"`
	// MessageID is of the message that the step made, as the first bot or the
	// supergroup has it.
	MessageID int             `json:"message_id,omitempty"`
	Count     int             `json:"count,omitempty"`
	Messages  []StoredMessage `json:"messages,omitempty"`
	Calls     map[string]int  `json:"calls,omitempty"`
	Stats     *Stats          `json:"stats,omitempty"`
}

// Stats count what a world has.
type Stats struct {
	People      int `json:"people"`
	Connections int `json:"connections"`
	Sessions    int `json:"sessions"`
	// Pts and Qts are the first bot's.
	Pts  int `json:"pts"`
	Qts  int `json:"qts"`
	Date int `json:"date"`
	// Chats are members, messages and pts by key of the chat.
	Chats map[string]ChatStats `json:"chats,omitempty"`
}

// ChatStats count what a chat has.
type ChatStats struct {
	Members  int `json:"members"`
	Messages int `json:"messages"`
	Pts      int `json:"pts,omitempty"`
}
