// Package bot is what the bot can do: sign in, stay connected, find people,
// write to them and mention them, and greet who opens a chat with it.
//
// Whom it addresses comes from the book of package session and from nowhere
// else. Telegram's errors end here: what leaves the package is an *answer.Error,
// decided by the type of Telegram's error and never by its code, because codes
// differ between methods.
//
// A bot is connected in one of two ways. [Bot.Run] receives updates and stays.
// Without it, the first request that has to ask the server connects without
// updates; the update state stays as it was, so the next Run misses nothing.
package bot
