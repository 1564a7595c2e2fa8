package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/internal/bot"
	"github.com/f48b34c0/seen/internal/fakedc"
)

func (c *cli) demoVerb() *cobra.Command {
	return &cobra.Command{
		Use:   "demo",
		Short: "Tell a story of a bot and four people",
		Long: `Tell a story of a bot and four people.

The bot is the real one, and talks MTProto over TCP to a Telegram that runs in
this process. Nothing is sent anywhere else and nothing is left behind.`,
		Example: `  seen demo`,
		Args:    exactly(0),
		RunE:    func(cmd *cobra.Command, _ []string) error { return c.demo(cmd.Context()) },
	}
}

func (c *cli) demo(ctx context.Context) (err error) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	dir, err := os.MkdirTemp("", "seen-demo-")
	if err != nil {
		return answer.Errorf(answer.Failed, "make temporary folder: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	server, err := fakedc.Start(ctx, fakedc.Options{})
	if err != nil {
		return answer.Errorf(answer.Failed, "start test server: %w", err)
	}
	defer func() { err = errors.Join(err, server.Close()) }()

	s := &stage{
		world: server.World(),
		out:   c.out,
		opts: bot.Options{
			// Any application will do there.
			AppID: 1, AppHash: "demo", Token: fakedc.DemoToken,
			SessionFile: filepath.Join(dir, "bot.session"),
			Server:      bot.Server{Addr: server.Addr(), DC: server.DC(), Key: server.PublicKey()},
		},
	}
	defer func() { err = errors.Join(err, s.sleep()) }()
	return s.play(ctx)
}

// stage is where the demo's story happens.
type stage struct {
	world *fakedc.World
	opts  bot.Options
	out   *printer
	step  int

	// bot is nil while it sleeps.
	bot   *bot.Bot
	leave context.CancelFunc
	ended chan error
}

// told is one step of the story as it is printed.
type told struct {
	Step int    `json:"step"`
	Text string `json:"text"`
}

func (s *stage) say(format string, args ...any) error {
	s.step++
	t := told{Step: s.step, Text: fmt.Sprintf(format, args...)}
	return s.out.put(t, func(w io.Writer) { line(w, fmt.Sprintf("%2d  %s", t.Step, plain(t.Text))) })
}

// wake starts the bot from its file and waits until it is ready.
func (s *stage) wake(ctx context.Context) (self answer.Peer, err error) {
	if s.bot, err = bot.Open(ctx, s.opts); err != nil {
		s.bot = nil
		return self, err
	}
	running, leave := context.WithCancel(ctx)
	ready := make(chan answer.Peer, 1)
	s.leave, s.ended = leave, make(chan error, 1)
	go func() { s.ended <- s.bot.Run(running, func(self answer.Peer) { ready <- self }) }()
	select {
	case self = <-ready:
		return self, nil
	case err = <-s.ended:
		s.ended <- nil // sleep waits for it as well
		return self, err
	}
}

// sleep stops the bot.
func (s *stage) sleep() error {
	if s.bot == nil {
		return nil
	}
	s.leave()
	err := <-s.ended
	if errors.Is(err, context.Canceled) {
		err = nil
	}
	err = errors.Join(err, s.bot.Close())
	s.bot = nil
	return err
}

// until waits for what reaches the bot or the server by itself.
func until(ctx context.Context, what string, done func() bool) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	for !done() {
		if sleep(ctx, 5*time.Millisecond) != nil {
			return answer.Errorf(answer.Failed, "the story stops: %s", what)
		}
	}
	return nil
}
