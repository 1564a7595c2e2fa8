package main

import (
	"context"
	"io"
	"runtime/debug"
	"time"

	"github.com/spf13/cobra"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/internal/bot"
	"github.com/f48b34c0/seen/internal/control"
	"github.com/f48b34c0/seen/internal/metrics"
)

// runFlags are the settings of a daemon.
type runFlags struct {
	logLevel      string
	greeting      greetingFlags
	writePatience time.Duration
	noPFS         bool
	updatesKept   int
	doors         doors
}

func (c *cli) runVerb() *cobra.Command {
	var flags runFlags
	cmd := &cobra.Command{
		Use:   "run",
		Short: "Sign in, stay connected and serve the other verbs",
		Long: `Sign in, stay connected and serve the other verbs.

The bot remembers everyone who comes by, greets who begins a chat with it, and
answers the other verbs over a socket beside the session file, until it is
interrupted. One line on stdout says that it is ready; logs go to stderr, as lines
on a terminal and as JSON elsewhere. Other bots are remembered and not greeted.

It ends within ten seconds of SIGINT or SIGTERM, whatever hangs, and reads again
on SIGHUP its greetings: see "seen help greetings". With systemd it tells when it is ready
and that it is alive: see "seen help systemd". "seen help api" explains the socket,
and "seen help container" the door on TCP.

While the session file cannot be written, because its disk is full for example,
the bot goes on in memory, says so in its log and in "seen status", and tries
again within seconds. After --write-patience it stops with exit status 1.`,
		Example: `  seen run
  seen run --greetings greetings/
  seen run --log-level debug 2>> seen.log
  seen run --metrics-listen 127.0.0.1:9100
  seen run --listen 127.0.0.1:9000 --listen-token-file door.token`,
		Args: exactly(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if cmd.Flags().Changed("door") {
				return answer.Errorf(answer.Usage, "--door is for the verbs that ask a daemon").
					WithHint("a daemon opens one with --listen")
			}
			if c.quiet && !cmd.Flags().Changed("log-level") {
				flags.logLevel = "error"
			}
			return c.run(cmd.Context(), flags)
		},
	}
	cmd.Flags().StringVar(&flags.logLevel, "log-level", "info", "least `level` to log: debug, info, warn or error")
	flags.greeting.addFlags(cmd.Flags())
	c.settings.limits.addLookups(cmd.Flags())
	c.settings.limits.addPace(cmd.Flags())
	cmd.Flags().BoolVar(&flags.noPFS, "no-pfs", false, "encrypt with the permanent key, not with one for each connection")
	cmd.Flags().IntVar(&flags.updatesKept, "updates-kept", 10_000, "keep at most this `number` of updates for \"seen updates\"")
	flags.doors.addFlags(cmd.Flags())
	cmd.Flags().DurationVar(&flags.writePatience, "write-patience", 5*time.Minute,
		"stop after this `time` without being able to write the session file")
	return cmd
}

// readiness is the line that says that the daemon is ready.
type readiness struct {
	// Ready is always true.
	Ready bool `json:"ready"`
	// Bot is who has signed in.
	Bot answer.Peer `json:"bot"`
	// Socket is where the other verbs are answered.
	Socket string `json:"socket"`
	// Listen is where they are answered on TCP.
	Listen string `json:"listen,omitempty"`
	// MetricsListen is where health and metrics are told.
	MetricsListen string `json:"metrics_listen,omitempty"`
}

// lastResort is how long a daemon may take to stop in all. The parts of it are
// bounded, and come to less.
const lastResort = 9500 * time.Millisecond

// run is a daemon's life. Whatever hangs in it is left behind in the end, and
// ends with the process.
func (c *cli) run(ctx context.Context, flags runFlags) error {
	lived := make(chan error, 1)
	go func() { lived <- c.live(ctx, flags) }()
	select {
	case err := <-lived:
		return err
	case <-ctx.Done():
	}
	select {
	case err := <-lived:
		return err
	case <-time.After(lastResort):
		return answer.Errorf(answer.Failed, "the daemon does not stop and is given up")
	}
}

// gcPercent is by how much of what it needs a daemon may grow before garbage is
// collected; Go's own is all of it. A process that stays for months is remembered by
// its busiest minute, in which it needs up to 150 MB.
const gcPercent = 50

func (c *cli) live(ctx context.Context, flags runFlags) error {
	if c.env("GOGC") == "" { // Go has heard of it otherwise
		debug.SetGCPercent(gcPercent)
	}
	logger, err := newLogger(c.err, flags.logLevel)
	if err != nil {
		return err
	}
	if flags.updatesKept < 1 {
		return answer.Errorf(answer.Usage, "--updates-kept is %d, and at least one update is kept", flags.updatesKept)
	}
	if err := flags.doors.check(); err != nil {
		return err
	}
	opts, err := c.settings.options(c.env)
	if err != nil {
		return err
	}
	if err := require(opts); err != nil {
		return err
	}
	opts.Logger, opts.WritePatience = logger, flags.writePatience
	opts.StopTimeout = stopBounds.file / 2 // then the file is closed
	opts.NoPFS, opts.UpdatesKept = flags.noPFS, flags.updatesKept
	opts.Notice = nil // the log has it
	if err := flags.greeting.put(c.env, &opts); err != nil {
		return err
	}
	if err := c.settings.prepare(); err != nil {
		return err
	}
	b, err := claim(ctx, opts)
	if err != nil {
		return unlessStopped(ctx, err)
	}
	d := &daemon{bot: b, out: c.out, log: logger, tell: newNotifier(c.env, logger), stop: stopBounds}
	d.hangups = hangups(c.stdin)
	if flags.doors.metrics || flags.doors.metricsListen != "" {
		d.metrics = metrics.Handler(b)
	}
	d.line.Socket = c.settings.socket
	return d.live(ctx, flags.doors)
}

// claim opens the session file for a daemon. A verb that has it open gives it
// back in a moment.
func claim(ctx context.Context, opts bot.Options) (*bot.Bot, error) {
	deadline := time.Now().Add(patience)
	for {
		b, err := bot.Open(ctx, opts)
		if !held(err) || time.Now().After(deadline) {
			return b, err
		}
		if err := sleep(ctx, pause); err != nil {
			return nil, err
		}
	}
}

func (p *printer) ready(r readiness) error {
	return p.put(r, func(w io.Writer) {
		text := "ready as " + who(r.Bot) + " at " + r.Socket
		if r.Listen != "" {
			text += " and " + r.Listen
		}
		line(w, text)
	})
}

var _ living = (*bot.Bot)(nil)

// living is a bot that can be a daemon's.
type living interface {
	control.Bot
	Run(ctx context.Context, ready func(self answer.Peer)) error
	Reload(ctx context.Context) (read []string, err error)
	Health(ctx context.Context) error
	Close() error
}
