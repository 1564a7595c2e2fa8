package rawtl

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

const (
	// MaxParams bounds the JSON of one call, in bytes. A message of MTProto that
	// is longer is refused by the server.
	MaxParams = 1 << 20
	// maxDepth bounds how deep lists and objects stand in each other. Telegram's
	// own types need some twenty.
	maxDepth = 64
	// maxFields bounds the members of one object. No type has half as many.
	maxFields = 200
)

// parse reads exactly one JSON value, as RFC 8259 has it. The standard decoder
// would hide what has to be told here: members that are there twice, and halves
// of characters, which it turns into another text without a word.
func parse(raw []byte) (node, error) {
	if len(raw) > MaxParams {
		return node{}, fmt.Errorf("the JSON is %d bytes long, and a call takes %d", len(raw), MaxParams)
	}
	p := parser{s: string(raw)}
	if !utf8.ValidString(p.s) {
		return node{}, fmt.Errorf("the JSON is not valid UTF-8")
	}
	if p.space(); p.at == len(p.s) {
		return node{}, fmt.Errorf("there is no JSON")
	}
	n, err := p.value(0)
	if err != nil {
		return n, err
	}
	if p.space(); p.at < len(p.s) {
		return n, p.wrong("the JSON goes on after its end")
	}
	return n, nil
}

type parser struct {
	s  string
	at int
}

// wrong says what is wrong at the place that was reached, as editors count.
func (p *parser) wrong(format string, args ...any) error {
	before := p.s[:p.at]
	line := strings.Count(before, "\n") + 1
	column := utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:]) + 1
	return fmt.Errorf("line %d, column %d: %s", line, column, fmt.Sprintf(format, args...))
}

// unexpected says what is there in place of what is wanted.
func (p *parser) unexpected(want string) error {
	if p.at == len(p.s) {
		return p.wrong("the JSON ends where %s is wanted", want)
	}
	r, _ := utf8.DecodeRuneInString(p.s[p.at:])
	return p.wrong("want %s, found %q", want, r)
}

func (p *parser) peek() byte {
	if p.at < len(p.s) {
		return p.s[p.at]
	}
	return 0
}

func (p *parser) space() {
	for p.at < len(p.s) {
		switch p.s[p.at] {
		case ' ', '\t', '\n', '\r':
			p.at++
		default:
			return
		}
	}
}

// next goes over a character that may come next, and what is blank around it.
func (p *parser) next(c byte) bool {
	p.space()
	if p.peek() != c {
		return false
	}
	p.at++
	p.space()
	return true
}

func (p *parser) value(depth int) (node, error) {
	switch c := p.peek(); {
	case c == '"':
		s, err := p.string()
		return node{kind: isText, text: s}, err
	case c == '-', c >= '0' && c <= '9':
		return p.number()
	case depth == maxDepth && (c == '{' || c == '['):
		return node{}, p.wrong("lists and objects stand more than %d deep in each other", maxDepth)
	case c == '{':
		return p.object(depth)
	case c == '[':
		return p.list(depth)
	}
	for _, word := range [...]node{{isNull, "null", nil, nil}, {isBool, "true", nil, nil}, {isBool, "false", nil, nil}} {
		if strings.HasPrefix(p.s[p.at:], word.text) {
			p.at += len(word.text)
			return word, nil
		}
	}
	return node{}, p.unexpected("a value")
}

func (p *parser) list(depth int) (node, error) {
	n := node{kind: isList}
	p.next('[')
	if p.next(']') {
		return n, nil
	}
	for {
		v, err := p.value(depth + 1)
		if err != nil {
			return n, err
		}
		n.list = append(n.list, v)
		if p.space(); p.peek() == ']' {
			p.at++
			return n, nil
		}
		if !p.next(',') {
			return n, p.unexpected("a comma or ]")
		}
	}
}

func (p *parser) object(depth int) (node, error) {
	n := node{kind: isObject}
	p.next('{')
	if p.next('}') {
		return n, nil
	}
	for {
		if len(n.fields) == maxFields {
			return n, p.wrong("an object has more than %d members", maxFields)
		}
		if p.peek() != '"' {
			return n, p.unexpected("a name in quotes")
		}
		start := p.at
		name, err := p.string()
		if err != nil {
			return n, err
		}
		if n.get(name) != nil {
			p.at = start
			return n, p.wrong("%q is there twice", short(name))
		}
		if !p.next(':') {
			return n, p.unexpected("a colon")
		}
		v, err := p.value(depth + 1)
		if err != nil {
			return n, err
		}
		n.fields = append(n.fields, field{name, v})
		if p.space(); p.peek() == '}' {
			p.at++
			return n, nil
		}
		if !p.next(',') {
			return n, p.unexpected("a comma or }")
		}
	}
}

func (p *parser) number() (node, error) {
	start := p.at
	digits := func() bool {
		from := p.at
		for c := p.peek(); c >= '0' && c <= '9'; c = p.peek() {
			p.at++
		}
		return p.at > from
	}
	if p.peek() == '-' {
		p.at++
	}
	if p.peek() == '0' {
		p.at++
	} else if !digits() {
		return node{}, p.unexpected("a digit")
	}
	if p.peek() == '.' {
		if p.at++; !digits() {
			return node{}, p.unexpected("a digit")
		}
	}
	if c := p.peek(); c == 'e' || c == 'E' {
		p.at++
		if c := p.peek(); c == '+' || c == '-' {
			p.at++
		}
		if !digits() {
			return node{}, p.unexpected("a digit")
		}
	}
	return node{kind: isNumber, text: p.s[start:p.at]}, nil
}

// string reads a text in quotes. Most need no more than to be cut out.
func (p *parser) string() (string, error) {
	p.at++
	start := p.at
	for p.at < len(p.s) {
		switch c := p.s[p.at]; {
		case c == '"':
			p.at++
			return p.s[start : p.at-1], nil
		case c == '\\':
			return p.escaped(start)
		case c < ' ':
			return "", p.unexpected("an escape such as \\n")
		}
		p.at++
	}
	return "", p.unexpected("a quote")
}

// escaped reads a text in which there are escapes from the first one on.
func (p *parser) escaped(start int) (string, error) {
	var b strings.Builder
	b.WriteString(p.s[start:p.at])
	for p.at < len(p.s) {
		switch c := p.s[p.at]; {
		case c == '"':
			p.at++
			return b.String(), nil
		case c < ' ':
			return "", p.unexpected("an escape such as \\n")
		case c != '\\':
			b.WriteByte(c)
			p.at++
			continue
		}
		p.at++
		if p.peek() == 'u' {
			r, err := p.character()
			if err != nil {
				return "", err
			}
			b.WriteRune(r)
			continue
		}
		const names, means = `"\/bfnrt`, "\"\\/\b\f\n\r\t"
		i := strings.IndexByte(names, p.peek())
		if p.at == len(p.s) || i < 0 {
			return "", p.unexpected("the letter of an escape")
		}
		b.WriteByte(means[i])
		p.at++
	}
	return "", p.unexpected("a quote")
}

// character reads \u and four digits, twice for what takes a surrogate pair.
func (p *parser) character() (rune, error) {
	start := p.at - 1
	r, err := p.hex()
	if err != nil || !utf16.IsSurrogate(r) {
		return r, err
	}
	if strings.HasPrefix(p.s[p.at:], `\u`) {
		p.at++
		low, err := p.hex()
		if err != nil {
			return 0, err
		}
		if r = utf16.DecodeRune(r, low); r != utf8.RuneError {
			return r, nil
		}
	}
	p.at = start
	return 0, p.wrong("half of a surrogate pair is no character")
}

func (p *parser) hex() (rune, error) {
	p.at++
	end := min(p.at+4, len(p.s))
	n, err := strconv.ParseUint(p.s[p.at:end], 16, 16)
	if err != nil || end-p.at < 4 {
		return 0, p.unexpected("four hexadecimal digits")
	}
	p.at = end
	return rune(n), nil
}
