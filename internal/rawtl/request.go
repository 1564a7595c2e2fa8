package rawtl

import (
	"bytes"
	"context"
	"reflect"
	"strings"

	"github.com/gotd/td/bin"
)

// Call is a method's name and what it is called with.
type Call struct {
	// Method is the name in Telegram's schema, as in "messages.sendMessage".
	Method string
	// Params is a JSON object with the method's fields. Empty means none.
	Params []byte
	// Set is put into Params, in order.
	Set []Setting
}

// Request is a call that is ready to be made, once: what is sent is gotd's to
// change meanwhile.
type Request struct {
	schema *Schema
	name   string
	method *entry
	object bin.Object
}

// Parse makes a request out of a call, and asks peers about everybody whom it
// names by a reference. It returns an [*Error] for a call that cannot be made.
func (s *Schema) Parse(ctx context.Context, call Call, peers Peers) (*Request, error) {
	name, wantID, _ := strings.Cut(call.Method, "#")
	method, e := s.method(name)
	if e == nil {
		e = sameID(method, wantID)
	}
	if e != nil {
		return nil, e
	}
	root, e := read(call)
	if e != nil {
		return nil, e
	}
	shape, err := s.layout(method)
	if err != nil {
		return nil, &Error{Path: name, Message: err.Error()}
	}
	r := &Request{schema: s, name: name, method: method, object: method.make()}
	f := filler{ctx: ctx, schema: s, peers: peers, top: shape}
	if e := f.object(&root, reflect.ValueOf(r.object).Elem(), shape, &place{name: name}); e != nil {
		return nil, e
	}
	return r, nil
}

// CheckParams says where the JSON of a call is wrong, as Parse would, without
// looking what it is about. It returns nil or an [*Error].
func CheckParams(method string, params []byte) error {
	if _, err := parse(params); err != nil {
		return &Error{Path: method, Message: err.Error()}
	}
	return nil
}

// read puts the parts of a call together.
func read(call Call) (node, *Error) {
	root := node{kind: isObject}
	if len(bytes.TrimSpace(call.Params)) > 0 {
		var err error
		if root, err = parse(call.Params); err != nil {
			return root, &Error{Path: call.Method, Message: err.Error()}
		}
	}
	if root.kind != isObject {
		return root, &Error{Path: call.Method, Message: "want an object of its fields, found " + root.found()}
	}
	for _, s := range call.Set {
		if e := s.apply(&root); e != nil {
			e.Path = call.Method + "." + e.Path
			return root, e
		}
	}
	return root, nil
}

// Method returns the name of the method.
func (r *Request) Method() string { return r.name }

// Object is what a gotd invoker takes.
func (r *Request) Object() bin.Object { return r.object }

// NewResult returns a new place for the answer.
func (r *Request) NewResult() bin.Decoder {
	return reflect.New(r.method.answer).Interface().(bin.Decoder)
}
