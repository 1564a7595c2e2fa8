package main

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/internal/bot"
	"github.com/f48b34c0/seen/internal/control"
)

// runFlags are the settings of a daemon.
type runFlags struct {
	logLevel string
	greeting greetingFlags
}

func (c *cli) runVerb() *cobra.Command {
	var flags runFlags
	cmd := &cobra.Command{
		Use:   "run",
		Short: "Sign in, stay connected and serve the other verbs",
		Long: `Sign in, stay connected and serve the other verbs.

The bot remembers everyone who comes by, greets who begins a chat with it, and
answers the other verbs over a socket beside the session file, until it is
interrupted. One line on stdout says that it is ready; logs go to stderr. SIGHUP
makes it read its greetings again. Other bots are remembered and not greeted.`,
		Example: `  seen run
  seen run --greetings greetings/
  seen run --log-level debug 2>> seen.log`,
		Args: exactly(0),
		RunE: func(cmd *cobra.Command, _ []string) error { return c.run(cmd.Context(), flags) },
	}
	cmd.Flags().StringVar(&flags.logLevel, "log-level", "info", "least `level` to log: debug, info, warn or error")
	flags.greeting.addFlags(cmd.Flags())
	return cmd
}

// readiness is the line that says that the daemon is ready.
type readiness struct {
	Ready  bool        `json:"ready"`
	Bot    answer.Peer `json:"bot"`
	Socket string      `json:"socket"`
}

func (c *cli) run(ctx context.Context, flags runFlags) (err error) {
	logger, err := newLogger(c.err, flags.logLevel)
	if err != nil {
		return err
	}
	opts, err := c.settings.options(c.env)
	if err != nil {
		return err
	}
	if err := require(opts); err != nil {
		return err
	}
	opts.Logger = logger
	if err := flags.greeting.read(c.env, &opts); err != nil {
		return err
	}
	if err := c.settings.prepare(); err != nil {
		return err
	}
	b, err := claim(ctx, opts)
	if err != nil {
		return unlessStopped(ctx, err)
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	l, err := control.Listen(ctx, c.settings.socket)
	if err != nil {
		return unlessStopped(ctx, err)
	}
	reading, done := context.WithCancel(ctx)
	var reader sync.WaitGroup
	reader.Go(func() { flags.greeting.rereading(reading, b, logger) })
	defer func() {
		done()
		reader.Wait()
	}()
	ready := make(chan struct{})
	return serve(ctx, l, b, control.Options{Ready: ready, Logger: logger}, func(self answer.Peer) {
		line := readiness{Ready: true, Bot: self, Socket: c.settings.socket}
		if err := c.out.ready(line); err != nil {
			logger.Warn("Cannot say that the daemon is ready")
		}
		close(ready)
	})
}

// serve runs the bot behind its socket until ctx ends, which is no error, or the
// bot does. The bot stays until every request is answered.
func serve(ctx context.Context, l *control.Listener, b *bot.Bot, opts control.Options, ready func(answer.Peer)) error {
	living, leave := context.WithCancel(context.WithoutCancel(ctx))
	defer leave()
	serving, hush := context.WithCancel(ctx)
	defer hush()

	ended := make(chan error, 1)
	go func() {
		defer hush()
		ended <- b.Run(living, ready)
	}()
	served := control.Serve(serving, l, b, opts)
	leave()
	return errors.Join(unlessStopped(living, <-ended), served)
}

// unlessStopped drops an error that a context's end has caused.
func unlessStopped(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil && (errors.Is(err, context.Canceled) || answer.From(err).Code == answer.Interrupted) {
		return nil
	}
	return err
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
	return p.put(r, func(w io.Writer) { line(w, "ready as "+who(r.Bot)+" at "+r.Socket) })
}
