package fakedc

import "encoding/json"

// Step is one thing that happens in a story. Which fields matter depends on Do;
// the others are ignored.
//
// Who is there:
//
//	person    Who, FirstName, LastName, Username, Lang, Phone, Token: somebody comes into being; with Token, a bot
//	chat      Chat, Kind, Text, Username, Members: a group, supergroup, forum or channel called Text; the first member has made it
//	crowd     Count, Chat, Mix, Min, Rate: that many new people write one message each
//	chorus  Members, Size, Text: all of these write to a bot in private, which hears of Size of them at a time
//
// What people say. Without Chat it is said to a bot in private:
//
//	start       Who, Payload: presses START, or follows a link with a payload
//	write       Who, Chat, Text, Reply, Topic, Mention, Min, FullHash: says something; in a channel, posts it
//	edit        Who, Chat, Message, Text, Mention: changes what they have said
//	retract     Who, Chat, Message: deletes it for everybody
//	forward     Who, From, Message, Chat: forwards a message of the chat From
//	contact     Who, Other, Chat: shares the contact Other
//	share_peer  Who, Other, Button, Named: answers a bot that has requested a user; Named gives the name as well
//	allow       Who, Reason, Text: allows the bot to write: from_request, attach_menu, domain or app, with Text for the last two
//	block       Who: blocks the bot
//	unblock     Who
//	press       Who, Chat, Message, Data: presses a button of a bot
//	inline      Who, Chat, Text: asks the bot inline
//	guest       Who, Chat, Text, Reply: calls the bot into a supergroup that it is not in
//	whisper     Who, Chat, Text: says something in a group that only the bot sees
//	choose      Who, QueryID, Data: takes the result with this id, and sends it via the bot
//	react       Who, Chat, Message, Reaction: puts an emoji, or takes it away
//	vote        Who, Chat, Message, Options: votes in a poll, or takes the vote back
//	topic       Who, Chat, Text: begins a topic of a forum; with Message opens it again, Off closes it, Drop deletes it
//
// What a bot hears that somebody has connected to their business account. Who writes
// to Other, and one of the two is the business:
//
//	business          Who, Rights, Off: connects the bot, which may answer with the right "reply"
//	business_write    Who, Other, Text, Reply
//	business_edit     Who, Other, Message, Text
//	business_retract  Who, Other, Message
//
// Who is in a chat:
//
//	join      Who, Chat
//	leave     Who, Chat
//	add       Who, Chat, Other: brings somebody in
//	remove    Who, Chat, Other: throws somebody out, who may come back
//	ban       Who, Chat, Other, For, Off: throws somebody out of a supergroup or channel for good, or For so long
//	slowmode  Who, Chat, For: lets members write once in so long; without For, as they like
//	restrict  Who, Chat, Other, For, Off: takes from somebody the right to write there
//	boost     Who, Chat, For: supports a supergroup or channel
//	ask       Who, Chat, Text: asks to be let in
//	approve   Who, Chat, Other: lets somebody in who has asked
//	decline   Who, Chat, Other
//	promote   Who, Chat, Other, Rights: gives Other these rights; none take them away
//
// Who they are. With Tell, bots that know them get updateUserName:
//
//	rename      Who, FirstName, LastName, Tell
//	username    Who, Username, Tell: takes a username, or gives it up
//	buy         Who, Username, Tell: takes a collectible one beside the others
//	give_up     Who, Username, Tell: gives up any of them
//	language    Who, Lang
//	premium     Who, Off: is premium from now on
//	photo       Who, Hidden, Off: takes a new photo; a hidden one is not in min objects
//	privacy     Who, Off: hides from forwarded messages
//	bot_to_bot  Who, Off: a bot that writes to bots and hears them
//	group_privacy  Who, Off: a bot that hears only what is meant for it in groups
//	token       Who, Token: a bot gets another token; the old one is revoked
//	delete      Who: deletes the account
//
// What is not done by anybody:
//
//	set          Set: changes options of the world
//	wait         For, Real: time passes
//	clock        For, Real: the clock jumps, also back ("-2h"); with Real MTProto's own too, which message ids go by
//	sent         Who or Chat: what the bot has sent there
//	log          Who or Chat: what was said there
//	queries      buttons that were pressed and inline queries, with the bot's answers
//	commands     Scope, Lang: the bot's commands
//	calls        how often each method was called
//	stats        how many there are of everything
//	fault        Method, Error, Code, Count, Silent, For: makes something go wrong, as told below; without Method, ends all faults
//	malice       Kind, Method, Count, Size: the server sends what none should, as told below
//	hold         pushes wait from now on; answers do not
//	release      what waits goes, as fast as the clients take it
//	cut          closes all connections
//	forget_keys  signs everybody out; with "drop":true the server forgets the keys themselves
//
// A fault says in Method what it spoils, and in Count how often (once by default,
// -1 for ever):
//
//   - A TL method, or "*" for any. Error is what its calls are answered with, such
//     as FLOOD_WAIT_30, SLOWMODE_WAIT_10, INTERNAL_SERVER_ERROR, AUTH_KEY_DUPLICATED
//     or SESSION_REVOKED; Code is found by the name when it is 0. Errors that say
//     that the sign-in is gone end it. Silent carries nothing out and never
//     answers. Error "lost" carries the call out and never answers; "cut" breaks
//     the connection in the middle of the answer. For is a delay before all that.
//   - "updates": Error is "drop", "double" or "reorder", which lets the next update
//     overtake this one.
//   - "network": For is a delay for every frame, both ways, until "0s". Error "cut"
//     breaks the next message off in the middle, "bend" turns over a bit of it; "-404"
//     and its like are transport errors.
//   - "salts": Error is "expire": every salt so far is worthless.
//
// A malice comes at once as a push, Count times, or with the next Count answers to
// Method. Nothing of it is in the world afterwards, and the ids of people whom only
// malice has begin at 2^39. Kind is among these; Size is for those that say so:
//
//   - Peers that cannot be, beside what is said anyway: zero_id, id_range (negative
//     ones, and beyond the highest), invalid_utf8, names (that look like keys, paths or
//     commands; the longest has Size bytes), same_name (Size people bear it),
//     zero_hash, twice (several hashes for one user), second_self, vector (Size users).
//   - Updates that cannot be: pts, qts and channel_pts (negative, back, far ahead),
//     messages (of nobody, with entities outside of the text, out of time), storm
//     (Size inline queries of as many new people: {"count":1000000} is a million
//     updates in a row).
//   - Bytes in place of everything: unknown, wrong_types, announced (a vector that is
//     not there), negative, long_string, truncated, nested (Size texts in one another),
//     gzip (Size zeros, packed), gzip_nested, container, container_nested (Size deep),
//     result, bad_msg, session, empty, random (Size bytes).
//   - Answers of a method's own: endless (a difference that leads nowhere),
//     other_person (than was asked for), far_state (sequences at their end).
type Step struct {
	Do  string `json:"do"`
	Who string `json:"who,omitempty"`
	// Bot is the key of the bot that a private step is about, by default the first.
	Bot string `json:"bot,omitempty"`
	// Chat is the key of a group; "" and "bot" mean the private chat with the bot.
	Chat string `json:"chat,omitempty"`
	// From is where a forwarded message is, as Chat.
	From string `json:"from,omitempty"`
	// Other is the key of whom somebody shares, brings along or decides about.
	Other   string `json:"other,omitempty"`
	Text    string `json:"text,omitempty"`
	Payload string `json:"payload,omitempty"`
	// Message is the id of the message that something is done to, and Reply of the
	// one that is answered: as the supergroup, or the first bot, has it.
	Message int `json:"message,omitempty"`
	Reply   int `json:"reply,omitempty"`
	// Topic is the message that began the topic of a forum.
	Topic int `json:"topic,omitempty"`
	// Mention is the key of a person whose first name in Text becomes a mention by id.
	Mention string `json:"mention,omitempty"`
	// Min makes the sender's object in the push a min one. FullHash makes it one with
	// an empty phone number, whose access hash is good.
	Min      bool `json:"min,omitempty"`
	FullHash bool `json:"full_hash,omitempty"`

	// Kind is "group", "supergroup", "forum" or "channel", or the name of a malice.
	Kind    string   `json:"kind,omitempty"`
	Members []string `json:"members,omitempty"`
	// Rights are among post, edit, delete, ban, invite, promote, topics and other.
	Rights []string `json:"rights,omitempty"`

	Reason string `json:"reason,omitempty"`
	Button int    `json:"button,omitempty"`
	Named  bool   `json:"named,omitempty"`
	Data   string `json:"data,omitempty"`
	// QueryID is what the inline step has returned.
	QueryID  int64  `json:"query_id,omitempty,string"`
	Reaction string `json:"reaction,omitempty"`
	// Options are indexes of answers, from 0.
	Options []int `json:"options,omitempty"`

	Username  string `json:"username,omitempty"`
	FirstName string `json:"first_name,omitempty"`
	LastName  string `json:"last_name,omitempty"`
	Lang      string `json:"lang,omitempty"`
	Phone     string `json:"phone,omitempty"`
	Token     string `json:"token,omitempty"`
	Tell      bool   `json:"tell,omitempty"`
	Hidden    bool   `json:"hidden,omitempty"`
	// Off turns a step into its opposite.
	Off bool `json:"off,omitempty"`
	// Scope is "default", "users", "chats", "admins", or the key of a chat or person.
	Scope string `json:"scope,omitempty"`

	Count int `json:"count,omitempty"`
	// Size is how large or how many, for a malice, or how many of a chorus at a time.
	Size int `json:"size,omitempty"`
	// Mix alternates between the private chat and Chat, or the first supergroup.
	Mix bool `json:"mix,omitempty"`
	// Rate is how many of a crowd arrive per second of real time; 0 means as fast
	// as the bot takes them.
	Rate float64 `json:"rate,omitempty"`

	// Set has WorldOptions by their JSON names. Those that are not named stay.
	Set json.RawMessage `json:"set,omitempty"`
	// For is a duration such as "2s".
	For string `json:"for,omitempty"`
	// Real makes a wait sleep as well, and moves MTProto's own clock.
	Real bool `json:"real,omitempty"`

	Method string `json:"method,omitempty"`
	Error  string `json:"error,omitempty"`
	Code   int    `json:"code,omitempty"`
	// Silent makes an answer never come.
	Silent bool `json:"silent,omitempty"`
	Drop   bool `json:"drop,omitempty"`
}
