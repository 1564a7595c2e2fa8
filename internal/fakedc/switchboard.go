package fakedc

import (
	"context"
	"slices"
	"sync"

	"github.com/gotd/td/proto"
)

// switchboard knows the live connections and sessions of a world, across all of
// its servers.
type switchboard struct {
	mu       sync.Mutex
	conns    map[*conn]struct{}
	sessions map[sessionID]*link
	servers  []*Server
	mischief mischief
	network  network
	dam      dam
}

type sessionID struct {
	key [8]byte
	id  int64
}

// link says over which connection a session is heard: the most recent one.
type link struct {
	ses  *session
	conn *conn
}

func newSwitchboard() *switchboard {
	return &switchboard{conns: map[*conn]struct{}{}, sessions: map[sessionID]*link{}}
}

func (b *switchboard) open(s *Server) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.servers = append(b.servers, s)
}

func (b *switchboard) close(s *Server) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.servers = slices.DeleteFunc(b.servers, func(x *Server) bool { return x == s })
}

// centers are the servers that run now.
func (b *switchboard) centers() []*Server {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.servers)
}

func (b *switchboard) connect(c *conn) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.conns[c] = struct{}{}
}

func (b *switchboard) disconnect(c *conn) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.conns, c)
	for ses := range c.sessions {
		b.endLocked(ses, c)
	}
}

// session finds a session and moves it to c, or creates it.
func (b *switchboard) session(key *authKey, id int64, c *conn) (_ *session, created bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	at := sessionID{key: key.ID, id: id}
	// A key that was dropped and agreed on again is another key.
	if l, ok := b.sessions[at]; ok && l.ses.key == key {
		if l.conn != c {
			l.conn = c
			c.sessions[l.ses] = struct{}{}
		}
		return l.ses, false
	}
	ses := newSession(key, id)
	b.sessions[at] = &link{ses: ses, conn: c}
	return ses, true
}

func (b *switchboard) end(ses *session, c *conn) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.endLocked(ses, c)
}

func (b *switchboard) endLocked(ses *session, c *conn) {
	at := sessionID{key: ses.key.ID, id: ses.id}
	if l, ok := b.sessions[at]; ok && l.ses == ses && l.conn == c {
		delete(b.sessions, at)
	}
}

// destroy ends another session of the same key, as its client asks.
func (b *switchboard) destroy(key *authKey, id int64) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	at := sessionID{key: key.ID, id: id}
	_, ok := b.sessions[at]
	delete(b.sessions, at)
	return ok
}

// push sends body to every session of bot that wants updates, except one: the
// session that caused the update has it as its answer. It tells which keys got it.
func (b *switchboard) push(bot *account, except *session, body func() ([]byte, error), told func(*authKey)) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	var (
		shared []byte
		todo   = ordinary
	)
	for _, l := range b.sessions {
		if l.ses == except || !l.hears(bot) {
			continue
		}
		if shared == nil {
			var err error
			if shared, err = body(); err != nil {
				return err
			}
			todo = b.mischief.next()
		}
		said, ok := l.conn.inLayer(l.ses, shared)
		if !ok {
			continue
		}
		p := parcel{ses: l.ses, typ: proto.MessageFromServer, content: true, push: true, body: said}
		switch todo {
		case dropped:
			continue
		case doubled:
			b.send(l.conn, p)
		case held:
			b.mischief.hold(l.conn, p)
			told(l.ses.key)
			continue
		}
		b.send(l.conn, p)
		told(l.ses.key)
	}
	if shared != nil && todo != held {
		b.overtaken()
	}
	return nil
}

// hears says whether updates of a bot go to a session: one that wants them, at the
// data center where accounts live.
func (l *link) hears(bot *account) bool {
	at := l.conn.srv.opts
	return at.Home == at.DC && l.ses.updates.Load() && l.ses.key.account() == bot
}

// settle waits until every connection has room for more.
func (b *switchboard) settle(ctx context.Context) error {
	b.mu.Lock()
	conns := make([]*conn, 0, len(b.conns))
	for c := range b.conns {
		conns = append(conns, c)
	}
	b.mu.Unlock()
	for _, c := range conns {
		if err := c.out.room(ctx); err != nil {
			return err
		}
	}
	return nil
}

// cut closes all connections, as a network that fails does.
func (b *switchboard) cut() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	for c := range b.conns {
		_ = c.net.Close()
	}
	return len(b.conns)
}

func (b *switchboard) count() (conns, sessions int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.conns), len(b.sessions)
}
