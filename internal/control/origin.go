package control

import (
	"context"
	"net"
	"net/http"
	"os"
)

// origin is who has connected, as far as the kernel knows.
type origin struct {
	// socket says that they came by the unix socket, as user uid; -1 where the
	// system does not tell.
	socket bool
	uid    int
}

type originKey struct{}

// withOrigin notes who has connected, before anything is read from them.
func withOrigin(ctx context.Context, conn net.Conn) context.Context {
	from := origin{uid: -1}
	if conn, ok := conn.(*net.UnixConn); ok {
		from = origin{socket: true, uid: userOf(conn)}
	}
	return context.WithValue(ctx, originKey{}, from)
}

func originOf(r *http.Request) origin {
	from, _ := r.Context().Value(originKey{}).(origin)
	return from
}

// stranger reports whether somebody else than the daemon's user and root has
// come by the socket. Its mode keeps them out already, unless that was changed.
func (o origin) stranger() bool {
	return o.socket && o.uid != -1 && o.uid != 0 && o.uid != os.Geteuid()
}
