package fakedc

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/tg"
)

// A golden is what the server says in one layer, as bytes. The decoder of the client
// that speaks the layer has taken every one of them, and its encoder has made the
// same bytes again: `SEEN_GOLDENS=write make interop` writes down those, and only
// those. Here translate.go is held against them.

// Goldens are the samples that a layer can say, by name.
func Goldens(number int) (map[string][]byte, error) {
	i, err := newInterpreter()
	if err != nil {
		return nil, err
	}
	list := map[string][]byte{}
	for name, v := range goldenSamples() {
		native, err := encode(v)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		said, err := i.body(number, native)
		var lacks *untranslatable
		if errors.As(err, &lacks) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		list[name] = said
	}
	return list, nil
}

// GoldenFile is where the goldens of a layer are.
func GoldenFile(number int) string {
	return filepath.Join("testdata", "layers", fmt.Sprintf("%d.golden", number))
}

// ReadGoldens reads a file of lines with a name and bytes in hexadecimal.
func ReadGoldens(number int) (map[string][]byte, error) {
	data, err := os.ReadFile(GoldenFile(number))
	if err != nil {
		return nil, err
	}
	list := map[string][]byte{}
	for line := range strings.Lines(string(data)) {
		name, digits, _ := strings.Cut(strings.TrimSpace(line), ": ")
		if list[name], err = hex.DecodeString(digits); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return list, nil
}

// WriteGoldens is for who has had them decoded.
func WriteGoldens(number int, list map[string][]byte) error {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(list)) {
		fmt.Fprintf(&b, "%s: %x\n", name, list[name])
	}
	return os.WriteFile(GoldenFile(number), []byte(b.String()), 0o644)
}

func TestLayersSayWhatClientsHaveDecoded(t *testing.T) {
	all := goldenSamples()
	for number, lacks := range map[int][]string{
		144: {
			"action by app", "action by menu", "action by request", "action edit topic", "action shared peer", "action topic",
			"entity date", "update boost", "update business", "update business delete", "update business edit",
			"update business new", "update ephemeral", "update guest", "update reaction", "markup peer", "markup copy",
		},
		198: {"update ephemeral", "update guest", "entity date"},
		220: {"update ephemeral", "update guest", "entity date"},
		227: {"update ephemeral"},
		229: nil,
	} {
		want, err := ReadGoldens(number)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Goldens(number)
		if err != nil {
			t.Fatal(err)
		}
		for name := range all {
			switch _, has := got[name]; {
			case has == slices.Contains(lacks, name):
				t.Errorf("layer %d: %s: can be said: %t", number, name, has)
			case has && want[name] == nil:
				t.Errorf("layer %d: %s: no client has decoded it", number, name)
			case !bytes.Equal(got[name], want[name]):
				t.Errorf("layer %d: %s: got\n%x, but decoded was\n%x", number, name, got[name], want[name])
			}
		}
		if len(want) != len(got) {
			t.Errorf("layer %d: %d goldens for %d samples", number, len(want), len(got))
		}
	}
}

// Whatever is not said as in the server's own layer is in a golden. Left are what only
// clients say, and types that nothing here makes.
func TestEveryRewrittenConstructorIsGolden(t *testing.T) {
	i := interpreterFor(t)
	unsaid := map[string]bool{"messages.messagesSlice": true}
	for number, l := range i.layers {
		if number == nativeLayer {
			continue
		}
		goldens, err := ReadGoldens(number)
		if err != nil {
			t.Fatal(err)
		}
		said := map[string]bool{}
		for name, body := range goldens {
			v, err := tlReader{layer: l, b: &bin.Buffer{Buf: body}}.value(tlType{name: "Object"}, 0)
			if err != nil {
				t.Errorf("layer %d: %s: %v", number, name, err)
			}
			collect(v, said)
		}
		own := i.layers[nativeLayer]
		for name, c := range l.byName {
			native := own.byName[name]
			rewritten := native == nil || native.id != c.id || len(native.fields) != len(c.fields)
			if rewritten && !said[name] && !unsaid[name] && !onlyClientsSay(name, c.result) {
				t.Errorf("layer %d: %s is in no golden", number, name)
			}
		}
	}
}

// onlyClientsSay tells inputs, and methods: what these are called does not come from
// what they return, but for what they get.
func onlyClientsSay(name, result string) bool {
	_, called, spaced := strings.Cut(strings.ToLower(name), ".")
	_, returned, _ := strings.Cut(strings.ToLower(result), ".")
	method := spaced && (!strings.Contains(called, returned) || returned == "" || strings.HasPrefix(called, "get"))
	return method || strings.HasPrefix(name, "input") || strings.HasPrefix(name, "sendMessage")
}

func collect(v any, into map[string]bool) {
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			collect(x, into)
		}
	case object:
		into[v.name] = true
		for _, x := range v.fields {
			collect(x, into)
		}
	}
}

// gotd is the client of the server's own layer.
func TestGotdDecodesItsLayer(t *testing.T) {
	goldens, err := Goldens(nativeLayer)
	if err != nil {
		t.Fatal(err)
	}
	registry, decoded := tg.TypesConstructorMap(), map[string][]byte{}
	for name, body := range goldens {
		id, err := (&bin.Buffer{Buf: body}).PeekID()
		if err != nil {
			t.Fatal(err)
		}
		v, b := registry[id](), &bin.Buffer{Buf: body}
		if err := v.Decode(b); err != nil || b.Len() != 0 {
			t.Errorf("%s: %v, %d bytes are left", name, err, b.Len())
			continue
		}
		if again := bytesOf(t, v); !bytes.Equal(again, body) {
			t.Errorf("%s: got\n%x, want\n%x", name, again, body)
			continue
		}
		decoded[name] = body
	}
	if os.Getenv("SEEN_GOLDENS") == "write" {
		if err := WriteGoldens(nativeLayer, decoded); err != nil {
			t.Fatal(err)
		}
	}
}
