package rawtl

import (
	"context"
	"reflect"
	"testing"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/tg"
)

// TestAnswersAreDecodedAsGotdDoes calls every method of gotd's client and looks
// what it wants the answer in. Tests may look methods up by reflection: they are
// not linked into the command.
func TestAnswersAreDecodedAsGotdDoes(t *testing.T) {
	var probe prober
	client := reflect.ValueOf(tg.NewClient(&probe))
	compared := 0
	for i := range client.NumMethod() {
		method := client.Type().Method(i)
		in := []reflect.Value{reflect.ValueOf(t.Context())}
		for k := 2; k < method.Type.NumIn(); k++ {
			in = append(in, reflect.Zero(method.Type.In(k)))
		}
		if method.Type.NumIn() < 2 || method.Type.In(1) != reflect.TypeFor[context.Context]() {
			continue
		}
		probe = prober{}
		client.Method(i).Call(in)
		request, ok := probe.input.(interface{ TypeID() uint32 })
		if !ok {
			continue // InvokeJSON and its kind
		}
		want := reflect.TypeOf(probe.output)
		got := newResult(request.TypeID())
		if got == nil {
			if _, err := New().shape(reflect.TypeOf(probe.input).Elem()); err == nil {
				t.Errorf("%s is no method", method.Name)
			}
			continue // it wraps another call
		}
		if reflect.TypeOf(got) != want {
			t.Errorf("%s answers with %T, want %s", method.Name, got, want)
		}
		compared++
	}
	if n := len(New().Methods()); compared != n {
		t.Errorf("%d methods were compared of %d", compared, n)
	}
}

// prober is an invoker that asks nobody.
type prober struct {
	input  bin.Encoder
	output bin.Decoder
}

func (p *prober) Invoke(_ context.Context, input bin.Encoder, output bin.Decoder) error {
	p.input, p.output = input, output
	return context.Canceled
}
