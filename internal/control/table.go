package control

import (
	"net/http"
	"reflect"
	"strings"
)

// table is all routes: a mux, and what each route takes and gives, which the
// documentation is held against.
type table struct {
	mux  *http.ServeMux
	list []listed
}

type listed struct {
	pattern string
	route
}

// route is one thing to ask for.
type route struct {
	http.HandlerFunc
	takes, gives object
}

// object is a JSON object of a request or an answer, by the name of its Go type;
// with many, one per line.
type object struct {
	name string
	many bool
}

// HandleFunc enters a route.
func (t *table) HandleFunc(pattern string, r route) {
	t.mux.Handle(pattern, r)
	t.list = append(t.list, listed{pattern, r})
}

// one is an object of type A, many are objects of type A, and none is neither.
func one[A any]() object  { return object{reflect.TypeFor[A]().Name(), false} }
func many[A any]() object { return object{reflect.TypeFor[A]().Name(), true} }
func none() object        { return object{} }

// Route is one request that can be made of a daemon, for its documentation.
type Route struct {
	// Method and Path are how to ask.
	Method, Path string
	// Takes and Gives are the Go names of the JSON objects in request and answer;
	// empty where there is none.
	Takes, Gives string
	// TakesMany and GivesMany say that they come one per line, as many as there
	// are.
	TakesMany, GivesMany bool
}

// Routes lists all routes of a daemon's socket, in the order in which they are
// written down.
func Routes() []Route {
	s := &server{bot: (*Client)(nil)} // nobody is asked
	var out []Route
	for _, l := range s.routes().list {
		method, path, _ := strings.Cut(l.pattern, " ")
		out = append(out, Route{
			Method: method, Path: path,
			Takes: l.takes.name, TakesMany: l.takes.many,
			Gives: l.gives.name, GivesMany: l.gives.many,
		})
	}
	return out
}
