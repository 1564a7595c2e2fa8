package main

import (
	"context"
	"crypto/rsa"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/internal/fakedc"
)

// testserverFlags are a test server's settings.
type testserverFlags struct {
	listen string
	key    string
	story  string
	data   string
}

func (c *cli) testserverVerb() *cobra.Command {
	var flags testserverFlags
	cmd := &cobra.Command{
		Use:   "testserver",
		Short: "Serve a small Telegram for tests of any MTProto client",
		Long: `Serve a small Telegram for tests of any MTProto client.

Ann, Bob, Carol and Dave live in it, and a bot whose token is printed. What they
do comes as JSON, one step per line, from --story and then from stdin; every step
is answered by one line. It serves until it is interrupted.

With --data, who is there and what was said survives a restart, and so do the keys
of server and clients: a client goes on where it was and gets what it missed.
Without it, everything is in memory. Every step is explained by
"go doc ./internal/fakedc Step" in the source.`,
		Example: `  seen testserver --write-key key.pem
  echo '{"who":"ann","do":"start","payload":"promo"}' | seen testserver --listen 127.0.0.1:4430`,
		Args: exactly(0),
		RunE: func(cmd *cobra.Command, _ []string) error { return c.testserver(cmd.Context(), flags) },
	}
	cmd.Flags().StringVar(&flags.listen, "listen", "127.0.0.1:0", "`host:port` to listen on")
	cmd.Flags().StringVar(&flags.key, "write-key", "", "`file` to write the server's public key to")
	cmd.Flags().StringVar(&flags.data, "data", "", "`folder` to keep the world in")
	cmd.Flags().StringVar(&flags.story, "story", "", "`file` with steps to play before those of stdin")
	return cmd
}

// place is where a test server is and who may sign in there.
type place struct {
	Addr  string `json:"addr"`
	DC    int    `json:"dc"`
	Token string `json:"token"`
}

func (c *cli) testserver(ctx context.Context, flags testserverFlags) (err error) {
	world, key, keep, err := openWorld(flags.data)
	if err != nil {
		return answer.Errorf(answer.Failed, "open test server's data: %w", err)
	}
	defer func() { err = errors.Join(err, keep()) }()
	server, err := fakedc.Start(ctx, fakedc.Options{Listen: flags.listen, DC: c.settings.dcID, World: world, Key: key})
	if err != nil {
		return answer.Errorf(answer.Failed, "start test server: %w", err)
	}
	defer func() { err = errors.Join(err, server.Close()) }()
	if flags.key != "" {
		if err := writeKey(flags.key, server.PublicKey()); err != nil {
			return err
		}
	}
	if err := c.out.place(place{Addr: server.Addr(), DC: server.DC(), Token: fakedc.DemoToken}); err != nil {
		return err
	}
	if flags.story != "" {
		if err := c.playFile(ctx, world, flags.story); err != nil {
			return unlessStopped(ctx, err)
		}
	}
	// A read from stdin cannot be taken back. So nobody waits for it: it ends
	// with the process.
	played := make(chan error, 1)
	go func() { played <- world.Play(ctx, c.in, c.out.w) }()
	select {
	case err := <-played:
		if err != nil {
			return unlessStopped(ctx, err)
		}
	case <-ctx.Done():
	}
	<-ctx.Done()
	return nil
}

// openWorld is the world in folder, which is saved until keep is called, or a new
// one that is not.
func openWorld(folder string) (world *fakedc.World, key *rsa.PrivateKey, keep func() error, err error) {
	if folder == "" {
		return fakedc.NewDemo(fakedc.WorldOptions{}), nil, func() error { return nil }, nil
	}
	data, err := fakedc.OpenData(folder, fakedc.WorldOptions{})
	if err != nil {
		return nil, nil, nil, err
	}
	ctx, stop := context.WithCancel(context.Background())
	kept := make(chan error, 1)
	go func() { kept <- data.Keep(ctx) }()
	return data.World, data.Key, func() error {
		stop()
		return errors.Join(<-kept, data.Close())
	}, nil
}

func (c *cli) playFile(ctx context.Context, world *fakedc.World, path string) error {
	file, err := os.Open(path)
	if err != nil {
		return answer.Errorf(answer.Usage, "read story: %w", err)
	}
	defer file.Close() //nolint:errcheck // it was only read
	return world.Play(ctx, file, c.out.w)
}

func (p *printer) place(at place) error {
	return p.put(at, func(w io.Writer) {
		fields(w, "listening on", at.Addr, "dc", fmt.Sprint(at.DC), "bot token", at.Token)
	})
}
