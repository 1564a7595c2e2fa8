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

const (
	// backlog is how long a stopping server goes on accepting after its path is
	// gone, for those who had connected but were not accepted yet.
	backlog = 50 * time.Millisecond
	// maxHeader bounds the head of a request. Ours are a few lines.
	maxHeader = 16 << 10
)

// Options are a server's settings.
type Options struct {
	// Ready is closed when the bot can do what it is asked. Requests that come
	// earlier wait for it. Nil means that it can from the start.
	Ready <-chan struct{}
	// Twin is a second door, on TCP; nil for none. Serve closes it.
	Twin *Twin
	// Monitor is where health and metrics can be asked for on TCP; nil for
	// nowhere. Serve closes it.
	Monitor *Monitor
	// Health tells what keeps the bot from working, and nil if nothing does. Nil
	// means that nothing ever does.
	Health func(context.Context) error
	// Metrics answers GET /metrics; nil if nothing is counted.
	Metrics http.Handler
	// Grace is how long running requests may take to finish when the server
	// stops, before they are canceled. 4 seconds by default.
	Grace time.Duration
	// Cut is how long a canceled request may take to notice. 1 second by default.
	Cut time.Duration
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
		o.Grace = 4 * time.Second
	}
	if o.Cut == 0 {
		o.Cut = time.Second
	}
	if o.Logger == nil {
		o.Logger = zap.NewNop()
	}
}

// Serve puts bot behind the socket until ctx ends, and closes the socket.
//
// Stopping loses nobody who came by the socket: first the path goes, then
// everyone who had connected is answered, then the socket is closed. It takes no
// longer than the times of grace; a request that does not end even then is told
// in the error, and else none runs when Serve returns. A ctx that ends is not an
// error.
func Serve(ctx context.Context, l *Listener, bot Bot, opts Options) error {
	opts.setDefaults()
	// Requests outlive ctx by the time of grace.
	requests, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()

	s := &server{bot: bot, opts: opts, twin: opts.Twin, stopping: ctx.Done()}
	var all services
	srv := s.http(requests, s.handler())
	all.run(srv, l)
	if opts.Twin != nil {
		all.run(srv, opts.Twin)
	}
	// The monitor goes last: until then it can tell that the daemon stops.
	servers := []*http.Server{srv}
	if opts.Monitor != nil {
		observed := s.http(requests, s.observed())
		servers = append(servers, observed)
		all.run(observed, opts.Monitor)
	}

	var err error
	select {
	case failed := <-all.ended:
		all.count--
		err = answer.Errorf(answer.Failed, "serve: %w", failed)
		cancel()
	case <-ctx.Done():
	}
	err = errors.Join(err, l.hide())
	time.Sleep(backlog)
	grace, done := context.WithTimeout(requests, opts.Grace)
	defer done()
	for _, srv := range servers {
		if srv.Shutdown(grace) != nil {
			cancel()
			err = errors.Join(err, srv.Close())
		}
	}
	for range all.count {
		if stop := <-all.ended; !errors.Is(stop, http.ErrServerClosed) {
			err = errors.Join(err, stop)
		}
	}
	if left := s.running.close(opts.Cut); left > 0 {
		err = errors.Join(err, answer.Errorf(answer.Failed, "requests that do not end: %d", left))
	}
	return err
}

// services are the listeners that are served.
type services struct {
	count int
	ended chan error
}

func (s *services) run(srv *http.Server, l net.Listener) {
	if s.ended == nil {
		s.ended = make(chan error, 3)
	}
	s.count++
	go func() { s.ended <- srv.Serve(l) }()
}

func (s *server) http(requests context.Context, handler http.Handler) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          stdLog(s.opts.Logger),
		BaseContext:       func(net.Listener) context.Context { return requests },
		ConnContext:       withOrigin,
	}
}

// server answers requests with what bot says.
type server struct {
	bot      Bot
	opts     Options
	twin     *Twin
	stopping <-chan struct{}
	running  running
}

// wait blocks until the bot can be asked, and tells why if it will not be.
func (s *server) wait(ctx context.Context) error {
	select {
	case <-s.opts.Ready:
		return nil
	default:
	}
	select {
	case <-s.opts.Ready:
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
