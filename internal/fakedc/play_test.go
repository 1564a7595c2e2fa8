package fakedc_test

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/f48b34c0/seen/internal/fakedc"
)

func TestAStoryIsPlayedLineByLine(t *testing.T) {
	w := fakedc.NewDemo(fakedc.WorldOptions{Clock: func() time.Time { return time.Unix(1767322800, 0) }})
	const story = `# a comment, and an empty line

{"who":"ann","do":"start","payload":"promo"}
{"do":"person","who":"eve","username":"eve","first_name":"Eve","lang":"de"}
{"who":"eve","do":"write","chat":"friends","text":"let me in"}
{"who":"eve","do":"join","chat":"friends"}
{"who":"eve","do":"write","chat":"friends","text":"hello Bob","mention":"bob"}
{"do":"wait","for":"1m"}
{"do":"log","chat":"friends"}
{"do":"sent","who":"ann"}
{"do":"dance","who":"ann"}
{"do":"start","whom":"ann"}
{"do":"crowd","count":2,"chat":"nowhere"}
{"do":"crowd","count":2}
{"do":"stats"}
`
	const want = `{"ok":true,"id":1001,"message_id":1}
{"ok":true,"id":1101}
{"error":"write: eve is not in a chat called \"friends\""}
{"ok":true,"id":1101,"message_id":1}
{"ok":true,"id":1101,"message_id":2}
{"ok":true}
{"ok":true,"count":2,"messages":[{"id":1,"from":"eve","from_id":1101,"date":1767322800,"action":"join"},` +
		`{"id":2,"from":"eve","from_id":1101,"date":1767322800,"text":"hello Bob","entities":[{"type":"text_mention","offset":6,"length":3,"user_id":1002}]}]}
{"ok":true}
{"error":"dance: no such step"}
{"error":"step: json: unknown field \"whom\""}
{"error":"crowd: no chat is called \"nowhere\""}
{"ok":true,"count":2}
{"ok":true,"stats":{"people":8,"connections":0,"sessions":0,"pts":4,"qts":1,"date":1767322860,` +
		`"chats":{"friends":{"members":3,"messages":2,"pts":3},"kitchen":{"members":3,"messages":0}}}}
`
	var got bytes.Buffer
	if err := w.Play(context.Background(), strings.NewReader(story), &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got.String()); diff != "" {
		t.Error(diff)
	}
}
