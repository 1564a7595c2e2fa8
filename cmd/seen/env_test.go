package main

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/f48b34c0/seen/internal/answer"
)

func TestTheSessionFileHasAPlace(t *testing.T) {
	for name, row := range map[string]struct {
		env  map[string]string
		flag string
		want string
	}{
		"a flag":           {map[string]string{"SESSION_FILE": "/e", "HOME": "/h"}, "/f", "/f"},
		"a variable":       {map[string]string{"SESSION_FILE": "/e", "STATE_DIRECTORY": "/s"}, "", "/e"},
		"systemd":          {map[string]string{"STATE_DIRECTORY": "/s:/t", "XDG_STATE_HOME": "/x"}, "", "/s/bot.session"},
		"XDG":              {map[string]string{"XDG_STATE_HOME": "/x", "HOME": "/h"}, "", "/x/seen/bot.session"},
		"XDG, not a place": {map[string]string{"XDG_STATE_HOME": "x", "HOME": "/h"}, "", "/h/.local/state/seen/bot.session"},
		"home":             {map[string]string{"HOME": "/h"}, "", "/h/.local/state/seen/bot.session"},
		"nowhere":          {nil, "", "bot.session"},
	} {
		s := settings{session: row.flag, dcID: 2}
		if err := s.complete(func(key string) string { return row.env[key] }); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if s.session != row.want || s.socket != row.want+".sock" {
			t.Errorf("%s: got %s and %s, want %s", name, s.session, s.socket, row.want)
		}
	}
}

func TestBothFormsOfAPublicKeyAreRead(t *testing.T) {
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	pkix, err := x509.MarshalPKIXPublicKey(&private.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	one, two := filepath.Join(dir, "one"), filepath.Join(dir, "two")
	if err := writeKey(one, &private.PublicKey); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(two, pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: pkix}), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{one, two} {
		key, err := readKey(path)
		if err != nil || !key.Equal(&private.PublicKey) {
			t.Errorf("%s: got %v, %v", path, key, err)
		}
	}
}

func TestATokenIsNeverRepeated(t *testing.T) {
	for _, bad := range []string{"12:short", "no-number-secret:AAAAAAAAAAAAAAAAAAAAAAAA", "12:AAAAAAAAAAAAAAAAAAAAAAAA secret"} {
		_, err := token(func(key string) string { return map[string]string{"BOT_TOKEN": bad}[key] })
		if answer.From(err).Code != answer.Usage || strings.Contains(err.Error()+answer.From(err).Hint, bad) {
			t.Errorf("%s: got %v", bad, err)
		}
	}
}
