package rawtl

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

// FuzzParse holds the parser against the standard one: both take the same JSON
// and read the same in it, but for what ours refuses on purpose.
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		`{}`, `[]`, ` {"a" : [1, -0.5e+7, "x\u00e9\ud83d\ude00\n", true,false , null,{"_":"b"}] } `, `"\ud800"`,
		`{"a":1,"a":2}`, `01`, `1.`, `-`, `[1,]`, `{"a":}`, `{"a" 1}`, `nul`, "\"\x01\"", `"\x"`, `"\u12g4"`, "\xff",
		strings.Repeat("[", 65) + strings.Repeat("]", 65), `[1] 2`, "\n\n  tru", `"\u+123"`, `"\u12`, `"\`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		n, err := parse(raw)
		if err != nil {
			for _, ours := range []string{"twice", "surrogate", "deep", "UTF-8", "bytes long", "members"} {
				if strings.Contains(err.Error(), ours) {
					return
				}
			}
		}
		if valid := json.Valid(raw); valid != (err == nil) {
			t.Fatalf("valid is %v, but: %v", valid, err)
		}
		if err != nil {
			return
		}
		dec := json.NewDecoder(bytes.NewReader(raw))
		dec.UseNumber()
		var want any
		if err := dec.Decode(&want); err != nil {
			t.Fatal(err)
		}
		if got := n.any(); !reflect.DeepEqual(got, want) {
			t.Errorf("got %#v, want %#v", got, want)
		}
	})
}

// any is a node as the standard decoder has it.
func (n *node) any() any {
	switch n.kind {
	case isBool:
		return n.text == "true"
	case isNumber:
		return json.Number(n.text)
	case isText:
		return n.text
	case isList:
		list := make([]any, len(n.list))
		for i := range n.list {
			list[i] = n.list[i].any()
		}
		return list
	case isObject:
		m := map[string]any{}
		for i := range n.fields {
			m[n.fields[i].name] = n.fields[i].value.any()
		}
		return m
	default:
		return nil
	}
}
