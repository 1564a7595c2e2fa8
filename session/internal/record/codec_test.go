package record

import (
	"bytes"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"pgregory.net/rapid"
)

// coded is a message that is encoded here, and by package proto.
type coded interface {
	proto.Message
	Append(b []byte) []byte
	Parse(b []byte) error
}

func kinds() []func() coded {
	return []func() coded{
		func() coded { return &Peer{} },
		func() coded { return &Name{} },
		func() coded { return &Dialog{} },
	}
}

// fill sets every field, those of messages in it too.
func fill(rt *rapid.T, m protoreflect.Message, all bool) {
	fields := m.Descriptor().Fields()
	for i := range fields.Len() {
		f := fields.Get(i)
		if !all && rapid.Bool().Draw(rt, "leave out "+string(f.Name())) {
			continue
		}
		switch {
		case f.IsList():
			list := m.Mutable(f).List()
			for range rapid.IntRange(1, 3).Draw(rt, "items") {
				fill(rt, list.AppendMutable().Message(), all)
			}
		case f.Message() != nil:
			fill(rt, m.Mutable(f).Message(), all)
		default:
			m.Set(f, scalar(rt, f))
		}
	}
	if rapid.IntRange(0, 3).Draw(rt, "newer") == 0 {
		b := protowire.AppendTag(nil, 1000, protowire.BytesType)
		m.SetUnknown(protowire.AppendString(b, "from a newer version"))
	}
}

func scalar(rt *rapid.T, f protoreflect.FieldDescriptor) protoreflect.Value {
	name := string(f.Name())
	switch f.Kind() {
	case protoreflect.BoolKind:
		return protoreflect.ValueOfBool(rapid.Bool().Draw(rt, name))
	case protoreflect.StringKind:
		return protoreflect.ValueOfString(rapid.StringN(0, 300, -1).Draw(rt, name))
	case protoreflect.BytesKind:
		return protoreflect.ValueOfBytes(rapid.SliceOfN(rapid.Byte(), 1, 100).Draw(rt, name))
	case protoreflect.Uint32Kind:
		return protoreflect.ValueOfUint32(rapid.Uint32().Draw(rt, name))
	case protoreflect.EnumKind:
		return protoreflect.ValueOfEnum(protoreflect.EnumNumber(rapid.Int32().Draw(rt, name)))
	default:
		return protoreflect.ValueOfInt64(rapid.Int64().Draw(rt, name))
	}
}

// A field that is added to the schema and not here makes this fail.
func TestEncodingIsThatOfProto(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		for _, empty := range kinds() {
			m := empty()
			fill(rt, m.ProtoReflect(), rapid.Bool().Draw(rt, "all"))
			want, err := proto.Marshal(m)
			if err != nil {
				rt.Fatal(err)
			}
			got := m.Append([]byte("before"))
			if !bytes.Equal(got, append([]byte("before"), want...)) {
				rt.Fatalf("%v is\n%x, want\n%x", m, got[len("before"):], want)
			}
			back := empty()
			if err := back.Parse(want); err != nil {
				rt.Fatal(err)
			}
			if !proto.Equal(back, m) {
				rt.Fatalf("%v came back as %v", m, back)
			}
		}
	})
}

// Whatever bytes stand in a file, both read the same from them, or neither does.
func FuzzParse(f *testing.F) {
	hash := int64(-5)
	peer := &Peer{AccessHash: &hash, FirstName: "Ann", Usernames: []*Username{{Name: "ann"}}, FirstSource: &Source{Chat: -7}}
	f.Add(peer.Append(nil))
	f.Add((&Name{Kind: 1, Id: 1001, At: 1_700_000_000, Contested: true}).Append(nil))
	f.Add((&Dialog{Standing: Dialog_STANDING_OPEN, Reason: "start", At: 1_700_000_000, FirstMessage: 7}).Append(nil))
	f.Add([]byte{0x0a, 0xff})
	f.Add([]byte{0x7a, 0x02, 0x08, 0x01, 0x7a, 0x02, 0x18, 0x01}) // one source in two parts
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, empty := range kinds() {
			want, got := empty(), empty()
			wantErr, err := proto.Unmarshal(b, want), got.Parse(b)
			if (err == nil) != (wantErr == nil) {
				t.Fatalf("%T %x: %v, want %v", want, b, err, wantErr)
			}
			if err == nil && !proto.Equal(want, got) {
				t.Fatalf("%T %x is %v, want %v", want, b, got, want)
			}
		}
	})
}

func TestCopyAndSameKnowEveryField(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p := &Peer{}
		fill(rt, p.ProtoReflect(), true)
		if c := p.Copy(); !proto.Equal(c, p) || !c.Same(p) {
			rt.Fatalf("the copy of %v is %v", p, c)
		}
		fields := p.ProtoReflect().Descriptor().Fields()
		for i := range fields.Len() {
			f := fields.Get(i)
			c := p.Copy()
			c.ProtoReflect().Clear(f)
			if same := c.Same(p); same != proto.Equal(c, p) {
				rt.Fatalf("without %s it is the same: %v", f.Name(), same)
			}
		}
		d, c := &Dialog{}, &Dialog{}
		fill(rt, d.ProtoReflect(), true)
		if d.CopyTo(c); !proto.Equal(c, d) || !c.Same(d) {
			rt.Fatalf("the copy of %v is %v", d, c)
		}
		fields = d.ProtoReflect().Descriptor().Fields()
		for i := range fields.Len() {
			f, c := fields.Get(i), &Dialog{}
			d.CopyTo(c)
			c.ProtoReflect().Clear(f)
			if same := c.Same(d); same != proto.Equal(c, d) {
				rt.Fatalf("without %s it is the same: %v", f.Name(), same)
			}
		}
	})
}

func benchPeer() *Peer {
	hash := int64(-6_123_456_789_012_345_678)
	return &Peer{
		AccessHash: &hash, HashClass: HashClass_HASH_CLASS_FULL, HashGeneration: 1,
		FirstName: "Екатерина", LastName: "Montgomery", Language: "en",
		Usernames: []*Username{{Name: "the_gardener_5ae0", Editable: true}},
		FirstSeen: 1_700_000_000, LastSeen: 1_700_000_000, FactsAt: 1_700_000_000,
		FirstSource: &Source{Via: Via_VIA_UPDATE, What: "updateNewMessage"},
	}
}

func BenchmarkPeer(b *testing.B) {
	p := benchPeer()
	value := p.Append(nil)
	b.Run("append", func(b *testing.B) {
		b.ReportAllocs()
		var buf []byte
		for range b.N {
			buf = p.Append(buf[:0])
		}
	})
	b.Run("append/proto", func(b *testing.B) {
		b.ReportAllocs()
		var buf []byte
		for range b.N {
			buf, _ = proto.MarshalOptions{}.MarshalAppend(buf[:0], p)
		}
	})
	b.Run("parse", func(b *testing.B) {
		b.ReportAllocs()
		for range b.N {
			if err := new(Peer).Parse(value); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("parse/proto", func(b *testing.B) {
		b.ReportAllocs()
		for range b.N {
			if err := proto.Unmarshal(value, new(Peer)); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("copy", func(b *testing.B) {
		b.ReportAllocs()
		for range b.N {
			if p.Copy().MigratedTo != 0 {
				b.Fatal()
			}
		}
	})
}
