package main

import (
	"github.com/spf13/pflag"

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

// put puts them into the bot's options. The folder is that of the flag, else that of
// the environment, else none.
func (f *greetingFlags) put(env func(string) string, opts *bot.Options) error {
	if f.none && f.dir != "" {
		return answer.Errorf(answer.Usage, "--greetings and --no-greeting contradict each other")
	}
	opts.NoGreeting, opts.Bots, opts.Greetings = f.none, f.bots, f.dir
	if f.dir == "" {
		opts.Greetings = env("SEEN_GREETINGS")
	}
	return nil
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
the daemon starts, and again at SIGHUP ("systemctl reload"); if they are wrong then,
the log says so and the old ones stay. "seen run --no-greeting" greets nobody.`
