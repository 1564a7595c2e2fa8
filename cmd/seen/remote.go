package main

import (
	"context"
	"net"
	"net/url"

	"github.com/spf13/pflag"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/internal/control"
)

// remote is where a daemon's door on TCP is, for verbs that cannot reach its
// socket. Empty means that they can.
type remote struct {
	door, tokenFile string
}

func (r *remote) addFlags(flags *pflag.FlagSet) {
	flags.StringVar(&r.door, "door", "", "`URL` of a daemon's door on TCP, http://host:port (SEEN_DOOR)")
	flags.StringVar(&r.tokenFile, "door-token-file", "", "`file` with the token for that door (SEEN_DOOR_TOKEN_FILE)")
}

// complete fills in from the environment, and refuses what is no door.
func (r *remote) complete(env func(string) string) error {
	if r.door == "" {
		r.door = env("SEEN_DOOR")
	}
	if r.tokenFile == "" && r.door != "" {
		r.tokenFile = env("SEEN_DOOR_TOKEN_FILE")
	}
	switch {
	case r.door == "" && r.tokenFile == "":
		return nil
	case r.door == "":
		return answer.Errorf(answer.Usage, "--door-token-file needs --door").WithHint("say where the door is")
	case r.tokenFile == "":
		return answer.Errorf(answer.Usage, "--door needs --door-token-file").
			WithHint("name the file that the daemon was given with --listen-token-file")
	}
	_, err := r.addr()
	return err
}

// addr is the door's HOST:PORT. A URL that is wrong is not repeated: it may hold a
// password.
func (r *remote) addr() (string, error) {
	wrong := answer.Errorf(answer.Usage, "--door is not http://HOST:PORT").
		WithHint("a daemon says where its door is: seen run --listen 127.0.0.1:9000 ...")
	u, err := url.Parse(r.door)
	if err != nil || u.Scheme != "http" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || u.Path != "" && u.Path != "/" {
		return "", wrong
	}
	if host, port, err := net.SplitHostPort(u.Host); err != nil || host == "" || port == "" {
		return "", wrong
	}
	return u.Host, nil
}

// newDoor is the way to the door. Behind it is no session file to open: whoever
// cannot be reached is not there.
func (r *remote) newDoor() (*door, error) {
	addr, err := r.addr()
	if err != nil {
		return nil, err
	}
	token, err := control.ReadToken(r.tokenFile)
	if err != nil {
		return nil, err
	}
	return &door{
		client: control.NewRemote(addr, token),
		open: func(context.Context) (ownBot, error) {
			return nil, answer.Errorf(answer.Held, "%w: %s", control.ErrNobody, addr).
				WithHint("is the daemon running with --listen, and is --door its address?")
		},
	}, nil
}
