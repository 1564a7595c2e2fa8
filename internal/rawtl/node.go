package rawtl

import (
	"strconv"
	"strings"
)

// kind is what a node is in JSON.
type kind uint8

const (
	isNull kind = iota
	isBool
	isNumber
	isText
	isList
	isObject
	// isLoose is text of a setting: it becomes what the field needs.
	isLoose
)

// node is a value in JSON, read but not yet understood. Numbers keep their
// digits.
type node struct {
	kind   kind
	text   string // of a number, a text or a loose one; "true" or "false"
	list   []node
	fields []field
}

// field is one member of an object, in the order in which it was written.
type field struct {
	name  string
	value node
}

// get returns the member with that name, or nil.
func (n *node) get(name string) *node {
	for i := range n.fields {
		if n.fields[i].name == name {
			return &n.fields[i].value
		}
	}
	return nil
}

// constructor is the name that an object has under "_" or "@type".
func (n *node) constructor() string {
	for i := range n.fields {
		if f := &n.fields[i]; names(f.name) && (f.value.kind == isText || f.value.kind == isLoose) {
			return f.value.text
		}
	}
	return ""
}

// names says whether a member is the name of the constructor.
func names(member string) bool { return member == "_" || member == "@type" }

// found says what stands there, in a message.
func (n *node) found() string {
	switch n.kind {
	case isNull:
		return "null"
	case isBool:
		return n.text
	case isNumber:
		return "the number " + short(n.text)
	case isText, isLoose:
		return "the string " + strconv.Quote(short(n.text))
	case isList:
		return "a list"
	default:
		if name := n.constructor(); name != "" {
			return "an object of " + strconv.Quote(short(name))
		}
		return "an object"
	}
}

// short cuts a text that is too long for a message.
func short(s string) string {
	const most = 40
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "..."
}
