package bot

import (
	"context"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/session"
)

// Bot is one bot with its session file. All methods may be called at once.
type Bot struct {
	opts Options
	file *session.File
	book *session.Book

	asked flights

	mu      sync.Mutex
	link    *link
	running time.Time // when Run began; zero without Run
	closed  bool
}

// Open opens the session file and takes its lock; nothing is sent anywhere. The
// caller has to close the bot.
func Open(_ context.Context, opts Options) (*Bot, error) {
	opts.setDefaults()
	id, err := tokenID(opts.Token)
	if err != nil {
		return nil, err
	}
	how, err := opts.file(id)
	if err != nil {
		return nil, err
	}
	file, err := session.Open(opts.SessionFile, how)
	if err != nil {
		return nil, opening(opts.SessionFile, err)
	}
	return &Bot{opts: opts, file: file, book: file.Book()}, nil
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
	if l != nil {
		l.stop()
	}
	if err := b.file.Close(); err != nil {
		return answer.Errorf(answer.Failed, "close session file: %w", err)
	}
	return nil
}
