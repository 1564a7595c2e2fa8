package session_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/gotd/td/telegram"
	"github.com/gotd/td/telegram/dcs"
	"github.com/gotd/td/telegram/message/entity"
	"github.com/gotd/td/telegram/message/html"
	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/internal/fakedc"
	"github.com/f48b34c0/seen/session"
)

// The examples talk to a Telegram in this process. Without these options a client
// talks to Telegram itself.
func exampleServer() (*fakedc.Server, telegram.Options) {
	dc, err := fakedc.Start(context.Background(), fakedc.Options{})
	if err != nil {
		log.Fatal(err)
	}
	host, port, _ := net.SplitHostPort(dc.Addr())
	n, _ := strconv.Atoi(port)
	return dc, telegram.Options{
		DC:         dc.DC(),
		DCList:     dcs.List{Options: []tg.DCOption{{ID: dc.DC(), IPAddress: host, Port: n, Static: true}}},
		PublicKeys: []telegram.PublicKey{{RSA: dc.PublicKey()}},
	}
}

func exampleFile() (*session.File, func()) {
	dir, err := os.MkdirTemp("", "seen")
	if err != nil {
		log.Fatal(err)
	}
	file, err := session.Open(filepath.Join(dir, "bot.session"), nil)
	if err != nil {
		log.Fatal(err)
	}
	return file, func() {
		_ = file.Close()
		_ = os.RemoveAll(dir)
	}
}

// A bot that remembers who writes to it.
func Example() {
	dc, options := exampleServer()
	defer func() { _ = dc.Close() }()
	file, done := exampleFile()
	defer done()

	memory := file.Wire(&options) // before the client is made
	client := telegram.NewClient(1, "app hash", options)
	ctx, cancel := context.WithCancel(context.Background())
	handler := telegram.UpdateHandlerFunc(func(_ context.Context, u tg.UpdatesClass) error {
		message, ok := u.(*tg.Updates).Updates[0].(*tg.UpdateNewMessage)
		if !ok {
			return nil
		}
		from := message.Message.(*tg.Message).PeerID.(*tg.PeerUser).UserID
		peer, err := file.Book().Peer(session.UserID(from))
		fmt.Println(peer.Name(), peer.Hash)
		cancel()
		return err
	})
	err := client.Run(ctx, func(ctx context.Context) error {
		if in, err := file.SignedIn(); err != nil || !in {
			if _, err := client.Auth().Bot(ctx, fakedc.DemoToken); err != nil {
				return err
			}
		}
		go func() {
			<-memory.Ready()
			_, _ = dc.World().Do(ctx, fakedc.Step{Do: "write", Who: "ann", Text: "Hello"})
		}()
		return memory.Run(ctx, client, handler) // once the bot has signed in
	})
	if err != nil && !errors.Is(err, context.Canceled) {
		log.Fatal(err)
	}
	// Output: Ann hash:full
}

// remember shows a file some people, as a client with its options would.
func remember(file *session.File, users ...tg.UserClass) {
	var options telegram.Options
	file.Wire(&options)
	err := options.UpdateHandler.Handle(context.Background(), &tg.Updates{Date: 1_767_225_600, Users: users})
	if err != nil {
		log.Fatal(err)
	}
}

func person(id, hash int64, first, username string) *tg.User {
	u := &tg.User{ID: id}
	u.SetFirstName(first)
	u.SetUsername(username)
	u.SetAccessHash(hash)
	return u
}

// Look-ups by name and by id.
func ExampleBook_ByName() {
	file, done := exampleFile()
	defer done()
	remember(file, person(1001, 777, "Ann", "ann"))

	ann, err := file.Book().ByName("Ann")
	fmt.Println(ann.ID, ann.Name(), err)
	_, err = file.Book().Peer(session.UserID(1004))
	fmt.Println(errors.Is(err, session.ErrNeverSeen))
	// Output:
	// user 1001 Ann <nil>
	// true
}

// An HTML message that mentions only people who were seen.
func ExampleBook_UserResolver() {
	file, done := exampleFile()
	defer done()
	remember(file, person(1001, 777, "Ann", "ann"))
	options := html.Options{UserResolver: file.Book().UserResolver()}

	var known entity.Builder
	err := html.HTML(strings.NewReader("Hello, <a href='tg://user?id=1001'>Ann</a>"), &known, options)
	text, entities := known.Complete()
	fmt.Println(text, len(entities), err)

	var unknown entity.Builder
	err = html.HTML(strings.NewReader("Hello, <a href='tg://user?id=1004'>Dave</a>"), &unknown, options)
	text, entities = unknown.Complete()
	fmt.Println(text, len(entities), err)
	// Output:
	// Hello, Ann 1 <nil>
	// Hello, Dave 0 <nil>
}

// A listing of everybody.
func ExampleBook_All() {
	file, done := exampleFile()
	defer done()
	remember(file, person(1003, 9, "Carol", "carol"), person(1001, 777, "Ann", "ann"))

	for peer, err := range file.Book().All() {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(peer.ID, peer.Name(), peer.Usernames[0].Name)
	}
	// Output:
	// user 1001 Ann ann
	// user 1003 Carol carol
}
