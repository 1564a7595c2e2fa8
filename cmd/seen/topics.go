package main

import (
	_ "embed"

	"github.com/spf13/cobra"
)

// What operators put into files, as it is.
var (
	//go:embed reference/seen.service
	unitFile string
	//go:embed reference/Containerfile
	containerFile string
)

// topics are help texts that belong to no verb.
func topics() []*cobra.Command {
	return []*cobra.Command{
		{
			Use:   "environment",
			Short: "List the environment variables",
			Long: `What the environment says. A flag goes before its variable.

Who the bot is; never on the command line, which everybody on the machine can
read:

  APP_ID, APP_HASH       The application, from https://my.telegram.org/apps
  BOT_TOKEN              The bot, from @BotFather
  BOT_TOKEN_FILE         A file that holds the token, if BOT_TOKEN is not set
  CREDENTIALS_DIRECTORY  Set by systemd: the token is the credential bot_token,
                         if neither of the two above is set

Where it keeps what it remembers:

  SESSION_FILE           The session file (--session)
  STATE_DIRECTORY        Set by systemd: bot.session in this folder
  XDG_STATE_HOME         Else seen/bot.session in this folder
  HOME                   Else .local/state/seen/bot.session in this folder
  SEEN_SOCKET            The daemon's socket (--socket); the session file's path
                         and .sock if nothing is said

How it opens an encrypted session file, and makes a new one that is:

  SESSION_KEY            The key, if --key-file is not given: 64 hexadecimal digits,
                         or 32 bytes in base64
  SESSION_KEY_FILE       A file that holds it (--key-file), if SESSION_KEY is not set
  CREDENTIALS_DIRECTORY  Set by systemd: the key is the credential session_key, if
                         there is one and neither of the two above is set

What it says:

  SEEN_GREETINGS         A folder of greetings for "seen run" (--greetings)

How verbs reach a daemon whose socket they cannot open:

  SEEN_DOOR              http://HOST:PORT of a daemon that listens there (--door)
  SEEN_DOOR_TOKEN_FILE   A file with the token for it (--door-token-file)

How much memory "seen run" takes, beside what the system caches of the session file:

  GOGC                   By how many percent of what it needs it may grow before
                         garbage is collected: 50 if nothing is said
  GOMEMLIMIT             From how many bytes on it works harder to take less, or
                         with a unit: 400MiB. Nothing if nothing is said

What a service manager says to "seen run":

  NOTIFY_SOCKET          Where to say that it is ready, alive and stopping
  WATCHDOG_USEC, WATCHDOG_PID
                         How often a sign of life is wanted, and of whom

Which server it connects to; Telegram if nothing is said:

  SEEN_DC                HOST:PORT of another server (--dc)
  SEEN_DC_KEY            A file with its RSA public key in PEM (--dc-key)
  ALL_PROXY              A proxy to connect through (--proxy), and the place for one
                         with a password: socks5://USER:PASSWORD@HOST:PORT,
                         http://USER:PASSWORD@HOST:PORT, or an MTProto proxy's
                         tg://proxy?server=HOST&port=PORT&secret=SECRET
  NO_PROXY               Hosts and networks that are reached without it

How much it asks and how fast it sends; 0 is no limit. A daemon keeps to its own
settings, whatever the verbs that ask it are told. Two processes with one token
know nothing of each other, and together send and ask twice as much:

  SEEN_LOOKUPS_PER_DAY   Look-ups of usernames in 24 hours: 200
                         (--lookups-per-day)
  SEEN_FLOOD_WAIT        How long a call waits by itself when Telegram asks for
                         it; a longer wait is refused: 5s (--flood-wait)
  SEEN_RATE              Messages a second, in all: 30 (--rate)
  SEEN_CHAT_RATE         Messages a second to one chat: 1 (--chat-rate)
  SEEN_CHAT_BURST        Messages at once to a chat that was quiet: 3
                         (--chat-burst)
  SEEN_GROUP_RATE        Messages a minute to one group or channel: 20
                         (--group-rate)`,
		},
		{
			Use:   "greetings",
			Short: "Explain how the bot greets",
			Long:  greetingsHelp,
		},
		{
			Use:   "exit",
			Short: "List the exit statuses",
			Long: `What the exit status says:

` + exitStatuses + `

Where several inputs all failed in one way, the status is that of the failure.`,
		},
		page("json", "List what verbs print with -o json"),
		page("api", "List what a daemon's socket can be asked"),
		page("systemd", "Print a unit file for systemd"),
		page("container", "Print a recipe for a container image"),
	}
}

// pages are the topics whose text is long, and made only for who reads it.
func pages() map[string]func() string {
	return map[string]func() string{
		"json":      jsonTopic,
		"api":       apiTopic,
		"systemd":   func() string { return unitFile },
		"container": func() string { return containerFile },
	}
}

func page(name, short string) *cobra.Command {
	cmd := &cobra.Command{Use: name, Short: short}
	cmd.SetHelpFunc(func(cmd *cobra.Command, args []string) {
		cmd.Long = pages()[name]()
		cmd.Root().HelpFunc()(cmd, args)
	})
	return cmd
}
