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
	// SessionKey opens the file if it is encrypted, as [session.ParseKey] reads it;
	// empty for a file that is not. A file that is made with a key is encrypted.
	SessionKey string
	// Server is where to connect; the zero value is Telegram.
	Server Server
	// Proxy is what to connect through; nil for nothing.
	Proxy *Proxy
	// NoPFS lets Run encrypt with the permanent key. Otherwise it agrees on a
	// temporary one for every connection, so that whoever comes to know the
	// permanent key later cannot read what was sent: see core.telegram.org/api/pfs.
	// A bot without Run never does.
	NoPFS bool
	// NoGreeting turns off the answer to whoever begins a chat.
	NoGreeting bool
	// Greetings is a folder with what it says, see [ReadGreetings]; "" is one plain
	// sentence.
	Greetings string
	// Bots makes the bot greet other bots as well, a few times an hour each.
	Bots bool
	// Pace is how fast messages are sent; its zero value is Telegram's.
	Pace Pace
	// LookupsPerDay is how many usernames may be looked up at the server in any 24
	// hours: 200 by default, any number if it is negative. Telegram does not say
	// how many it allows; bots have found about 200.
	LookupsPerDay int
	// FloodPatience is how long a call waits by itself when the server asks for
	// it. A call that would have to wait longer is refused with the rest of the
	// wait. 5 seconds by default; a negative one waits never.
	FloodPatience time.Duration
	// WritePatience is how long the session file may be unwritable before the bot
	// stops. See [session.Options].
	WritePatience time.Duration
	// StartTimeout bounds connecting and signing in. 30 seconds by default. Run goes on
	// trying for as long as it takes when the server has ended its session later.
	StartTimeout time.Duration
	// StopTimeout bounds how long Close waits for the connection to end. What the
	// bot remembers is written in any case. 5 seconds by default.
	StopTimeout time.Duration
	// UpdatesKept is how many of the last updates are kept in memory for
	// [Bot.Updates], in at most 16 MiB. 10,000 by default, at least one.
	UpdatesKept int
	// Now tells the time: how old a name is, and when a wait is over. time.Now by
	// default.
	Now func() time.Time
	// Notice is called with what whoever runs the bot should know at once, in one
	// line: that the session had to be renewed. Nil is nobody; the log has it too.
	Notice func(string)
	// Logger takes what the bot and gotd have to say. Silent by default.
	Logger *zap.Logger
}

// Server is where to connect.
type Server struct {
	// Addr is HOST:PORT of another server that speaks MTProto, such as a test
	// server. Empty means Telegram's own servers.
	Addr string
	// Test means those of Telegram's test environment, where other accounts live;
	// see core.telegram.org/api/auth#test-accounts.
	Test bool
	// DC is the id that the server's data center has. 2 by default.
	DC int
	// Key is the server's public key.
	Key *rsa.PublicKey
}

// name tells servers apart by their key, because an address may change hands.
func (s Server) name() string {
	switch {
	case s.Addr == "" && s.Test:
		return "telegram test"
	case s.Addr == "" || s.Key == nil:
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
	if o.LookupsPerDay == 0 {
		o.LookupsPerDay = 200
	}
	if o.FloodPatience == 0 {
		o.FloodPatience = 5 * time.Second
	}
	if o.UpdatesKept <= 0 {
		o.UpdatesKept = 10_000
	}
	if o.StopTimeout == 0 {
		o.StopTimeout = 5 * time.Second
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = zap.NewNop()
	}
}
