// Package fakedc is a Telegram that fits in a process: a real MTProto server
// on TCP with one data center or two, a few people and groups, and the rules that
// decide whom a bot may see, mention and write to.
//
// A [World] keeps people, groups, bots, what was said and what every bot has
// been told (pts, qts, a pts per channel). A [Server] speaks MTProto for a
// World. People do what a story tells them to: one [Step] at a time through
// [World.Do], or as NDJSON through [World.Play].
//
// What may be relied on:
//   - Access hashes are checked in every call that takes one, and a hash is
//     good for one bot only. Hash 0 works exactly where the bot has met the
//     peer: a dialog, or a chat that both are in.
//   - What a bot misses while it is away comes by getDifference and
//     getChannelDifference, with full user objects.
//   - Ids, hashes and message ids are the same in every run of a story. Only
//     auth keys, salts and the order of concurrent calls differ.
//   - A client is answered in the layer that it has said (layers.tl has the ones
//     that are known), or refused by name.
//   - A method that is not implemented answers METHOD_NOT_IMPLEMENTED. There
//     is no success without effect.
//
// What will bite:
//   - Everything is in memory, and nothing is evicted. [OpenData] is how a World
//     outlives its process.
//   - Dates of messages come from the story's clock, MTProto's own msg_ids
//     from the machine's: clients reject a msg_id that is minutes off.
//   - Every tg object writes to itself when it is encoded (SetFlags). The World
//     therefore keeps plain Go values and builds tg objects for one encoding.
//   - A bot that does not read slows the crowd step down until the connection's
//     write deadline ends it.
package fakedc
