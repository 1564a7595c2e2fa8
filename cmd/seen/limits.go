package main

import (
	"math"
	"strconv"
	"time"

	"github.com/spf13/pflag"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/internal/bot"
)

// limits are how much the bot asks and how fast it sends. On the command line 0
// is no limit.
type limits struct {
	lookups, total, chat, burst, group number
	patience                           number
}

// number is a flag's value that knows whether it was given.
type number struct {
	text  string
	given bool
	read  func(text string) (float64, bool)
}

func (n *number) String() string { return n.text }
func (n *number) Type() string   { return "number" }

func (n *number) Set(text string) error {
	if _, ok := n.read(text); !ok {
		return answer.Errorf(answer.Usage, "%q is not what it should be", text)
	}
	n.text, n.given = text, true
	return nil
}

func (n *number) value() float64 {
	v, _ := n.read(n.text)
	return v
}

func count(text string) (float64, bool) {
	v, err := strconv.ParseUint(text, 10, 31)
	return float64(v), err == nil
}

func measure(text string) (float64, bool) {
	v, err := strconv.ParseFloat(text, 64)
	return v, err == nil && v >= 0 && !math.IsInf(v, 0) && !math.IsNaN(v)
}

func duration(text string) (float64, bool) {
	v, err := time.ParseDuration(text)
	return v.Seconds(), err == nil && v >= 0
}

func newLimits() limits {
	return limits{
		lookups:  number{text: "200", read: count},
		total:    number{text: "30", read: measure},
		chat:     number{text: "1", read: measure},
		burst:    number{text: "3", read: count},
		group:    number{text: "20", read: count},
		patience: number{text: "5s", read: duration},
	}
}

func (l *limits) addLookups(flags *pflag.FlagSet) {
	flags.Var(&l.lookups, "lookups-per-day", "look up at most this `number` of usernames in 24 hours, 0 for any (SEEN_LOOKUPS_PER_DAY)")
	flags.Var(&l.patience, "flood-wait", "wait up to this `time` by itself when Telegram asks for it (SEEN_FLOOD_WAIT)")
}

func (l *limits) addPace(flags *pflag.FlagSet) {
	flags.Var(&l.total, "rate", "send at most this `number` of messages a second, 0 for any (SEEN_RATE)")
	flags.Var(&l.chat, "chat-rate", "of these, to one chat (SEEN_CHAT_RATE)")
	flags.Var(&l.burst, "chat-burst", "this `number` at once to a chat that was quiet (SEEN_CHAT_BURST)")
	flags.Var(&l.group, "group-rate", "at most this `number` a minute to one group, 0 for any (SEEN_GROUP_RATE)")
}

// complete fills in from the environment what no flag gave.
func (l *limits) complete(env func(string) string) error {
	for _, from := range []struct {
		to         *number
		name, want string
	}{
		{&l.lookups, "SEEN_LOOKUPS_PER_DAY", "a whole number"},
		{&l.total, "SEEN_RATE", "a number"},
		{&l.chat, "SEEN_CHAT_RATE", "a number"},
		{&l.burst, "SEEN_CHAT_BURST", "a whole number"},
		{&l.group, "SEEN_GROUP_RATE", "a whole number"},
		{&l.patience, "SEEN_FLOOD_WAIT", "a time such as 5s"},
	} {
		value := env(from.name)
		if value == "" || from.to.given {
			continue
		}
		if from.to.Set(value) != nil {
			return answer.Errorf(answer.Usage, "%s is %q, and should be %s", from.name, value, from.want)
		}
	}
	return nil
}

// apply sets a bot's options, in which 0 is the default and less is no limit.
func (l *limits) apply(opts *bot.Options) {
	none := func(v float64) float64 {
		if v == 0 {
			return -1
		}
		return v
	}
	opts.LookupsPerDay = int(none(l.lookups.value()))
	opts.FloodPatience = time.Duration(none(l.patience.value()) * float64(time.Second))
	opts.Pace = bot.Pace{
		Total: none(l.total.value()), Chat: none(l.chat.value()),
		Burst: int(none(l.burst.value())), Group: int(none(l.group.value())),
	}
}
