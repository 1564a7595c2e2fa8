package control

import (
	"context"
	"errors"
	"log"
	"net"
	"net/http"
	"time"

	"go.uber.org/zap"

	"github.com/f48b34c0/seen/internal/answer"
)

// backlog is how long a stopping server goes on accepting after its path is
// gone, for those who had connected but were not accepted yet.
const backlog = 50 * time.Millisecond

// Options are a server's settings.
type Options struct {
	// Ready is closed when the bot can do what it is asked. Requests that come
	// earlier wait for it. Nil means that it can from the start.
	Ready <-chan struct{}
	// Grace is how long running requests may take to finish when the server
	// stops, before they are canceled. 5 seconds by default.
	Grace time.Duration
	// Logger takes what goes wrong while serving. Silent by default.
	Logger *zap.Logger
}

func (o *Options) setDefaults() {
	if o.Ready == nil {
		ready := make(chan struct{})
		close(ready)
		o.Ready = ready
	}
	if o.Grace == 0 {
		o.Grace = 5 * time.Second
	}
	if o.Logger == nil {
		o.Logger = zap.NewNop()
	}
}

// Serve puts bot behind the socket until ctx ends, and closes the socket.
//
// Stopping loses nobody: first the path goes, then everyone who had connected
// is answered, then the socket is closed. When Serve returns, no request runs.
// A ctx that ends is not an error.
func Serve(ctx context.Context, l *Listener, bot Bot, opts Options) error {
	opts.setDefaults()
	// Requests outlive ctx by the time of grace.
	requests, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()

	s := &server{bot: bot, ready: opts.Ready, stopping: ctx.Done()}
	srv := &http.Server{
		Handler:           s.handler(),
		ReadHeaderTimeout: 5 * time.Second,
		ErrorLog:          stdLog(opts.Logger),
		BaseContext:       func(net.Listener) context.Context { return requests },
	}
	served := make(chan error, 1)
	go func() { served <- srv.Serve(l) }()

	select {
	case err := <-served:
		cancel()
		return errors.Join(answer.Errorf(answer.Failed, "serve socket: %w", err), l.Close())
	case <-ctx.Done():
	}

	err := l.hide()
	time.Sleep(backlog)
	grace, done := context.WithTimeout(requests, opts.Grace)
	defer done()
	if stop := srv.Shutdown(grace); stop != nil {
		cancel()
		err = errors.Join(err, srv.Close())
	}
	if stop := <-served; !errors.Is(stop, http.ErrServerClosed) {
		err = errors.Join(err, stop)
	}
	s.running.close()
	return err
}

// server answers requests with what bot says.
type server struct {
	bot      Bot
	ready    <-chan struct{}
	stopping <-chan struct{}
	running  running
}

// wait blocks until the bot can be asked, and tells why if it will not be.
func (s *server) wait(ctx context.Context) error {
	select {
	case <-s.ready:
		return nil
	default:
	}
	select {
	case <-s.ready:
		return nil
	case <-s.stopping:
		return answer.Errorf(answer.Held, "the daemon stopped before it was ready").WithHint("try again")
	case <-ctx.Done():
		return answer.Errorf(answer.Interrupted, "%w", ctx.Err())
	}
}

func stdLog(logger *zap.Logger) *log.Logger {
	return zap.NewStdLog(logger.Named("control"))
}
