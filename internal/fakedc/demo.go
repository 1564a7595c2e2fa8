package fakedc

import "fmt"

// The bot of the demo world. The token opens nothing outside of it.
const (
	DemoBotID    = 7000000001
	DemoUsername = "seen_demo_bot"
	DemoToken    = "7000000001:demo-token-not-a-secret"
)

// NewDemo returns a world with a bot that nobody has started yet.
//
//   - ann (1001) has a username; she is in the basic group "kitchen" with bob and
//     the bot.
//   - bob (1002) has a last name and no username; he is in the supergroup
//     "friends" with the bot.
//   - carol (1003) has a username and is in no group.
//   - dave (1004) has no username and is in no group: only his id is known.
func NewDemo(opts WorldOptions) *World {
	w := NewWorld(opts)
	for _, p := range []Person{
		{Key: "bot", ID: DemoBotID, FirstName: "Seen Demo", Username: DemoUsername, Token: DemoToken},
		{Key: "ann", ID: 1001, FirstName: "Ann", Username: "ann", Lang: "en"},
		{Key: "bob", ID: 1002, FirstName: "Bob", LastName: "Example", Lang: "en"},
		{Key: "carol", ID: 1003, FirstName: "Carol", Username: "carol", Lang: "en"},
		{Key: "dave", ID: 1004, FirstName: "Dave"},
	} {
		if _, err := w.AddPerson(p); err != nil {
			panic(fmt.Sprintf("fakedc: demo: %v", err))
		}
	}
	for _, c := range []Chat{
		{Key: "friends", ID: 1900000001, Title: "Friends", Super: true, Members: []string{"bob", "bot"}},
		{Key: "kitchen", ID: 400001, Title: "Kitchen", Members: []string{"ann", "bob", "bot"}},
	} {
		if err := w.AddChat(c); err != nil {
			panic(fmt.Sprintf("fakedc: demo: %v", err))
		}
	}
	return w
}
