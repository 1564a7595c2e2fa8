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
	"time"

	mtproto "github.com/amarnathcjd/gogram"
	"github.com/amarnathcjd/gogram/telegram"
)

func main() {
	story := run
	if len(os.Args) > 1 {
		story = func() error { return remember(os.Args[1]) }
	}
	if err := story(); err != nil {
		fmt.Fprintln(os.Stderr, "gogram:", err)
		os.Exit(1)
	}
}

func run() error {
	client, err := exchange(nil)
	if err != nil {
		return err
	}
	if err := client.LoginBot(os.Getenv("FAKEDC_TOKEN")); err != nil {
		return fmt.Errorf("sign in: %w", err)
	}
	if count, _ := strconv.Atoi(os.Getenv("FAKEDC_DECODE")); count > 0 {
		return decode(client, count)
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

// exchange connects. One key exchange in 128 fails in gogram, which drops leading
// zeros: in internal/math/math.go DoRSAencrypt puts a short ciphertext to the left,
// and handshake.go hashes a short key. The first is refused, and gogram tries it
// again as it is for a minute; so an exchange that takes long is given up.
func exchange(cache *telegram.CACHE) (*telegram.Client, error) {
	const patience, tries = 10 * time.Second, 4
	var last error
	for range tries {
		client, err := newClient(cache)
		if err != nil {
			return nil, err
		}
		connected := make(chan error, 1)
		go func() { connected <- client.Connect() }()
		select {
		case last = <-connected:
			if last == nil {
				return client, nil
			}
		case <-time.After(patience):
			last = errors.New("no key was agreed on in time")
		}
		_ = client.MTProto.Terminate()
	}
	return nil, fmt.Errorf("connect: %w", last)
}

// newClient gives gogram the server's key. Its configuration has a field for that,
// which it overwrites; a connection made by hand keeps the key. Without a cache it
// remembers nobody.
func newClient(cache *telegram.CACHE) (*telegram.Client, error) {
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
		AppID: 1, AppHash: "hash", MemorySession: true, IpAddr: addr, DataCenter: dc, LogLevel: logLevel(),
		Session: "fakedc", Cache: cache, DisableCache: cache == nil,
	})
	if err != nil {
		return nil, fmt.Errorf("client: %w", err)
	}
	client.MTProto, err = mtproto.NewMTProto(mtproto.Config{
		AppID: 1, MemorySession: true, ServerHost: addr, CustomHost: true, DataCenter: dc, PublicKey: key,
		Logger: client.Log.CloneInternal(),
		// An answer that is there before its caller waits for it is dropped (network.go,
		// a select with a default), and asked for again after this many seconds: 60,
		// unless told otherwise, and a busy machine has several of them in a story.
		ReqTimeout: 10,
	})
	if err != nil {
		return nil, fmt.Errorf("connection: %w", err)
	}
	client.AddCustomServerRequestHandler(func(u any) bool { return telegram.HandleIncomingUpdates(u, client) })
	return client, nil
}

// logLevel is for whoever wants to know more: LOG=trace.
func logLevel() telegram.LogLevel {
	if os.Getenv("LOG") == "trace" {
		return telegram.LogTrace
	}
	return telegram.LogError
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
	sent, err := send(client, ann, m.ID)
	if err != nil {
		return fmt.Errorf("send: %w", err)
	}
	say(map[string]any{"sent": sent})
	return nil
}

// send gives the id of the message. gogram drops an answer that comes before it
// waits for it: in network.go getRespChannel makes a channel without a buffer, and
// safeSend does not wait. It then connects again and sends once more, under the
// same random_id, and hears that the message is there already, as it would of
// Telegram. It is the one that follows the message that was heard.
func send(client *telegram.Client, ann *telegram.InputPeerUser, heard int32) (int32, error) {
	const text = "hello Ann"
	sent, err := client.SendMessage(ann, text, &telegram.SendOptions{Entities: []telegram.MessageEntity{
		&telegram.InputMessageEntityMentionName{
			Offset: 6, Length: 3, UserID: &telegram.InputUserObj{UserID: ann.UserID, AccessHash: ann.AccessHash},
		},
	}})
	if err == nil {
		return sent.ID, nil
	}
	if !telegram.MatchError(err, "RANDOM_ID_DUPLICATE") {
		return 0, err
	}
	found, lost := client.MessagesGetMessages([]telegram.InputMessage{&telegram.InputMessageID{ID: heard + 1}})
	if lost != nil {
		return 0, lost
	}
	if list, ok := found.(*telegram.MessagesMessagesObj); ok && len(list.Messages) == 1 {
		if m, ok := list.Messages[0].(*telegram.MessageObj); ok && m.Out && m.Message == text {
			return m.ID, nil
		}
	}
	return 0, err
}

func say(line map[string]any) {
	b, _ := json.Marshal(line)
	fmt.Println(string(b))
}
