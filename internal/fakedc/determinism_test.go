package fakedc_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/f48b34c0/seen/internal/fakedc"
)

// The same story makes the same ids and hashes in every run.
func TestAStoryIsTheSameInEveryRun(t *testing.T) {
	const story = `{"do":"person","who":"eve","username":"eve"}
{"do":"photo","who":"eve"}
{"do":"chat","chat":"den","text":"Den","members":["eve","bot"]}
{"do":"start","who":"eve","payload":"x"}
{"do":"inline","who":"eve","text":"cats"}
{"do":"ask","who":"carol","chat":"den"}
{"do":"approve","who":"eve","chat":"den","other":"carol"}
{"do":"crowd","count":20,"chat":"den","mix":true}
{"do":"react","who":"eve","chat":"den","message":1,"reaction":"!"}
{"do":"queries"}
{"do":"log","chat":"den"}
{"do":"stats"}
`
	run := func() (string, []byte) {
		w := fakedc.NewDemo(fakedc.WorldOptions{Clock: func() time.Time { return time.Unix(1767322800, 0) }})
		var out strings.Builder
		if err := w.Play(context.Background(), strings.NewReader(story), &out); err != nil {
			t.Fatal(err)
		}
		saved, err := fakedc.Encode(w)
		if err != nil {
			t.Fatal(err)
		}
		return out.String(), saved
	}
	said, world := run()
	if strings.Contains(said, "error") {
		t.Error(said)
	}
	saidAgain, worldAgain := run()
	if diff := cmp.Diff(said, saidAgain); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(string(world), string(worldAgain)); diff != "" {
		t.Error(diff)
	}
}
