package fakedc

import (
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/gotd/td/bin"
)

// Shows says whether a client has decoded body, in a layer, into what it shows as
// JSON: objects have the id of their constructor as "_" and their fields in small
// letters, numbers are text, bytes are in hexadecimal. What is not in body must not
// be in what is shown.
func Shows(number int, body []byte, shown any) bool {
	i, err := newInterpreter()
	if err != nil {
		return false
	}
	l := i.layers[number]
	v, err := tlReader{layer: l, b: &bin.Buffer{Buf: body}}.value(tlType{name: "Object"}, 0)
	return err == nil && shows(l, v, shown)
}

func shows(l *layer, v, shown any) bool {
	switch v := v.(type) {
	case int32, int64, float64:
		return shown == fmt.Sprint(v)
	case []byte:
		return shown == string(v) || shown == hex.EncodeToString(v)
	case bool:
		return shown == v
	case struct{}:
		return shown == true
	case []any:
		list, ok := shown.([]any)
		if !ok || len(list) != len(v) {
			return len(v) == 0 && shown == nil
		}
		for i := range v {
			if !shows(l, v[i], list[i]) {
				return false
			}
		}
		return true
	case object:
		m, ok := shown.(map[string]any)
		return ok && showsFields(l, v, m)
	}
	return false
}

func showsFields(l *layer, o object, shown map[string]any) bool {
	c := l.byName[o.name]
	if shown["_"] != fmt.Sprintf("%08x", c.id) {
		return false
	}
	for _, f := range c.fields {
		if f.kind.name == "#" {
			continue
		}
		is := shown[strings.ReplaceAll(strings.ToLower(f.name), "_", "")]
		if v, has := o.fields[f.name]; has {
			if !shows(l, v, is) {
				return false
			}
			continue
		}
		switch is := is.(type) {
		case nil:
		case []any:
			if len(is) > 0 {
				return false
			}
		default:
			if is != false && is != "" && is != "0" {
				return false
			}
		}
	}
	return true
}
