package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/pflag"
	"go.uber.org/zap"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/internal/bot"
)

// greetingFlags say how a daemon greets.
type greetingFlags struct {
	none bool
	dir  string
	bots bool
}

func (f *greetingFlags) addFlags(flags *pflag.FlagSet) {
	flags.BoolVar(&f.none, "no-greeting", false, "greet nobody")
	flags.StringVar(&f.dir, "greetings", "", "`folder` of greetings by language, see seen help greetings (SEEN_GREETINGS)")
	flags.BoolVar(&f.bots, "bots", false, "greet other bots too, three times an hour each at most")
}

// read puts the greetings into the options. The folder is that of the flag, else that
// of the environment, else none.
func (f *greetingFlags) read(env func(string) string, opts *bot.Options) (err error) {
	opts.NoGreeting, opts.Bots = f.none, f.bots
	if f.none && f.dir != "" {
		return answer.Errorf(answer.Usage, "--greetings and --no-greeting contradict each other")
	}
	if f.dir == "" {
		f.dir = env("SEEN_GREETINGS")
	}
	if f.dir != "" && !f.none {
		opts.Greetings, err = bot.ReadGreetings(f.dir)
	}
	return err
}

// rereading reads the greetings again at every SIGHUP, until ctx ends. If they are
// wrong, those that were read before stay.
func (f *greetingFlags) rereading(ctx context.Context, b *bot.Bot, logger *zap.Logger) {
	hup := make(chan os.Signal, 1)
	signal.Notify(hup, syscall.SIGHUP)
	defer signal.Stop(hup)
	for {
		select {
		case <-ctx.Done():
			return
		case <-hup:
		}
		if f.dir == "" || f.none {
			logger.Info("there are no greetings to read again")
			continue
		}
		g, err := bot.ReadGreetings(f.dir)
		if err != nil {
			logger.Error("the greetings are wrong, so the old ones stay", zap.Error(err))
			continue
		}
		b.SetGreetings(g)
		logger.Info("read the greetings again", zap.String("folder", f.dir))
	}
}

const greetingsHelp = `How the bot greets whoever begins a chat with it.

Without anything it says one plain sentence, once to everybody who writes for the
first time, whatever they write, and to whoever sends /start again. With "seen run
--greetings FOLDER" it says what stands in the folder's files:

  en.html          English, and everybody whose language is not there: needed
  en.again.html    The same for those who have written before; else en.html
  de.html, pt-br.html and so on
                   Other languages. Who reads pt-br gets pt-br.html, else pt.html

The language is the one that Telegram tells with the message, else the last one
that it has told. The text is HTML as of https://core.telegram.org/bots/api#html-style;
&lt; &gt; &amp; &#123; &#125; stand for < > & { }. In it

  {first_name}     is their first name. "Hello, {first_name}!" is "Hello!" for somebody
                   without one
  {payload}        is what the link carried that they came by: see seen help link

Any other brace is an error, with the file and the line. The files are read when
the daemon starts, and again at SIGHUP; if they are wrong then, the log says so and
the old ones stay. "seen run --no-greeting" greets nobody.`
