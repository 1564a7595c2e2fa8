package session

import (
	"strings"
	"testing"
)

// telegram-rules.md section 6: a payload is up to 64 of A-Za-z0-9_-, and people
// can type anything.
func TestStartsThatPeopleType(t *testing.T) {
	long := strings.Repeat("a", 64)
	for _, tt := range []struct {
		text, payload, bot string
		ok                 bool
	}{
		{"/start", "", "", true},
		{"/start promo", "promo", "", true},
		{"/start  promo ", "promo", "", true},
		{"/start\npromo", "promo", "", true},
		{"/start@seen_demo_bot", "", "seen_demo_bot", true},
		{"/start@seen_demo_bot promo", "promo", "seen_demo_bot", true},
		{"/start a-Z_9", "a-Z_9", "", true},
		{"/start " + long, long, "", true},
		{"/start " + long + "a", "", "", true},
		{"/start two words", "", "", true},
		{"/start ünicode", "", "", true},
		{"/start a=b", "", "", true},
		{"/start@", "", "", false},
		{"/start@two@names", "", "", false},
		{"/started", "", "", false},
		{"/START", "", "", false},
		{"start", "", "", false},
		{"hello /start", "", "", false},
		{"", "", "", false},
	} {
		got, ok := ParseStart(tt.text)
		if got != (Start{tt.payload, tt.bot}) || ok != tt.ok {
			t.Errorf("ParseStart(%q) = %+v, %v; want %q, %q, %v", tt.text, got, ok, tt.payload, tt.bot, tt.ok)
		}
	}
}
