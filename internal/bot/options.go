package bot

import (
	"crypto/rsa"
	"fmt"
	"time"

	"github.com/gotd/td/crypto"
	"go.uber.org/zap"
)

// Options say who the bot is and where it finds Telegram. Only SessionFile is
// always needed; what else is needed depends on what the bot is asked.
type Options struct {
	// AppID and AppHash are the application's, from my.telegram.org. Needed to
	// connect.
	AppID   int
	AppHash string
	// Token is the bot's, from @BotFather. Needed to sign in for the first time.
	Token string
	// SessionFile is the path of the one file that the bot remembers in.
	SessionFile string
	// Server is where to connect; the zero value is Telegram.
	Server Server
	// NoGreeting turns off the answer to whoever begins a chat.
	NoGreeting bool
	// Greetings are what it says; nil is one plain sentence.
	Greetings *Greetings
	// Bots makes the bot greet other bots as well, a few times an hour each.
	Bots bool
	// StartTimeout bounds connecting and signing in. 30 seconds by default.
	StartTimeout time.Duration
	// Now tells how old a name is. time.Now by default.
	Now func() time.Time
	// Logger takes what the bot and gotd have to say. Silent by default.
	Logger *zap.Logger
}

// Server is another server that speaks MTProto, such as a test server.
type Server struct {
	// Addr is HOST:PORT. Empty means Telegram's own servers.
	Addr string
	// DC is the id that the server's data center has. 2 by default.
	DC int
	// Key is the server's public key.
	Key *rsa.PublicKey
}

// name tells servers apart by their key, because an address may change hands.
func (s Server) name() string {
	if s.Addr == "" || s.Key == nil {
		return "telegram"
	}
	return fmt.Sprintf("key %016x", uint64(crypto.RSAFingerprint(s.Key)))
}

func (o *Options) setDefaults() {
	if o.Server.DC == 0 {
		o.Server.DC = 2
	}
	if o.StartTimeout == 0 {
		o.StartTimeout = 30 * time.Second
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = zap.NewNop()
	}
}
