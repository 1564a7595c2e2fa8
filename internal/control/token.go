package control

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"os"
	"strings"
	"sync/atomic"

	"github.com/f48b34c0/seen/internal/answer"
)

// minToken is how long a token is at least: shorter ones can be guessed.
const minToken = 20

// Token is what the daemon's door on TCP opens for. It comes from a file, so that
// no command line shows it, and can be changed while the daemon runs.
type Token struct {
	path string
	sum  atomic.Pointer[[sha256.Size]byte]
}

// OpenToken reads a token from a file.
func OpenToken(path string) (*Token, error) {
	t := &Token{path: path}
	return t, t.Reload()
}

// Reload reads the file again. With an error the token stays what it was.
func (t *Token) Reload() error {
	value, err := ReadToken(t.path)
	if err != nil {
		return err
	}
	sum := sha256.Sum256([]byte(value))
	t.sum.Store(&sum)
	return nil
}

// fits reports whether a request carries the token. It takes the same time
// whatever the request carries.
func (t *Token) fits(r *http.Request) bool {
	value, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	sum := sha256.Sum256([]byte(value))
	return subtle.ConstantTimeCompare(sum[:], t.sum.Load()[:]) == 1
}

// ReadToken reads the token in a file. Nothing that is said about it shows it.
func ReadToken(path string) (string, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return "", answer.Errorf(answer.Usage, "read the door's token: %w", err).
			WithHint("make one: head -c 32 /dev/urandom | base64 > %s", path)
	}
	value := strings.TrimSpace(string(raw))
	if len(value) < minToken || strings.ContainsFunc(value, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return "", answer.Errorf(answer.Usage, "%s holds no token of at least %d letters without spaces", path, minToken).
			WithHint("make one: head -c 32 /dev/urandom | base64 > %s", path)
	}
	return value, nil
}
