package rawtl

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"math"
	"reflect"
	"strconv"
	"strings"
)

// value fills one value of any form.
func (f *filler) value(n *node, v reflect.Value, is *form, at *place) *Error {
	switch is.sort {
	case anInt:
		return whole(n, v, 32, at)
	case aLong:
		return whole(n, v, 64, at)
	case aDouble:
		return double(n, v, at)
	case aBool:
		return boolean(n, v, at)
	case aString:
		if n.kind != isText && n.kind != isLoose {
			return wrong(at, "want a string, found %s", n.found())
		}
		v.SetString(n.text)
		return nil
	case aBytes:
		raw, e := inBytes(n, at)
		v.SetBytes(raw)
		return e
	case anInt128, anInt256:
		return digits(n, v, at)
	case aVector:
		return f.vector(n, v, is, at)
	case anObject:
		return f.only(n, v, is.typ, at)
	default:
		return f.class(n, v, is, at)
	}
}

// whole reads an int or a long.
func whole(n *node, v reflect.Value, bits int, at *place) *Error {
	if n.kind == isNumber || n.kind == isLoose || n.kind == isText && bits == 64 {
		if i, err := strconv.ParseInt(n.text, 10, bits); err == nil {
			v.SetInt(i)
			return nil
		}
	}
	want, found := "an int, a whole number from -2147483648 to 2147483647", n.found()
	if bits == 64 {
		want = "a long, a whole number of 64 bits"
	}
	if at.name == "access_hash" { // a secret, whatever is wrong with it
		found = "something else"
		if n.text == masked {
			found = "one that was masked when it was printed"
		}
	}
	return wrong(at, "want %s, found %s", want, found)
}

func double(n *node, v reflect.Value, at *place) *Error {
	var x float64
	switch n.kind {
	case isText, isLoose:
		switch n.text {
		case "NaN":
			v.SetFloat(math.NaN())
			return nil
		case "Infinity":
			v.SetFloat(math.Inf(1))
			return nil
		case "-Infinity":
			v.SetFloat(math.Inf(-1))
			return nil
		}
		if n.kind == isText || strings.Trim(n.text, "+-0123456789.eE") != "" {
			break
		}
		fallthrough
	case isNumber:
		var err error
		if x, err = strconv.ParseFloat(n.text, 64); err == nil {
			v.SetFloat(x)
			return nil
		}
		if errors.Is(err, strconv.ErrRange) {
			return wrong(at, "want a double, found %s, which is beyond its range", n.found())
		}
	}
	return wrong(at, "want a double, found %s", n.found())
}

func boolean(n *node, v reflect.Value, at *place) *Error {
	if n.kind == isBool || n.kind == isLoose {
		switch n.text {
		case "true":
			v.SetBool(true)
			return nil
		case "false":
			v.SetBool(false)
			return nil
		}
	}
	return wrong(at, "want true or false, found %s", n.found())
}

// inBytes reads base64 in either alphabet, with or without padding.
func inBytes(n *node, at *place) ([]byte, *Error) {
	if n.kind != isText && n.kind != isLoose {
		return nil, wrong(at, "want bytes in base64, found %s", n.found())
	}
	plain := strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimRight(n.text, "="))
	raw, err := base64.RawStdEncoding.Strict().DecodeString(plain)
	if err != nil {
		return nil, wrong(at, "want bytes in base64, found %s", n.found())
	}
	return raw, nil
}

func digits(n *node, v reflect.Value, at *place) *Error {
	size := v.Len()
	if n.kind == isText || n.kind == isLoose {
		if raw, err := hex.DecodeString(n.text); err == nil && len(raw) == size {
			reflect.Copy(v, reflect.ValueOf(raw))
			return nil
		}
	}
	return wrong(at, "want %d hexadecimal digits, found %s", 2*size, n.found())
}

// vector fills a list. Anything else is a list of one.
func (f *filler) vector(n *node, v reflect.Value, is *form, at *place) *Error {
	n, e := n.unpacked("[", at)
	if e != nil {
		return e
	}
	list := n.list
	if n.kind != isList {
		if n.kind == isNull {
			return wrong(at, "want a list, found null")
		}
		list = []node{*n}
	}
	out := reflect.MakeSlice(is.typ, len(list), len(list))
	for i := range list {
		in := at
		if n.kind == isList {
			in = at.in(strconv.Itoa(i))
		}
		if e := f.value(&list[i], out.Index(i), is.elem, in); e != nil {
			return e
		}
	}
	v.Set(out)
	return nil
}

// only fills an object whose type has no other constructor.
func (f *filler) only(n *node, v reflect.Value, t reflect.Type, at *place) *Error {
	s, err := f.schema.shape(t)
	if err != nil {
		return wrong(at, "%s", err)
	}
	n, e := n.unpacked("{", at)
	switch {
	case e != nil:
		return e
	case n.kind == isObject:
		return f.object(n, v, s, at)
	case s.empty() && (n.kind == isText || n.kind == isLoose) && n.text == s.name:
		return nil
	default:
		return wrong(at, "want an object of %s, found %s", s.name, n.found())
	}
}
