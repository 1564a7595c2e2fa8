// Package session keeps everything that a Telegram bot remembers between runs in
// one bbolt file: its auth key, the state of its updates, and the book of
// everyone it has seen, with the access hashes that address them.
//
// It goes with github.com/gotd/td and leaves a program its own client and
// handlers:
//
//	file, err := session.Open("bot.session", nil)
//	defer file.Close()
//	memory := file.Wire(&options)                     // telegram.Options
//	client := telegram.NewClient(appID, appHash, options)
//	client.Run(ctx, func(ctx context.Context) error {
//		// sign in here if file.SignedIn() is false
//		return memory.Run(ctx, client, handler)
//	})
//
// Look people up with [Book.Peer] and [Book.ByName], list them with [Book.All], and
// hand [Book.Resolver] and [Book.UserResolver] to gotd's message sender. Ask
// [File.Dialog] whether somebody may be written to. The parts
// that Wire puts in place are there one by one too: [File.SessionStorage],
// [File.StateStorage] and [Book.AccessHasher].
//
// # What it promises
//
// Every user and chat in every update and every answer enters the book, by the
// rules that Telegram documents for objects that tell less than others: see
// core.telegram.org/api/min. A worse record never replaces a better one, and
// nothing is ever evicted.
//
// An update state that stands in the file implies that every peer which came
// with the updates before it stands there too, and that a handler has finished
// with each of them. After a crash the server sends the rest again.
//
// Whether the bot may write to a user is learnt from what users do and from the
// answers to what the bot sends, and kept: see [File.Dialog]. What happened earlier
// never overwrites what happened later, in whatever order it is told; waits, faults
// and time-outs change nothing.
//
// What was sent under a key of the sender's own is remembered for a day, so that a
// program which does not know any more how far it came sends nothing twice: see
// [File.Deliveries].
//
// A username belongs to one peer at a time. Where the order of two claims cannot
// be told, the name is contested and [Book.ByName] says so.
//
// # The file
//
// [Check] reads a file from end to end and tells what is wrong with it, and
// [Repair] rebuilds a damaged one. [File.Backup] copies an open file as of one
// moment. [Rekey] encrypts the auth key and the access hashes with a [Key], which
// [Options] takes from then on.
//
// # Bounds
//
// What a server sends takes a bounded memory. Up to 4,096 updates wait in front of
// the handlers for the account, 512 for each channel and 16,384 in all; up to 1,024
// in each sequence wait for one that is missing; up to 65,536 channels are followed
// at once; and what waits to be written is bounded by [Options]. Beyond that updates
// are entered in the book, put off, and fetched again when there is room: see
// [Stats]. What no sequence counts cannot be fetched, and is counted as lost. One
// difference is taken as it comes, however long it is, and no other is asked for
// before half of what waits has been handled. A slow channel holds up itself alone.
//
// Some things cannot be closed from here:
//
//   - Telegram does not keep what no sequence counts: inline and callback queries
//     that were pushed and not handled when the process ends are gone.
//   - gotd decodes before anybody else sees a message. An object that holds itself
//     some hundred thousand levels deep, as a text that is bold in bold in bold, ends the
//     process with a stack overflow. It takes a message of several megabytes from
//     the server itself, and the next run goes on where this one was.
//   - An update in a channel that the bot has never heard of, which is pushed and
//     does not arrive because the process ends, is told again only if the server
//     goes by the date of the stored state, as Telegram is taken to do.
//
// # What will bite
//
// One process at a time has the file open. A second one gets [ErrLocked] within
// the lock timeout.
//
// Harvested peers are written within milliseconds, not at once. Readers see them
// immediately; what was seen in an update that no sequence counts, such as an
// inline query, is lost if the process dies within those milliseconds.
//
// Handlers see every update at least once, so some see one twice.
//
// The account has to be a bot's. Access hashes are worth what the bot's token is
// worth: they print as "hash:full", and [AccessHash.Reveal] is the way to one.
package session
