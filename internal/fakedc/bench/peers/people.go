package main

import (
	"fmt"

	"github.com/f48b34c0/seen/internal/fakedc"
	"github.com/f48b34c0/seen/session/sessiontest"
)

// populate puts n people into a world and returns what steps call them. Their ids
// are as far apart as Telegram's, their names as people write them, and six in ten
// have a username.
func populate(w *fakedc.World, n int) ([]string, error) {
	keys := make([]string, n)
	for i := range n {
		u := sessiontest.Person(i)
		keys[i] = fmt.Sprintf("person%d", i)
		_, err := w.AddPerson(fakedc.Person{
			Key: keys[i], ID: u.ID, FirstName: u.FirstName, LastName: u.LastName,
			Username: u.Username, Lang: u.LangCode, Premium: u.Premium,
		})
		if err != nil {
			return nil, err
		}
	}
	return keys, nil
}
