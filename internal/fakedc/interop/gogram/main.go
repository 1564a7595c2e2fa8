// Command gogram tells the story of ../../interop_test.go with gogram.
package main

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"sync"

	mtproto "github.com/amarnathcjd/gogram"
	"github.com/amarnathcjd/gogram/telegram"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "gogram:", err)
		os.Exit(1)
	}
}

func run() error {
	client, err := connect()
	for tries := 1; err != nil && tries < 3; tries++ {
		// One key exchange in 256 fails in gogram, which drops a leading zero.
		client, err = connect()
	}
	if err != nil {
		return err
	}
	if err := client.LoginBot(os.Getenv("FAKEDC_TOKEN")); err != nil {
		return fmt.Errorf("sign in: %w", err)
	}
	finished := make(chan error, 1)
	var first sync.Once // the message may come twice
	client.On(telegram.OnMessage, func(m *telegram.NewMessage) error {
		first.Do(func() { finished <- answer(client, m) })
		return nil
	})
	self, err := client.GetMe()
	if err != nil {
		return fmt.Errorf("self: %w", err)
	}
	say(map[string]any{"ready": self.ID})
	return <-finished
}

// connect gives gogram the server's key. Its configuration has a field for that,
// which it overwrites; a connection made by hand keeps the key.
func connect() (*telegram.Client, error) {
	key, err := serverKey()
	if err != nil {
		return nil, err
	}
	dc, err := strconv.Atoi(os.Getenv("FAKEDC_DC"))
	if err != nil {
		return nil, err
	}
	addr := net.JoinHostPort(os.Getenv("FAKEDC_HOST"), os.Getenv("FAKEDC_PORT"))
	client, err := telegram.NewClient(telegram.ClientConfig{
		AppID: 1, AppHash: "hash", MemorySession: true, IpAddr: addr, DataCenter: dc, LogLevel: telegram.LogError,
		Session: "fakedc", DisableCache: true,
	})
	if err != nil {
		return nil, fmt.Errorf("client: %w", err)
	}
	client.MTProto, err = mtproto.NewMTProto(mtproto.Config{
		AppID: 1, MemorySession: true, ServerHost: addr, CustomHost: true, DataCenter: dc, PublicKey: key,
		Logger: client.Log.CloneInternal(),
	})
	if err != nil {
		return nil, fmt.Errorf("connection: %w", err)
	}
	client.AddCustomServerRequestHandler(func(u any) bool { return telegram.HandleIncomingUpdates(u, client) })
	if err := client.Connect(); err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	return client, nil
}

func serverKey() (*rsa.PublicKey, error) {
	block, _ := pem.Decode([]byte(os.Getenv("FAKEDC_KEY")))
	if block == nil {
		return nil, errors.New("no key")
	}
	return x509.ParsePKCS1PublicKey(block.Bytes)
}

func answer(client *telegram.Client, m *telegram.NewMessage) error {
	say(map[string]any{"heard": m.Text(), "from": m.SenderID()})
	found, err := client.ContactsResolveUsername("carol", "")
	if err != nil {
		return fmt.Errorf("resolve: %w", err)
	}
	carol, ok := found.Users[0].(*telegram.UserObj)
	if !ok {
		return errors.New("carol is nobody")
	}
	say(map[string]any{"resolved": carol.ID})
	peer, err := client.ResolvePeer(m.SenderID())
	if err != nil {
		return fmt.Errorf("peer: %w", err)
	}
	ann, ok := peer.(*telegram.InputPeerUser)
	if !ok {
		return fmt.Errorf("Ann is %T", peer)
	}
	sent, err := client.SendMessage(peer, "hello Ann", &telegram.SendOptions{Entities: []telegram.MessageEntity{
		&telegram.InputMessageEntityMentionName{
			Offset: 6, Length: 3, UserID: &telegram.InputUserObj{UserID: ann.UserID, AccessHash: ann.AccessHash},
		},
	}})
	if err != nil {
		return fmt.Errorf("send: %w", err)
	}
	say(map[string]any{"sent": sent.ID})
	return nil
}

func say(line map[string]any) {
	b, _ := json.Marshal(line)
	fmt.Println(string(b))
}
