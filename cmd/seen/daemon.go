package main

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"time"

	"go.uber.org/zap"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/internal/control"
)

// daemon is a bot that stays, behind its doors.
type daemon struct {
	bot     living
	out     *printer
	log     *zap.Logger
	tell    notifier
	hangups hangup
	metrics http.Handler // nil if nothing is counted
	stop    bounds
	line    readiness
	reloads []reload
	ready   chan struct{} // closed when the bot is ready
	stopped atomic.Int64  // when it began to stop, in Unix nanoseconds
}

// bounds say how long each part of stopping may take.
type bounds struct {
	grace, cut time.Duration // requests: to finish, and to notice that they may not
	bot, file  time.Duration // the bot's own work, and the session file
}

// stopBounds come to less than [lastResort]. What one part does not need is left to
// those after it.
var stopBounds = bounds{grace: 4 * time.Second, cut: time.Second, bot: 2 * time.Second, file: 2 * time.Second}

func (b bounds) all() time.Duration { return b.grace + b.cut + b.bot + b.file }

// reload is something that can be read again while the daemon runs.
type reload func(ctx context.Context) (read []string, err error)

// live serves until ctx ends, which is no error, or the bot does, and closes the
// bot.
func (d *daemon) live(ctx context.Context, doors doors) (err error) {
	defer func() {
		err = errors.Join(err, within(d.left(d.stop.file, 0), "the session file is not closed", d.bot.Close))
	}()
	l, err := control.Listen(ctx, d.line.Socket)
	if err != nil {
		return unlessStopped(ctx, err)
	}
	d.ready = make(chan struct{})
	opts := control.Options{
		Ready: d.ready, Logger: d.log, Health: d.bot.Health, Metrics: d.metrics, Grace: d.stop.grace, Cut: d.stop.cut,
	}
	if err := doors.open(ctx, &opts); err != nil {
		return errors.Join(err, l.Close())
	}
	d.reloads = append(d.reloads, d.bot.Reload)
	if opts.Twin != nil {
		d.line.Listen = opts.Twin.Addr().String()
		d.reloads = append(d.reloads, doors.reload)
	}
	if opts.Monitor != nil {
		d.line.MetricsListen = opts.Monitor.Addr().String()
	}
	return d.serve(ctx, l, opts, func(self answer.Peer) {
		close(d.ready) // before anybody is told, who may ask at once
		d.line.Ready, d.line.Bot = true, self
		if err := d.out.ready(d.line); err != nil {
			d.log.Warn("cannot say that the daemon is ready", zap.Error(err))
		}
		d.tell.ready(who(self))
	})
}

// serve runs the bot behind its doors. The bot stays until every request is
// answered.
func (d *daemon) serve(ctx context.Context, l *control.Listener, opts control.Options, ready func(answer.Peer)) error {
	living, leave := context.WithCancel(context.WithoutCancel(ctx))
	defer leave()
	serving, hush := context.WithCancel(ctx)
	defer hush()

	ended := make(chan error, 1)
	go func() {
		defer hush()
		ended <- d.bot.Run(living, ready)
	}()
	attended := make(chan struct{})
	go func() {
		defer close(attended)
		d.attend(serving, hush)
	}()
	context.AfterFunc(serving, func() { d.stopped.Store(time.Now().UnixNano()) })
	served := control.Serve(serving, l, d.bot, opts)
	<-attended
	leave()
	ran := within(d.left(d.stop.bot, d.stop.file), "the bot does not end", func() error { return <-ended })
	return errors.Join(unlessStopped(living, ran), served)
}

// attend to what comes from outside besides requests, until ctx ends.
func (d *daemon) attend(ctx context.Context, stop func()) {
	d.hangups.start()
	defer d.hangups.end()
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		d.tell.watch(ctx, d.bot.Health)
	}()
	for {
		select {
		case <-ctx.Done():
			d.log.Info("stopping")
			d.tell.stopping()
			<-watched
			return
		case <-d.hangups.signals:
			if d.hangups.final() {
				stop()
				continue
			}
			d.reload(ctx)
		}
	}
}

// reload reads again what can be. What cannot be read stays as it was.
func (d *daemon) reload(ctx context.Context) {
	select {
	case <-d.ready:
		d.tell.reloading()
		defer d.tell.tell("READY=1")
	default: // the manager waits for the first READY
	}
	var all []string
	for _, reload := range d.reloads {
		read, err := reload(ctx)
		if err != nil {
			d.log.Error("not reloaded", zap.Error(err), zap.String("hint", answer.From(err).Hint))
			continue
		}
		all = append(all, read...)
	}
	d.log.Info("reloaded", zap.Strings("read", all))
}

// left is how long a part of stopping may take: what is its own, or all that is
// left until the reserve of those after it.
func (d *daemon) left(own, reserve time.Duration) time.Duration {
	stopped := d.stopped.Load()
	if stopped == 0 {
		return own
	}
	return max(own, d.stop.all()-reserve-time.Since(time.Unix(0, stopped)))
}

// within waits for f, for so long. If it takes longer it is left behind, and
// ends with the process.
func within(patience time.Duration, complaint string, f func() error) error {
	done := make(chan error, 1)
	go func() { done <- f() }()
	select {
	case err := <-done:
		return err
	case <-time.After(patience):
		return answer.Errorf(answer.Failed, "%s", complaint)
	}
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
