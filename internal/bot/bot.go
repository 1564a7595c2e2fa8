package bot

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/internal/rawtl"
	"github.com/f48b34c0/seen/session"
)

// Bot is one bot with its session file. All methods may be called at once.
type Bot struct {
	opts Options
	file *session.File
	book *session.Book

	gate      *gate
	calls     *tg.Client // makes them over the link that there is
	lookups   flights
	inquiries map[session.Kind]*inquiries
	schema    *rawtl.Schema
	tally     tally // counts what was made of them
	tape      *tape
	// parting is set while the bot logs out: it must not sign in for that.
	parting atomic.Bool
	// greetings are nil for the one plain sentence.
	greetings atomic.Pointer[Greetings]

	mu      sync.Mutex
	link    *link
	running time.Time     // when Run began; zero without Run
	counted session.Stats // of the links that Run has had before this one
	closed  bool
}

// Open opens the session file and takes its lock; nothing is sent anywhere. The
// caller has to close the bot.
func Open(ctx context.Context, opts Options) (*Bot, error) {
	opts.setDefaults()
	id, err := tokenID(opts.Token)
	if err != nil {
		return nil, err
	}
	how, err := opts.file(id)
	if err != nil {
		return nil, err
	}
	var greetings *Greetings
	if opts.Greetings != "" && !opts.NoGreeting {
		if greetings, err = ReadGreetings(opts.Greetings); err != nil {
			return nil, err
		}
	}
	file, err := session.Open(opts.SessionFile, how)
	if err != nil {
		return nil, opening(opts.SessionFile, err)
	}
	b := &Bot{opts: opts, file: file, book: file.Book(), schema: rawtl.New()}
	b.tape = newTape(opts.Now, opts.UpdatesKept, keptBytes)
	b.greetings.Store(greetings)
	b.calls = tg.NewClient(caller{b})
	b.inquiries = map[session.Kind]*inquiries{
		session.User:    {ask: b.getUsers},
		session.Chat:    {ask: b.getChats},
		session.Channel: {ask: b.getChannels},
	}
	if b.gate, err = newGate(ctx, file.Limits(), opts); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return b, nil
}

// tokenID returns the bot's id, which stands before the colon of its token; 0
// without a token. It never shows the token.
func tokenID(token string) (int64, error) {
	if token == "" {
		return 0, nil
	}
	head, secret, _ := strings.Cut(token, ":")
	id, err := strconv.ParseInt(head, 10, 64)
	if err != nil || secret == "" || !session.UserID(id).Valid() {
		return 0, answer.Errorf(answer.Usage, "the bot's token is malformed").
			WithHint("a token looks like 123456789:AbC-..., and @BotFather gives it")
	}
	return id, nil
}

// Close disconnects, writes what is waiting and gives the lock back. A running
// Run has to end first.
func (b *Bot) Close() error {
	b.mu.Lock()
	l := b.link
	b.closed = true
	b.mu.Unlock()
	hung := l != nil && !l.stopWithin(b.opts.StopTimeout)
	if !hung { // without a link every call has ended
		for _, q := range b.inquiries {
			q.close()
		}
	}
	if err := b.file.Close(); err != nil {
		return b.unwritten(err, true)
	}
	if hung {
		return answer.Errorf(answer.Failed, "the connection does not end after %s", b.opts.StopTimeout)
	}
	return nil
}
