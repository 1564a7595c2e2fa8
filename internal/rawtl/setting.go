package rawtl

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Setting gives one field of a call by its path: names and indexes from 0 with
// dots between, as in "entities.0.offset".
type Setting struct {
	Path string
	// Text becomes what the field needs: a number, a text, a reference to a peer,
	// or JSON for a list or an object.
	Text string
}

// ParseSetting reads "path=text".
func ParseSetting(s string) (Setting, error) {
	path, text, ok := strings.Cut(s, "=")
	if !ok || path == "" {
		return Setting{}, fmt.Errorf("%q is not path=value", s)
	}
	return Setting{path, text}, nil
}

// apply puts a setting into the JSON of a call. What is on its way there is made;
// what is there already stays.
func (s Setting) apply(root *node) *Error {
	if !utf8.ValidString(s.Path) || !utf8.ValidString(s.Text) {
		return &Error{Path: strings.ToValidUTF8(s.Path, "?"), Message: "it is not valid UTF-8"}
	}
	at, walked := root, ""
	for step := range strings.SplitSeq(s.Path, ".") {
		if step == "" {
			return &Error{Path: s.Path, Message: "the path has an empty part"}
		}
		next, err := at.step(step)
		if err != nil {
			return &Error{Path: s.Path, Message: fmt.Sprintf("%s %s", subject(walked), err)}
		}
		at, walked = next, step
	}
	if at.kind != isNull {
		return &Error{Path: s.Path, Message: "it is given twice"}
	}
	*at = node{kind: isLoose, text: s.Text}
	return nil
}

func subject(walked string) string {
	if walked == "" {
		return "the call"
	}
	return walked
}

// step goes into an object or a list, and makes one where there is nothing.
func (n *node) step(name string) (*node, error) {
	index, err := strconv.Atoi(name)
	isIndex := err == nil && index >= 0
	if n.kind == isNull {
		n.kind = isObject
		if isIndex {
			n.kind = isList
		}
	}
	switch {
	case n.kind == isList && isIndex:
		if index > len(n.list) {
			return nil, fmt.Errorf("has %d elements, so the next one is %d", len(n.list), len(n.list))
		}
		if index == len(n.list) {
			n.list = append(n.list, node{})
		}
		return &n.list[index], nil
	case n.kind == isObject && !isIndex:
		if known := n.get(name); known != nil {
			return known, nil
		}
		if len(n.fields) == maxFields {
			return nil, fmt.Errorf("has more than %d fields", maxFields)
		}
		n.fields = append(n.fields, field{name: name})
		return &n.fields[len(n.fields)-1].value, nil
	default:
		return nil, fmt.Errorf("is %s already", n.found())
	}
}
