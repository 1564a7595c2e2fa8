package main

import (
	"context"

	"github.com/spf13/pflag"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/internal/control"
)

// doors are where a daemon can be reached besides its socket.
type doors struct {
	listen, tokenFile string
	anywhere          bool
	metrics           bool
	metricsListen     string

	token *control.Token
}

func (d *doors) addFlags(flags *pflag.FlagSet) {
	flags.StringVar(&d.listen, "listen", "", "answer verbs at `host:port` as well, for whoever has the token")
	flags.StringVar(&d.tokenFile, "listen-token-file", "", "`file` with the token that --listen asks for")
	flags.BoolVar(&d.anywhere, "listen-anywhere", false, "listen where other machines can connect; nothing is encrypted")
	flags.BoolVar(&d.metrics, "metrics", false, "count for Prometheus, at /metrics of the socket")
	flags.StringVar(&d.metricsListen, "metrics-listen", "", "tell metrics and health at `host:port` as well, to anybody")
}

// check refuses what makes no sense before anything is opened.
func (d *doors) check() (err error) {
	switch {
	case d.listen != "" && d.tokenFile == "":
		return answer.Errorf(answer.Usage, "--listen needs --listen-token-file").
			WithHint("make a token: head -c 32 /dev/urandom | base64 > door.token")
	case d.listen == "" && d.tokenFile != "":
		return answer.Errorf(answer.Usage, "--listen-token-file needs --listen").WithHint("say where to listen")
	case d.anywhere && d.listen == "" && d.metricsListen == "":
		return answer.Errorf(answer.Usage, "--listen-anywhere needs --listen or --metrics-listen").WithHint("say where to listen")
	}
	for _, addr := range []string{d.listen, d.metricsListen} {
		if addr == "" {
			continue
		}
		if err := control.CheckAddr(addr, d.anywhere); err != nil {
			return err
		}
	}
	if d.listen != "" {
		d.token, err = control.OpenToken(d.tokenFile)
	}
	return err
}

// open opens the doors. With an error none is open.
func (d *doors) open(ctx context.Context, opts *control.Options) (err error) {
	if d.listen != "" {
		if opts.Twin, err = control.ListenTCP(ctx, d.listen, d.token, d.anywhere); err != nil {
			return err
		}
	}
	if d.metricsListen == "" {
		return nil
	}
	opts.Monitor, err = control.ListenMonitor(ctx, d.metricsListen, d.anywhere)
	if err != nil && opts.Twin != nil {
		_ = opts.Twin.Close() // the first error is the one to tell
	}
	return err
}

// reload reads the token again.
func (d *doors) reload(context.Context) ([]string, error) {
	if err := d.token.Reload(); err != nil {
		return nil, err
	}
	return []string{d.tokenFile}, nil
}
