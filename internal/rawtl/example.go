package rawtl

import (
	"encoding/json"
	"math"
	"strings"
)

// Example returns the fields that a method can be called with, or an object of a
// constructor: every field that must be given, and none that need not be. It is
// nil for what is neither, and for methods that wrap others.
func (f *Facts) Example(name string) []byte {
	c := f.all[name]
	if c == nil || c.Wrapper() || c.basic() {
		return nil
	}
	e := exampler{facts: f, cost: f.cost()}
	return e.object(nil, c, !c.Method)
}

// basic says that JSON has a word of its own for it.
func (c *Combinator) basic() bool {
	switch c.Name {
	case "boolTrue", "boolFalse", "true", "null":
		return true
	}
	return false
}

// exampler appends the JSON of an example.
type exampler struct {
	facts *Facts
	cost  map[string]int
}

func (e exampler) object(out []byte, c *Combinator, named bool) []byte {
	out = append(out, '{')
	sep := ""
	if named {
		out = append(out, `"_":"`+c.Name+`"`...)
		sep = ","
	}
	for _, f := range c.Fields {
		if f.Flag != "" || f.Omit != "" {
			continue
		}
		out = append(out, sep+`"`+f.Name+`":`...)
		out = e.value(out, f.Name, f.Type)
		sep = ","
	}
	return append(out, '}')
}

func (e exampler) value(out []byte, name, typ string) []byte {
	if inner, ok := vectorOf(typ); ok {
		out = append(out, '[')
		out = e.value(out, name, inner)
		return append(out, ']')
	}
	if who, ok := peerTypes()[typ]; ok {
		return append(out, `"`+who+`"`...)
	}
	switch typ {
	case "int", "long":
		return append(out, '1')
	case "double":
		return append(out, "0.5"...)
	case "Bool", "true":
		return append(out, "true"...)
	case "string":
		text, _ := json.Marshal(sampleText(name)) // a string is always JSON
		return append(out, text...)
	case "bytes":
		return append(out, `"c2Vlbg=="`...)
	case "int128":
		return append(out, `"`+strings.Repeat("0", 32)+`"`...)
	case "int256":
		return append(out, `"`+strings.Repeat("0", 64)+`"`...)
	}
	list := e.facts.types[typ]
	best, least := list[0], math.MaxInt
	for _, c := range list {
		if cost := e.cost[c.Name]; cost > 0 && cost < least {
			best, least = c, cost
		}
	}
	if len(best.Fields) == 0 && len(list) > 1 {
		return append(out, `"`+best.Name+`"`...)
	}
	return e.object(out, best, len(list) > 1)
}

// sampleText is a text that a field of that name may hold.
func sampleText(name string) string {
	switch name {
	case "message":
		return "Hello"
	case "lang_code":
		return "en"
	case "username":
		return "carol"
	case "url":
		return "https://example.com"
	case "mime_type":
		return "text/plain"
	case "data":
		return "{}"
	default:
		return "text"
	}
}

// peerTypes are the types in whose place a reference to a peer may stand, and one
// that fits.
func peerTypes() map[string]string {
	return map[string]string{
		"InputPeer": "@ann", "InputUser": "@ann", "InputChannel": "-1001900000001",
		"InputDialogPeer": "@ann", "InputNotifyPeer": "@ann",
	}
}

// costs are how much has to be written for each constructor, 0 where it never
// ends. What stands for nothing is taken last.
func (f *Facts) costs() map[string]int {
	out := map[string]int{}
	for changed := true; changed; {
		changed = false
		for _, list := range f.types {
			for _, c := range list {
				cost, ends := f.costOf(c, out)
				if have := out[c.Name]; ends && (have == 0 || cost < have) {
					out[c.Name], changed = cost, true
				}
			}
		}
	}
	return out
}

func (f *Facts) costOf(c *Combinator, known map[string]int) (int, bool) {
	total := 1
	if strings.HasSuffix(c.Name, "Empty") {
		total += 10
	}
	for _, field := range c.Fields {
		if field.Flag != "" || field.Omit != "" {
			continue
		}
		total++
		list := f.types[field.Elem()]
		if field.Peer || len(list) == 0 {
			continue
		}
		least := math.MaxInt
		for _, inner := range list {
			if cost := known[inner.Name]; cost > 0 {
				least = min(least, cost)
			}
		}
		if least == math.MaxInt {
			return 0, false
		}
		total += least
	}
	return total, true
}
