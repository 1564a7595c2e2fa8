package rawtl

import (
	"context"
	"reflect"
	"testing"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/tg"
)

// answersOf calls every method of gotd's client and looks what it wants the answer
// in. Tests may look methods up by reflection: they are not linked into the
// command, which would be twice as large.
func answersOf(t *testing.T) map[uint32]reflect.Type {
	t.Helper()
	var probe prober
	client := reflect.ValueOf(tg.NewClient(&probe))
	out := map[uint32]reflect.Type{}
	for i := range client.NumMethod() {
		method := client.Type().Method(i)
		if method.Type.NumIn() < 2 || method.Type.In(1) != reflect.TypeFor[context.Context]() {
			continue
		}
		in := []reflect.Value{reflect.ValueOf(t.Context())}
		for k := 2; k < method.Type.NumIn(); k++ {
			in = append(in, reflect.Zero(method.Type.In(k)))
		}
		probe = prober{}
		client.Method(i).Call(in)
		if request, ok := probe.input.(interface{ TypeID() uint32 }); ok { // not of InvokeJSON
			out[request.TypeID()] = reflect.TypeOf(probe.output)
		}
	}
	return out
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

func TestAnswersAreDecodedAsGotdDoes(t *testing.T) {
	schema, want := New(), answersOf(t)
	names := schema.Methods()
	for _, name := range names {
		e := schema.byName[name]
		if got := reflect.PointerTo(e.answer); got != want[e.id] {
			t.Errorf("%s answers with %v, want %v", name, got, want[e.id])
		}
	}
	if len(names) == 0 {
		t.Error("there are no methods")
	}
}
