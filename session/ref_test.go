package session

import (
	"errors"
	"strings"
	"testing"
)

// Behavior C7, and C45 of its forms with id:.
func TestReferencesThatPeopleType(t *testing.T) {
	for _, tt := range []struct {
		in   string
		want Ref
	}{
		{"me", Ref{Self: true}},
		{"123", Ref{ID: UserID(123)}},
		{" id:123 ", Ref{ID: UserID(123)}},
		{"-123", Ref{ID: ChatID(123)}},
		{"-1001234", Ref{ID: ChatID(1001234)}},
		{"-1001234567890", Ref{ID: ChannelID(1234567890)}},
		{"-1997852516352", Ref{ID: ChannelID(997852516352)}},
		{"-2002147483649", Ref{ID: ChannelID(1002147483649)}},
		{"@Ann", Ref{Name: "Ann"}},
		{"Ann", Ref{Name: "Ann"}},
		{"@me", Ref{Name: "me"}},
		{"t.me/ann", Ref{Name: "ann"}},
		{"t.me/@ann", Ref{Name: "ann"}},
		{"https://telegram.me/ann?text=x", Ref{Name: "ann"}},
		{"http://T.ME/Ann/42#x", Ref{Name: "Ann"}},
		{"HTTPS://www.telegram.dog/ann", Ref{Name: "ann"}},
		{"ann.t.me", Ref{Name: "ann"}},
		{"https://ann.t.me/?start=x", Ref{Name: "ann"}},
		{"tg://resolve?domain=ann&start=x", Ref{Name: "ann"}},
		{"tg:resolve?domain=ann", Ref{Name: "ann"}},
		{"TG://user?id=1", Ref{ID: UserID(1)}},
		{"tg://user/?id=1", Ref{ID: UserID(1)}},
	} {
		got, err := ParseRef(tt.in)
		if err != nil || got != tt.want {
			t.Errorf("ParseRef(%q) = %+v, %v; want %+v", tt.in, got, err, tt.want)
		}
	}
	for _, in := range []string{
		"", " ", "@", "@1ann", "a b", "ann!", "@" + strings.Repeat("a", 33), "0", "-0", "id:x", "id:",
		"99999999999999999999", "1099511627776", "-1000000000000", "-1997852516353", "-4000000000001",
		"t.me", "t.me/", "t.me/+abcdef", "t.me/joinchat/abc", "t.me/c/123/4", "www.t.me", "a.t.me",
		"https://example.com/ann", "tg://resolve?phone=123", "tg://resolve", "tg://user?id=x", "tg://join?invite=x",
		"ann@example.com", "\xff", "ann\x00",
	} {
		if got, err := ParseRef(in); !errors.Is(err, ErrRef) {
			t.Errorf("ParseRef(%q) = %+v, %v; want ErrRef", in, got, err)
		}
	}
}

func TestBotAPIIdsBothWays(t *testing.T) {
	for _, tt := range []struct {
		id  ID
		api int64
	}{
		{UserID(1), 1},
		{UserID(1<<40 - 1), 1099511627775},
		{ChatID(1), -1},
		{ChatID(999999999999), -999999999999},
		{ChannelID(1), -1000000000001},
		{ChannelID(997852516352), -1997852516352},
		{ChannelID(1002147483649), -2002147483649},
		{ChannelID(3000000000000), -4000000000000},
	} {
		if got := tt.id.BotAPI(); got != tt.api {
			t.Errorf("%v.BotAPI() = %d, want %d", tt.id, got, tt.api)
		}
		if got, err := FromBotAPI(tt.api); err != nil || got != tt.id {
			t.Errorf("FromBotAPI(%d) = %v, %v; want %v", tt.api, got, err, tt.id)
		}
	}
	for _, n := range []int64{0, -1000000000000, 1 << 40, -1997852516353, -2002147483648, -4000000000001, -1 << 63, 1<<63 - 1} {
		if got, err := FromBotAPI(n); err == nil {
			t.Errorf("FromBotAPI(%d) = %v, want an error", n, got)
		}
	}
}

func FuzzParseRef(f *testing.F) {
	for _, s := range []string{"me", "-1001234567890", "@Ann", "https://t.me/ann?start=x", "tg://user?id=1", "ann.t.me"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		ref, err := ParseRef(s)
		if err != nil {
			return
		}
		again, err := ParseRef(ref.String())
		if err != nil || again != ref {
			t.Errorf("%q is %+v, which prints as %q, which is %+v, %v", s, ref, ref, again, err)
		}
	})
}
