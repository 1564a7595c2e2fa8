// Package answer is the contract between what the bot does and whoever asks:
// the requests, the answers and the errors, as Go values and as JSON.
//
// What this package promises holds on the command line (-o json) and on the
// daemon's socket alike, because both print these very values. Fields are only
// ever added. Ids are JSON numbers, because every Telegram id fits 2^53; access
// hashes are strings, because they do not, and are present only when they were
// asked for.
package answer
