package control

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"os"
	"time"

	"github.com/f48b34c0/seen/internal/answer"
)

// maxPath is what every system that has unix sockets allows: the kernel's limit
// is 104 bytes on some and 108 on others, with a final zero.
const maxPath = 100

// Listen opens the socket at path, for the owner alone.
//
// The caller holds the session file's lock. So whatever lies at path was left
// behind by a daemon that is gone, and is replaced; unless something answers
// there, which happens only if two session files were given one socket.
func Listen(ctx context.Context, path string) (*Listener, error) {
	if err := checkPath(path); err != nil {
		return nil, err
	}
	if err := removeLeftover(ctx, path); err != nil {
		return nil, err
	}
	// The mode is set before the path exists, where the system can do that.
	config := net.ListenConfig{Control: ownerOnly}
	l, err := config.Listen(ctx, "unix", path)
	if err != nil {
		return nil, answer.Errorf(answer.Failed, "open socket: %w", err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		_ = l.Close() // the first error is the one to tell
		return nil, answer.Errorf(answer.Failed, "open socket: %w", err)
	}
	unix := l.(*net.UnixListener)
	unix.SetUnlinkOnClose(false)
	return &Listener{UnixListener: unix, path: path}, nil
}

// Listener is an open socket. Closing it removes its path.
type Listener struct {
	*net.UnixListener
	path string
}

// hide removes the path, so that nobody new can connect, while those who already
// have are still accepted.
func (l *Listener) hide() error {
	err := os.Remove(l.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// Close removes the path and stops listening.
func (l *Listener) Close() error {
	return errors.Join(l.hide(), l.UnixListener.Close())
}

func checkPath(path string) error {
	if len(path) <= maxPath {
		return nil
	}
	return answer.Errorf(answer.Usage, "the socket's path is %d bytes long, a socket allows %d: %s", len(path), maxPath, path).
		WithHint("give a shorter one with --socket")
}

func removeLeftover(ctx context.Context, path string) error {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return answer.Errorf(answer.Failed, "open socket: %w", err)
	}
	if info.Mode().Type() != fs.ModeSocket {
		return answer.Errorf(answer.Failed, "open socket: %s is there and is not a socket", path).
			WithHint("move it away, or give another path with --socket")
	}
	dialer := net.Dialer{Timeout: time.Second}
	if conn, err := dialer.DialContext(ctx, "unix", path); err == nil {
		_ = conn.Close() // nothing was said
		return answer.Errorf(answer.Held, "another daemon serves %s for another session file", path).
			WithHint("give this one a socket of its own with --socket")
	}
	if err := os.Remove(path); err != nil {
		return answer.Errorf(answer.Failed, "remove leftover socket: %w", err)
	}
	return nil
}
