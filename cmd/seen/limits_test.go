package main

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/pflag"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/internal/bot"
)

// waiting are the options of a bot that the flags and the environment make.
func waiting(t *testing.T, args []string, env map[string]string) (bot.Options, error) {
	t.Helper()
	l := newLimits()
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	l.addLookups(flags)
	l.addPace(flags)
	if err := flags.Parse(args); err != nil {
		return bot.Options{}, err
	}
	if err := l.complete(func(name string) string { return env[name] }); err != nil {
		return bot.Options{}, err
	}
	var opts bot.Options
	l.apply(&opts)
	return opts, nil
}

func TestLimitsComeFromFlagsThenTheEnvironmentThenTelegram(t *testing.T) {
	type env = map[string]string
	usual := bot.Options{
		LookupsPerDay: 200, FloodPatience: 5 * time.Second,
		Pace: bot.Pace{Total: 30, Chat: 1, Burst: 3, Group: 20},
	}
	with := func(edit func(*bot.Options)) bot.Options {
		o := usual
		edit(&o)
		return o
	}
	for _, tt := range []struct {
		args []string
		env  env
		want bot.Options
	}{
		{nil, nil, usual},
		{[]string{"--lookups-per-day", "50"}, nil, with(func(o *bot.Options) { o.LookupsPerDay = 50 })},
		{nil, env{"SEEN_LOOKUPS_PER_DAY": "50"}, with(func(o *bot.Options) { o.LookupsPerDay = 50 })},
		{[]string{"--lookups-per-day", "50"}, env{"SEEN_LOOKUPS_PER_DAY": "60"}, with(func(o *bot.Options) { o.LookupsPerDay = 50 })},
		{[]string{"--lookups-per-day", "0"}, env{"SEEN_LOOKUPS_PER_DAY": "60"}, with(func(o *bot.Options) { o.LookupsPerDay = -1 })},
		{[]string{"--flood-wait", "1m"}, nil, with(func(o *bot.Options) { o.FloodPatience = time.Minute })},
		{[]string{"--flood-wait", "0s"}, nil, with(func(o *bot.Options) { o.FloodPatience = -time.Second })},
		{
			[]string{"--rate", "0", "--chat-rate", "0.5", "--chat-burst", "1", "--group-rate", "0"},
			nil,
			with(func(o *bot.Options) { o.Pace = bot.Pace{Total: -1, Chat: 0.5, Burst: 1, Group: -1} }),
		},
		{
			nil,
			env{"SEEN_RATE": "10", "SEEN_CHAT_RATE": "0", "SEEN_CHAT_BURST": "5", "SEEN_GROUP_RATE": "18", "SEEN_FLOOD_WAIT": "500ms"},
			bot.Options{LookupsPerDay: 200, FloodPatience: time.Second / 2, Pace: bot.Pace{Total: 10, Chat: -1, Burst: 5, Group: 18}},
		},
	} {
		got, err := waiting(t, tt.args, tt.env)
		if d := cmp.Diff(tt.want.Pace, got.Pace); err != nil || d != "" ||
			got.LookupsPerDay != tt.want.LookupsPerDay || got.FloodPatience != tt.want.FloodPatience {
			t.Errorf("%v %v: %+v, %v\n%s", tt.args, tt.env, got, err, d)
		}
	}
}

func TestLimitsThatAreNoNumbersAreRefused(t *testing.T) {
	for flag, values := range map[string][]string{
		"lookups-per-day": {"", "many", "-1", "1.5", "99999999999"},
		"rate":            {"fast", "-1", "NaN", "Inf"},
		"chat-rate":       {"-0.1"},
		"chat-burst":      {"1.5"},
		"group-rate":      {"20/min"},
		"flood-wait":      {"5", "-5s", "soon"},
	} {
		for _, value := range values {
			if _, err := waiting(t, []string{"--" + flag + "=" + value}, nil); err == nil {
				t.Errorf("--%s %q is taken", flag, value)
			}
		}
	}
	for name, value := range map[string]string{"SEEN_RATE": "fast", "SEEN_FLOOD_WAIT": "5", "SEEN_GROUP_RATE": "-20"} {
		if _, err := waiting(t, nil, map[string]string{name: value}); err == nil || answer.From(err).Code != answer.Usage {
			t.Errorf("%s=%s: %v", name, value, err)
		}
	}
}
