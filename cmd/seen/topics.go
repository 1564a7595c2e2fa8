package main

import "github.com/spf13/cobra"

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

What it says:

  SEEN_GREETINGS         A folder of greetings for "seen run" (--greetings)

Which server it connects to; Telegram if nothing is said:

  SEEN_DC                HOST:PORT of another server (--dc)
  SEEN_DC_KEY            A file with its RSA public key in PEM (--dc-key)`,
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
	}
}
