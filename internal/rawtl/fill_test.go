package rawtl

import (
	"reflect"
	"testing"

	"github.com/gotd/td/bin"
)

// fill puts JSON into any object, as Parse does into a method.
func (s *Schema) fill(t testing.TB, raw []byte, into bin.Object) *Error {
	t.Helper()
	n, err := parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	v := reflect.ValueOf(into).Elem()
	shape, err := s.shape(v.Type())
	if err != nil {
		t.Fatal(err)
	}
	f := filler{ctx: t.Context(), schema: s}
	return f.object(&n, v, shape, &place{name: shape.name})
}
