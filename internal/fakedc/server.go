package fakedc

import (
	"context"
	"crypto/rsa"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/gotd/td/crypto"
	"github.com/gotd/td/tg"
	"go.uber.org/zap"
)

// Server speaks MTProto for one World. All methods are safe for concurrent use.
type Server struct {
	opts     Options
	world    *World
	listener net.Listener
	methods  *tg.ServerDispatcher
	names    map[uint32]string
	ids      msgIDs
	cipher   crypto.Cipher
	layers   *interpreter
	log      *zap.Logger

	cancel context.CancelFunc
	work   sync.WaitGroup
}

// Start listens and serves in the background until Close is called or ctx ends.
// Close must be called in either case: it waits for what the server has started.
func Start(ctx context.Context, opts Options) (*Server, error) {
	if err := opts.setDefaults(); err != nil {
		return nil, err
	}
	layers, err := newInterpreter()
	if err != nil {
		return nil, fmt.Errorf("read layers: %w", err)
	}
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", opts.Listen)
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	ctx, cancel := context.WithCancel(ctx)
	s := &Server{
		opts:     opts,
		world:    opts.World,
		listener: l,
		names:    methodNames(),
		cipher:   crypto.NewServerCipher(crypto.DefaultRand()),
		layers:   layers,
		log:      opts.Logger,
		cancel:   cancel,
	}
	s.methods = s.newMethods()
	s.world.board.open(s)
	context.AfterFunc(ctx, func() { _ = l.Close() })
	s.work.Go(func() { s.accept(ctx) })
	return s, nil
}

// Addr is the HOST:PORT that the server listens on.
func (s *Server) Addr() string { return s.listener.Addr().String() }

// PublicKey is what a client must be given to trust the server.
func (s *Server) PublicKey() *rsa.PublicKey { return &s.opts.Key.PublicKey }

// World is what the server serves.
func (s *Server) World() *World { return s.world }

// DC is the id of the server's data center.
func (s *Server) DC() int { return s.opts.DC }

// Close stops listening, closes all connections and waits for everything that
// the server has started. It may be called more than once.
func (s *Server) Close() error {
	s.cancel()
	s.work.Wait()
	s.world.board.close(s)
	return nil
}

// now is what MTProto goes by. Deadlines of connections go by the machine's clock.
func (s *Server) now() time.Time { return s.world.clock.server() }

// accept does nothing but accept: whatever needs bytes from the peer happens in
// the connection's own goroutine, so that a silent peer holds up nobody.
func (s *Server) accept(ctx context.Context) {
	for {
		nc, err := s.listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			// EMFILE and its like pass; a server that stops on them does not come back.
			s.log.Warn("accept", zap.Error(err))
			select {
			case <-ctx.Done():
				return
			case <-time.After(50 * time.Millisecond):
			}
			continue
		}
		s.work.Go(func() { s.serve(ctx, nc) })
	}
}
