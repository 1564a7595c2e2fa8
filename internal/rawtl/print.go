package rawtl

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"unicode/utf8"

	"github.com/gotd/td/bin"
)

// masked stands where an access hash would.
const masked = "hash:masked"

// exact is the largest whole number up to which every one has a float64 of its
// own, which is what many readers of JSON take numbers for.
const exact = 1 << 53

// deepest is how deep objects may stand in each other. Telegram's own need some
// twenty.
const deepest = 1000

// View says how TL is printed. The zero value is how answers are.
type View struct {
	// Hashes prints access hashes, which are masked otherwise.
	Hashes bool
	// IDs prints the constructors' ids with their names, as in "inputPeerSelf#7da07ec9".
	IDs bool
}

// JSON prints the answer to a call: an object, or a list or a Bool where the
// method returns that. Fields that are not set are left out.
func (s *Schema) JSON(result bin.Decoder, view View) ([]byte, error) {
	v := reflect.ValueOf(result)
	if v.Kind() != reflect.Pointer || v.IsNil() || v.Elem().Kind() != reflect.Struct {
		return nil, fmt.Errorf("print %T: it is no answer", result)
	}
	p := printer{schema: s, view: view, out: make([]byte, 0, 512)}
	err := p.answer(v.Elem())
	return p.out, err
}

// JSON prints the request as it would be sent.
func (r *Request) JSON(view View) ([]byte, error) {
	p := printer{schema: r.schema, view: view}
	err := p.object(reflect.ValueOf(r.object).Elem())
	return p.out, err
}

// printer appends JSON to out.
type printer struct {
	schema *Schema
	view   View
	out    []byte
	depth  int
}

func (p *printer) text(s string) { p.out = append(p.out, s...) }

// answer prints what gotd has decoded an answer into: an object, or a struct
// around the only thing that there is.
func (p *printer) answer(v reflect.Value) error {
	inner, ok := unboxed(v)
	if !ok {
		return p.object(v)
	}
	is, err := formOf(inner.Type())
	if err != nil {
		return err
	}
	return p.value(inner, &is, "")
}

// unboxed returns what stands in a box such as tg.UpdatesBox, or in a vector such
// as tg.UserClassVector.
func unboxed(v reflect.Value) (reflect.Value, bool) {
	if v.NumField() != 1 {
		return v, false
	}
	if elems := v.FieldByName("Elems"); elems.IsValid() && elems.Kind() == reflect.Slice {
		return elems, true
	}
	_, described := v.Addr().Interface().(interface{ TypeID() uint32 })
	return v.Field(0), !described
}

// object prints a struct of gotd's.
func (p *printer) object(v reflect.Value) error {
	s, err := p.schema.shape(v.Type())
	if err != nil {
		return err
	}
	if p.depth++; p.depth > deepest {
		return fmt.Errorf("print %s: objects stand more than %d deep in each other", s.name, deepest)
	}
	defer func() { p.depth-- }()
	p.text(`{"_":"`)
	p.text(s.name)
	if p.view.IDs {
		p.text("#")
		p.out = strconv.AppendUint(p.out, uint64(s.id), 16)
	}
	p.text(`"`)
	for i := range s.parts {
		part := &s.parts[i]
		if !part.given(v) {
			continue
		}
		p.text(`,"`)
		p.text(part.name)
		p.text(`":`)
		if part.flag {
			p.text("true")
			continue
		}
		if err := p.value(v.Field(part.slot), &part.form, part.name); err != nil {
			return err
		}
	}
	p.text("}")
	return nil
}

func (p *printer) value(v reflect.Value, is *form, name string) error {
	switch is.sort {
	case anInt:
		p.out = strconv.AppendInt(p.out, v.Int(), 10)
	case aLong:
		p.long(v.Int(), name)
	case aDouble:
		p.double(v.Float())
	case aBool:
		p.out = strconv.AppendBool(p.out, v.Bool())
	case aString:
		p.string(v.String())
	case aBytes:
		p.text(`"`)
		p.out = base64.StdEncoding.AppendEncode(p.out, v.Bytes())
		p.text(`"`)
	case anInt128, anInt256:
		raw := make([]byte, v.Len())
		reflect.Copy(reflect.ValueOf(raw), v)
		p.text(`"`)
		p.out = hex.AppendEncode(p.out, raw)
		p.text(`"`)
	case aVector:
		p.text("[")
		for i := range v.Len() {
			if i > 0 {
				p.text(",")
			}
			if err := p.value(v.Index(i), is.elem, name); err != nil {
				return err
			}
		}
		p.text("]")
	case anObject:
		return p.object(v)
	default:
		return p.class(v)
	}
	return nil
}

// class prints an object of one of several constructors. Bool is a class too
// where it is the whole answer.
func (p *printer) class(v reflect.Value) error {
	if v.IsNil() {
		p.text("null")
		return nil
	}
	inner := v.Elem().Elem()
	switch inner.Type().Name() {
	case "BoolTrue":
		p.text("true")
		return nil
	case "BoolFalse":
		p.text("false")
		return nil
	}
	return p.object(inner)
}

func (p *printer) long(n int64, name string) {
	switch {
	case name == "access_hash" && !p.view.Hashes:
		p.text(`"` + masked + `"`)
	case name == "access_hash", n > exact, n < -exact:
		p.text(`"`)
		p.out = strconv.AppendInt(p.out, n, 10)
		p.text(`"`)
	default:
		p.out = strconv.AppendInt(p.out, n, 10)
	}
}

// double prints a number so that reading it gives the same one. JSON has no words
// for those that are none.
func (p *printer) double(x float64) {
	switch {
	case math.IsNaN(x):
		p.text(`"NaN"`)
	case math.IsInf(x, 1):
		p.text(`"Infinity"`)
	case math.IsInf(x, -1):
		p.text(`"-Infinity"`)
	default:
		p.out = strconv.AppendFloat(p.out, x, 'g', -1, 64)
	}
}

// string prints a text. What is not UTF-8 in it has no place in JSON and becomes
// U+FFFD.
func (p *printer) string(s string) {
	const digits = "0123456789abcdef"
	p.text(`"`)
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' && c < utf8.RuneSelf {
			i++
			continue
		}
		size := 1
		if c >= utf8.RuneSelf {
			var r rune
			if r, size = utf8.DecodeRuneInString(s[i:]); r != utf8.RuneError || size > 1 {
				i += size
				continue
			}
		}
		p.text(s[start:i])
		switch {
		case c == '"', c == '\\':
			p.out = append(p.out, '\\', c)
		case c == '\n':
			p.text(`\n`)
		case c == '\t':
			p.text(`\t`)
		case c == '\r':
			p.text(`\r`)
		case c >= utf8.RuneSelf:
			p.text("\ufffd")
		default:
			p.out = append(p.out, '\\', 'u', '0', '0', digits[c>>4], digits[c&15])
		}
		i += size
		start = i
	}
	p.text(s[start:])
	p.text(`"`)
}
