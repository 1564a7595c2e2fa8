package bot

import (
	"strings"
	"testing"
)

// telegram-rules.md section 6: a payload is up to 64 of A-Za-z0-9_-, and people
// can type anything.
func TestPayloadOfStart(t *testing.T) {
	long := strings.Repeat("a", 64)
	for _, tt := range []struct {
		text, payload string
		ok            bool
	}{
		{"/start", "", true},
		{"/start promo", "promo", true},
		{"/start  promo ", "promo", true},
		{"/start@seen_demo_bot promo", "promo", true},
		{"/start " + long, long, true},
		{"/start " + long + "a", "", true},
		{"/start two words", "", true},
		{"/start ünicode", "", true},
		{"/started", "", false},
		{"start", "", false},
		{"hello /start", "", false},
		{"", "", false},
	} {
		if payload, ok := startPayload(tt.text); payload != tt.payload || ok != tt.ok {
			t.Errorf("startPayload(%q) = %q, %v; want %q, %v", tt.text, payload, ok, tt.payload, tt.ok)
		}
	}
}
