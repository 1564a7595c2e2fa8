package session

import (
	"context"
	"fmt"
	"iter"
)

// Export lists the book for another one, in the order of kind and id, each peer
// once, though not from one moment. Access hashes are in it only if asked for:
// whoever has them and the bot's token can address these people.
func (b *Book) Export(hashes bool) iter.Seq2[Entry, error] {
	bot := b.file.BotID()
	return func(yield func(Entry, error) bool) {
		for p, err := range b.All() {
			if err != nil {
				yield(Entry{}, err)
				return
			}
			if !yield(entryOf(p, bot, hashes), nil) {
				return
			}
		}
	}
}

// Imported tells what came of an import.
type Imported struct {
	// Entries were read; New are those that the book did not have.
	Entries, New int64
	// Foreign are entries with the access hash of another bot. They came without
	// it.
	Foreign int64
}

// Import enters peers out of an export, by the same rules as if they had been
// seen at the time that the export gives: a worse or older record replaces
// nothing. It takes any number of entries in little memory, and returns when the
// last of them is in the file. After an error, in the sequence or an entry, those
// before it are.
func (b *Book) Import(ctx context.Context, entries iter.Seq2[Entry, error]) (Imported, error) {
	var done Imported
	before := b.total()
	var batch []change
	write := func() error {
		b.file.add(batch...)
		batch = nil
		if err := b.file.Flush(ctx); err != nil {
			return err
		}
		done.New = b.total() - before
		return nil
	}
	bot := b.file.BotID()
	for e, err := range entries {
		var s *sighting
		if err == nil {
			s, err = e.sighting(bot)
		}
		if err != nil {
			if e := write(); e != nil {
				return done, e
			}
			return done, fmt.Errorf("import entry %d: %w", done.Entries+1, err)
		}
		done.Entries++
		if e.AccessHash != "" && !s.hasHash {
			done.Foreign++
		}
		if batch = append(batch, s); len(batch) == page {
			if err := write(); err != nil {
				return done, err
			}
		}
	}
	return done, write()
}

func (b *Book) total() int64 {
	c := b.Counts()
	return c.Users + c.Chats + c.Channels
}
