package fakedc_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/gotd/td/session"
	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/internal/fakedc"
)

func openData(t *testing.T, dir string) *fakedc.Data {
	t.Helper()
	d, err := fakedc.OpenData(dir, fakedc.WorldOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestAClientGoesOnAfterARestartFromDisk(t *testing.T) {
	t.Parallel() // agrees on a key
	var (
		dir     = t.TempDir()
		storage = &session.StorageMemory{}
		d       = openData(t, dir)
	)
	start := func() *fakedc.Server {
		s, err := fakedc.Start(context.Background(), fakedc.Options{World: d.World, Key: d.Key, HandshakeTimeout: patience})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	s := start()
	c := connect(t, s, clientOptions{storage: storage})
	do(t, s, fakedc.Step{Do: "start", Who: "ann"})
	before, err := c.UpdatesGetState(c.ctx)
	if err != nil {
		t.Fatal(err)
	}
	hash := c.resolve("ann").AccessHash
	c.stop()
	do(t, s,
		fakedc.Step{Do: "wait", For: "1m"},
		fakedc.Step{Do: "write", Who: "ann", Text: "are you there?"},
		fakedc.Step{Do: "block", Who: "ann"},
		fakedc.Step{Do: "write", Who: "bob", Chat: "friends", Text: "hi all"})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	// Keep saves once more when it is told to end.
	ended, end := context.WithCancel(context.Background())
	end()
	if err := d.Keep(ended); err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}

	d = openData(t, dir)
	s = start()
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	c = connect(t, s, clientOptions{storage: storage})
	diff, err := c.UpdatesGetDifference(c.ctx, &tg.UpdatesGetDifferenceRequest{Pts: before.Pts, Qts: before.Qts, Date: before.Date})
	if err != nil {
		t.Fatal(err)
	}
	got := diff.(*tg.UpdatesDifference)
	if len(got.NewMessages) != 1 || got.NewMessages[0].(*tg.Message).Message != "are you there?" {
		t.Errorf("missed messages are %v", got.NewMessages)
	}
	if len(got.OtherUpdates) != 2 {
		t.Fatalf("other updates are %v", got.OtherUpdates)
	}
	if u, ok := got.OtherUpdates[0].(*tg.UpdateBotStopped); !ok || !u.Stopped {
		t.Errorf("first other update is %v", got.OtherUpdates[0])
	}
	if _, ok := got.OtherUpdates[1].(*tg.UpdateChannelTooLong); !ok {
		t.Errorf("second other update is %v", got.OtherUpdates[1])
	}
	if ann := c.resolve("ann"); ann.AccessHash != hash {
		t.Error("ann has another access hash")
	}
	if n := d.World.Calls()["auth.importBotAuthorization"]; n != 1 {
		t.Errorf("signed in %d times, want once", n)
	}
}

// Everything that a story can make is the same after a restart, and goes on the same.
func TestARestartChangesNothing(t *testing.T) {
	dir := t.TempDir()
	d := openData(t, dir)
	s := serve(t, d.World)
	c := connect(t, s, clientOptions{})
	do(t, s,
		fakedc.Step{Do: "person", Who: "eve", Username: "eve", Lang: "de", Phone: "888"},
		fakedc.Step{Do: "buy", Who: "eve", Username: "eve_two"},
		fakedc.Step{Do: "photo", Who: "eve", Hidden: true},
		fakedc.Step{Do: "chat", Chat: "news", Kind: "channel", Username: "news", Members: []string{"ann", "bot"}},
		fakedc.Step{Do: "write", Who: "ann", Chat: "news", Text: "first post"},
		fakedc.Step{Do: "promote", Who: "bob", Chat: "friends", Other: "bot", Rights: []string{"invite", "delete"}},
		fakedc.Step{Do: "ask", Who: "dave", Chat: "friends", Text: "please"},
		fakedc.Step{Do: "allow", Who: "carol", Reason: "domain", Text: "example.org"},
		fakedc.Step{Do: "contact", Who: "ann", Other: "eve"},
		fakedc.Step{Do: "forward", Who: "ann", From: "news", Message: 1},
		fakedc.Step{Do: "write", Who: "bob", Chat: "kitchen", Text: "soup"},
		fakedc.Step{Do: "edit", Who: "bob", Chat: "kitchen", Message: 4, Text: "Soup for Ann", Mention: "ann"},
		fakedc.Step{Do: "chat", Chat: "forum", Kind: "forum", Members: []string{"ann", "bob", "bot"}},
		fakedc.Step{Do: "topic", Who: "ann", Chat: "forum", Text: "Cats"},
		fakedc.Step{Do: "slowmode", Who: "ann", Chat: "forum", For: "1h"},
		fakedc.Step{Do: "write", Who: "bob", Chat: "forum", Topic: 2, Text: "meow"},
		fakedc.Step{Do: "topic", Who: "ann", Chat: "forum", Message: 2, Off: true},
		fakedc.Step{Do: "restrict", Who: "ann", Chat: "forum", Other: "bob", For: "1h"},
		fakedc.Step{Do: "ban", Who: "ann", Chat: "forum", Other: "dave"},
		fakedc.Step{Do: "boost", Who: "bob", Chat: "friends"},
		fakedc.Step{Do: "business", Who: "ann", Rights: []string{"reply"}},
		fakedc.Step{Do: "business_write", Who: "carol", Other: "ann", Text: "hi"},
		fakedc.Step{Do: "business_write", Who: "ann", Other: "carol", Text: "hello", Reply: 1},
		fakedc.Step{Do: "chat", Chat: "away", Kind: "supergroup", Members: []string{"ann"}},
		fakedc.Step{Do: "guest", Who: "ann", Chat: "away", Text: "what is this?"},
		fakedc.Step{Do: "whisper", Who: "ann", Chat: "kitchen", Text: "psst"},
		fakedc.Step{Do: "inline", Who: "bob", Chat: "friends", Text: "cats"},
		fakedc.Step{Do: "group_privacy", Who: "bot"},
		fakedc.Step{Do: "wait", For: "2m"})
	var photo bytes.Buffer
	if err := png.Encode(&photo, image.NewRGBA(image.Rect(0, 0, 4, 3))); err != nil {
		t.Fatal(err)
	}
	if _, err := c.UploadSaveFilePart(c.ctx, &tg.UploadSaveFilePartRequest{FileID: 1, Bytes: photo.Bytes()}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.MessagesSendMedia(c.ctx, &tg.MessagesSendMediaRequest{
		Peer: friends, RandomID: 1, Message: "look",
		Media: &tg.InputMediaUploadedPhoto{File: &tg.InputFile{ID: 1, Parts: 1, Name: "a.png"}},
	}); err != nil {
		t.Fatal(err)
	}
	if err := d.Save(); err != nil {
		t.Fatal(err)
	}
	saved, err := os.ReadFile(filepath.Join(dir, "world.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	again := openData(t, dir)
	for _, chat := range []string{"friends", "kitchen", "news", "forum", "ann", "carol"} {
		if diff := cmp.Diff(d.World.Messages(chat), again.World.Messages(chat), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s: %s", chat, diff)
		}
	}
	if err := again.Save(); err != nil {
		t.Fatal(err)
	}
	resaved, err := os.ReadFile(filepath.Join(dir, "world.json"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(saved), string(resaved)); diff != "" {
		t.Error(diff)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		if mode := info.Mode().Perm(); !e.IsDir() && mode != 0o600 || e.IsDir() && mode != 0o700 {
			t.Errorf("%s has mode %o", e.Name(), mode)
		}
	}
}

func TestOneProcessHasAFolder(t *testing.T) {
	dir := t.TempDir()
	d := openData(t, dir)
	_, err := fakedc.OpenData(dir, fakedc.WorldOptions{})
	if want := fmt.Sprintf("%s is in use by process %d: stop it, or give each server a folder of its own", dir, os.Getpid()); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if err := openData(t, dir).Close(); err != nil {
		t.Error(err)
	}
}
