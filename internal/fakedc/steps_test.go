package fakedc_test

import (
	"context"
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/f48b34c0/seen/internal/fakedc"
)

// Every step that the comment of Step explains, as it is written to testserver.
const everyStep = `
{"do":"person","who":"eve","first_name":"Eve","last_name":"Example","username":"eve","lang":"de","phone":"888"}
{"do":"person","who":"other","username":"other_bot","token":"7000000002:demo"}
{"do":"chat","chat":"den","kind":"supergroup","text":"Den","username":"the_den","members":["ann","bot"]}
{"do":"chat","chat":"news","kind":"channel","text":"News","members":["ann","bot"]}
{"do":"chat","chat":"pals","kind":"group","text":"Pals","members":["ann","bot"]}
{"do":"set","set":{"min_senders":true,"resolve_limit":100}}
{"do":"chat","chat":"forum","kind":"forum","text":"Forum","members":["ann","bot"]}
{"do":"topic","who":"ann","chat":"forum","text":"Cats"}
{"do":"write","who":"ann","chat":"forum","text":"meow","topic":2}
{"do":"topic","who":"ann","chat":"forum","message":2,"off":true}
{"do":"topic","who":"ann","chat":"forum","message":2,"drop":true}
{"do":"slowmode","who":"ann","chat":"forum","for":"1m"}
{"do":"crowd","count":3,"chat":"den","mix":true,"min":true}
{"do":"hold"}
{"do":"chorus","members":["ann","eve"],"size":2,"text":"hello"}
{"do":"release"}
{"do":"start","who":"ann","payload":"promo"}
{"do":"start","who":"ann","bot":"other"}
{"do":"write","who":"ann","text":"hello"}
{"do":"write","who":"ann","chat":"den","text":"hello","reply":1}
{"do":"write","who":"ann","chat":"news","text":"news"}
{"do":"edit","who":"ann","chat":"den","message":2,"text":"hello Eve","mention":"eve"}
{"do":"forward","who":"ann","from":"news","message":1,"chat":"den"}
{"do":"retract","who":"ann","chat":"den","message":2}
{"do":"contact","who":"ann","other":"eve"}
{"do":"share_peer","who":"ann","other":"eve","button":1,"named":true}
{"do":"allow","who":"carol","reason":"domain","text":"example.org"}
{"do":"block","who":"carol"}
{"do":"unblock","who":"carol"}
{"do":"promote","who":"ann","chat":"den","other":"bot","rights":["invite","ban"]}
{"do":"ask","who":"dave","chat":"den","text":"please"}
{"do":"approve","who":"ann","chat":"den","other":"dave"}
{"do":"ask","who":"carol","chat":"den"}
{"do":"decline","who":"ann","chat":"den","other":"carol"}
{"do":"join","who":"carol","chat":"den"}
{"do":"leave","who":"carol","chat":"den"}
{"do":"add","who":"ann","chat":"den","other":"eve"}
{"do":"remove","who":"ann","chat":"den","other":"eve"}
{"do":"ban","who":"ann","chat":"den","other":"eve","for":"1h"}
{"do":"ban","who":"ann","chat":"den","other":"eve","off":true}
{"do":"restrict","who":"ann","chat":"den","other":"carol"}
{"do":"restrict","who":"ann","chat":"den","other":"carol","off":true}
{"do":"business","who":"ann","rights":["reply"]}
{"do":"business_write","who":"carol","other":"ann","text":"hello"}
{"do":"business_edit","who":"carol","other":"ann","message":1,"text":"hello?"}
{"do":"business_retract","who":"carol","other":"ann","message":1}
{"do":"business","who":"ann","off":true}
{"do":"boost","who":"ann","chat":"den"}
{"do":"chat","chat":"away","kind":"supergroup","members":["ann"]}
{"do":"guest","who":"ann","chat":"away","text":"what is this?"}
{"do":"whisper","who":"ann","chat":"den","text":"psst"}
{"do":"inline","who":"eve","chat":"den","text":"cats"}
{"do":"react","who":"ann","chat":"den","message":1,"reaction":"!"}
{"do":"rename","who":"eve","first_name":"Eva","tell":true}
{"do":"buy","who":"eve","username":"gold"}
{"do":"give_up","who":"eve","username":"gold"}
{"do":"username","who":"eve"}
{"do":"language","who":"eve","lang":"en"}
{"do":"premium","who":"eve"}
{"do":"photo","who":"eve","hidden":true}
{"do":"privacy","who":"eve"}
{"do":"privacy","who":"eve","off":true}
{"do":"bot_to_bot","who":"bot"}
{"do":"group_privacy","who":"bot"}
{"do":"delete","who":"eve"}
{"do":"token","who":"other","token":"7000000002:another"}
{"do":"wait","for":"1m"}
{"do":"sent","who":"ann"}
{"do":"log","chat":"den"}
{"do":"queries"}
{"do":"commands"}
{"do":"calls"}
{"do":"stats"}
{"do":"clock","for":"-1h"}
{"do":"malice","kind":"zero_id"}
{"do":"fault","method":"users.getUsers","error":"FLOOD_WAIT_1"}
{"do":"fault"}
{"do":"cut"}
{"do":"forget_keys"}
`

func TestEveryStepCanBeTaken(t *testing.T) {
	w := fakedc.NewDemo(fakedc.WorldOptions{})
	var out strings.Builder
	if err := w.Play(context.Background(), strings.NewReader(everyStep), &out); err != nil {
		t.Fatal(err)
	}
	steps := strings.Split(strings.TrimSpace(everyStep), "\n")
	for i, line := range strings.Split(strings.TrimSpace(out.String()), "\n") {
		var r fakedc.Result
		if err := json.Unmarshal([]byte(line), &r); err != nil || !r.OK {
			t.Errorf("%s: %s", steps[i], line)
		}
	}
}

func TestEveryStepIsExplained(t *testing.T) {
	source, err := os.ReadFile("step.go")
	if err != nil {
		t.Fatal(err)
	}
	explained := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^//\t([a-z_]+)  `).FindAllStringSubmatch(string(source), -1) {
		explained[m[1]] = true
	}
	taken := map[string]bool{}
	for _, m := range regexp.MustCompile(`"do":"([a-z_]+)"`).FindAllStringSubmatch(everyStep, -1) {
		taken[m[1]] = true
		if !explained[m[1]] {
			t.Errorf("%q is not explained", m[1])
		}
	}
	// These need something that the bot has sent; they have tests of their own.
	for _, name := range []string{"press", "choose", "vote"} {
		taken[name] = true
	}
	for name := range explained {
		if !taken[name] {
			t.Errorf("%q is explained and not taken", name)
		}
	}
}
