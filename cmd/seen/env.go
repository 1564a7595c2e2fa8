package main

import (
	"cmp"
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/internal/bot"
)

// settings say where things are. Flags go before the environment. Who the bot
// is comes from the environment alone: the command line is everybody's to read.
type settings struct {
	session string
	socket  string
	dc      string
	dcKey   string
	dcID    int
	testDC  bool
	proxy   string
	limits  limits
	now     func() time.Time
	// notice is called with what somebody at the terminal should know.
	notice  func(string)
	remote  remote
	keyFile string
	// home is the folder of the session file if nobody named one, and may be
	// created.
	home string
}

func (s *settings) addFlags(flags *pflag.FlagSet) {
	flags.StringVar(&s.session, "session", "", "session `file` (SESSION_FILE)")
	flags.StringVar(&s.keyFile, "key-file", "", "`file` with the key of an encrypted session file (SESSION_KEY_FILE)")
	flags.StringVar(&s.socket, "socket", "", "`path` of the daemon's socket (SEEN_SOCKET)")
	s.remote.addFlags(flags)
	flags.StringVar(&s.dc, "dc", "", "connect to `host:port` instead of Telegram (SEEN_DC)")
	flags.StringVar(&s.dcKey, "dc-key", "", "`file` with that server's RSA public key in PEM (SEEN_DC_KEY)")
	flags.IntVar(&s.dcID, "dc-id", 2, "`id` of that server's data center")
	flags.BoolVar(&s.testDC, "test-dc", false, "connect to Telegram's test environment, where other accounts live")
	flags.StringVar(&s.proxy, "proxy", "", "connect through the proxy at `URL`: socks5, http or tg://proxy (ALL_PROXY)")
}

// complete fills in from the environment what no flag gave.
func (s *settings) complete(env func(string) string) error {
	fill := func(value *string, name string) {
		if *value == "" {
			*value = env(name)
		}
	}
	fill(&s.session, "SESSION_FILE")
	fill(&s.socket, "SEEN_SOCKET")
	fill(&s.dc, "SEEN_DC")
	fill(&s.dcKey, "SEEN_DC_KEY")
	switch {
	case s.dc != "" && s.dcKey == "":
		return answer.Errorf(answer.Usage, "--dc needs --dc-key").
			WithHint("give the server's RSA public key, as seen testserver --write-key writes it")
	case s.dc == "" && s.dcKey != "":
		return answer.Errorf(answer.Usage, "--dc-key needs --dc").WithHint("say where that server is")
	case s.dc != "" && s.testDC:
		return answer.Errorf(answer.Usage, "--test-dc and --dc are two servers").WithHint("say one of them")
	case s.dcID <= 0:
		return answer.Errorf(answer.Usage, "--dc-id is %d, and data centers are numbered from 1", s.dcID)
	}
	if s.dc != "" {
		if _, _, err := net.SplitHostPort(s.dc); err != nil {
			return answer.Errorf(answer.Usage, "--dc is not HOST:PORT: %s", s.dc)
		}
	}
	if err := s.limits.complete(env); err != nil {
		return err
	}
	if s.session == "" {
		s.home = stateDir(env)
		s.session = filepath.Join(s.home, "bot.session")
	}
	if s.socket == "" {
		s.socket = s.session + ".sock"
	}
	return s.remote.complete(env)
}

// stateDir is where systemd, the XDG conventions or the home directory want the
// state of a program; the working directory if there is none of them.
func stateDir(env func(string) string) string {
	if dir, _, _ := strings.Cut(env("STATE_DIRECTORY"), ":"); dir != "" {
		return dir
	}
	if dir := env("XDG_STATE_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "seen")
	}
	if dir := env("HOME"); dir != "" {
		return filepath.Join(dir, ".local", "state", "seen")
	}
	return "."
}

// options are the bot's. They are made only when the session file is to be
// opened; a daemon that answers has its own.
func (s *settings) options(env func(string) string) (bot.Options, error) {
	opts := bot.Options{SessionFile: s.session, AppHash: env("APP_HASH"), Notice: s.notice, Now: s.now}
	s.limits.apply(&opts)
	var err error
	if opts.AppID, err = appID(env); err != nil {
		return opts, err
	}
	if opts.Token, err = token(env); err != nil {
		return opts, err
	}
	if opts.SessionKey, err = s.sessionKey(env); err != nil {
		return opts, err
	}

	opts.Server.Test = s.testDC
	if opts.Proxy, err = s.way(env); err != nil {
		return opts, err
	}
	if s.dc != "" {
		opts.Server = bot.Server{Addr: s.dc, DC: s.dcID}
		if opts.Server.Key, err = readKey(s.dcKey); err != nil {
			return opts, err
		}
	}
	return opts, nil
}

// way is the proxy to connect through. As other programs do, it minds the
// variable in either case, and those hosts that are to be reached without it.
func (s *settings) way(env func(string) string) (*bot.Proxy, error) {
	raw := cmp.Or(s.proxy, env("ALL_PROXY"), env("all_proxy"))
	return bot.ParseProxy(raw, cmp.Or(env("NO_PROXY"), env("no_proxy")))
}

// fileOptions are those of who works on the session file and connects to nobody.
func (s *settings) fileOptions(env func(string) string) (bot.Options, error) {
	opts := bot.Options{SessionFile: s.session}
	opts.Token, _ = token(env) // whose the file is may have to be known, and the rest not
	var err error
	opts.SessionKey, err = s.sessionKey(env)
	return opts, err
}

// sessionKey finds the key of the session file; empty if nobody names one. Nothing
// that is said about it holds any of it.
func (s *settings) sessionKey(env func(string) string) (string, error) {
	if s.keyFile != "" {
		return readSecret(s.keyFile)
	}
	if value := env("SESSION_KEY"); value != "" {
		return notEmpty(value, "SESSION_KEY")
	}
	path := env("SESSION_KEY_FILE")
	if dir := env("CREDENTIALS_DIRECTORY"); path == "" && dir != "" {
		path = filepath.Join(dir, "session_key")
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			return "", nil
		}
	}
	if path == "" {
		return "", nil
	}
	return readSecret(path)
}

// notEmpty refuses a key that is none: it must not come to mean that there is no
// key.
func notEmpty(value, from string) (string, error) {
	if value = strings.TrimSpace(value); value == "" {
		return "", answer.Errorf(answer.Usage, "%s holds no key", from).
			WithHint("a key is 64 hexadecimal digits; draw one: seen rekey --generate --new-key-file FILE")
	}
	return value, nil
}

// require refuses options that cannot sign in.
func require(opts bot.Options) error {
	const apps = "make an application at https://my.telegram.org/apps and set APP_ID and APP_HASH"
	switch {
	case opts.AppID == 0:
		return answer.Errorf(answer.Usage, "APP_ID is not set").WithHint(apps)
	case opts.AppHash == "":
		return answer.Errorf(answer.Usage, "APP_HASH is not set").WithHint(apps)
	case opts.Token == "":
		return answer.Errorf(answer.Usage, "BOT_TOKEN is not set").
			WithHint("ask @BotFather for a token and set BOT_TOKEN, or BOT_TOKEN_FILE to a file with it")
	}
	return nil
}

// prepare makes the default folder. A folder that somebody named is theirs.
func (s *settings) prepare() error {
	if s.home == "" {
		return nil
	}
	if err := os.MkdirAll(s.home, 0o700); err != nil {
		return answer.Errorf(answer.Failed, "make state folder: %w", err).WithHint("name another file with --session")
	}
	return nil
}

// isNew reports whether there is no session file yet.
func (s *settings) isNew() bool {
	_, err := os.Stat(s.session)
	return errors.Is(err, fs.ErrNotExist)
}

func appID(env func(string) string) (int, error) {
	value := strings.TrimSpace(env("APP_ID"))
	if value == "" {
		return 0, nil
	}
	id, err := strconv.ParseInt(value, 10, 32)
	if err != nil || id <= 0 {
		// Not shown: it may be the token, in the wrong place.
		return 0, answer.Errorf(answer.Usage, "APP_ID is not a number").
			WithHint("it is the number that https://my.telegram.org/apps shows as api_id")
	}
	return int(id), nil
}

// token finds the bot's token. Nothing that is said about it holds any of it.
func token(env func(string) string) (string, error) {
	value, from := env("BOT_TOKEN"), "BOT_TOKEN"
	if value == "" {
		path := env("BOT_TOKEN_FILE")
		if dir := env("CREDENTIALS_DIRECTORY"); path == "" && dir != "" {
			path = filepath.Join(dir, "bot_token")
			if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
				return "", nil
			}
		}
		if path == "" {
			return "", nil
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return "", answer.Errorf(answer.Usage, "read token: %w", err)
		}
		value, from = string(raw), path
	}
	value = strings.TrimSpace(value)
	if ok, _ := regexp.MatchString(`^[0-9]{1,19}:[A-Za-z0-9_-]{20,}$`, value); !ok {
		return "", answer.Errorf(answer.Usage, "%s holds no bot token", from).
			WithHint("a token is a number, a colon and 35 letters and digits, as @BotFather gives it")
	}
	return value, nil
}
