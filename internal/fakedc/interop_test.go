package fakedc_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"maps"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/gotd/td/crypto"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest"

	"github.com/f48b34c0/seen/internal/fakedc"
)

// Clients that nobody here wrote sign in as a bot: gogram, mtcute and GramJS.
// `make interop` installs and runs them; each is told where the server is and
// what its key is, and knows no other address.
//
// A client is a program of its own in a folder of interop. It reads its place in
// the world from the environment, says a line of JSON for each thing that it has
// done, and exits with 0:
//
//   - {"ready": ID} after signing in as the bot ID
//   - {"heard": TEXT, "from": ID} for the first message
//   - {"resolved": ID} for the name "carol"
//   - {"sent": ID} for the message "hello Ann" with a mention of Ann by id
//
// With FAKEDC_DECODE=N in the environment it makes N calls of help.getNearestDc
// instead, and says whatever it has decoded once more as it would encode it:
//
//   - {"again": BYTES} in hexadecimal
//   - or {"decoded": OBJECT}, see Shows, where it has no encoder for that

// said is one line of a client.
type said struct {
	Ready    int64  `json:"ready"`
	Heard    string `json:"heard"`
	From     int64  `json:"from"`
	Resolved int64  `json:"resolved"`
	Sent     int    `json:"sent"`
	Again    string `json:"again"`
	Decoded  any    `json:"decoded"`
}

func TestGogramIsABot(t *testing.T) {
	t.Parallel()
	tell(t, gogram(t), aNetwork)
}

func TestGogramDecodesItsLayer(t *testing.T) {
	t.Parallel()
	decode(t, 220, gogram(t), aNetwork)
}

// aNetwork is one on which something takes time: gogram drops an answer that is there
// before it waits for it.
var aNetwork = fakedc.Step{Do: "fault", Method: "network", For: "20ms"}

func gogram(t *testing.T) *exec.Cmd {
	t.Helper()
	wanted(t)
	bin := filepath.Join(t.TempDir(), "gogram")
	build := exec.Command("go", "build", "-o", bin, ".")
	build.Dir = filepath.Join("interop", "gogram")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v: %s", err, out)
	}
	return exec.Command(bin)
}

func TestMtcuteIsABot(t *testing.T) {
	t.Parallel()
	tell(t, node(t, "mtcute"))
}

func TestMtcuteDecodesItsLayer(t *testing.T) {
	t.Parallel()
	decode(t, 227, node(t, "mtcute"))
}

func TestGramJSDecodesItsLayer(t *testing.T) {
	t.Parallel()
	decode(t, 198, node(t, "gramjs"))
}

func TestGramJSIsABot(t *testing.T) {
	t.Parallel()
	tell(t, node(t, "gramjs"))
}

func TestTelethonIsABot(t *testing.T) {
	t.Parallel()
	tell(t, telethon(t))
}

func TestTelethonDecodesItsLayer(t *testing.T) {
	t.Parallel()
	decode(t, 144, telethon(t))
}

// telethon is of Debian: the package index that has newer ones is not in reach.
func telethon(t *testing.T) *exec.Cmd {
	t.Helper()
	wanted(t)
	const python = "/usr/bin/python3"
	if out, err := exec.Command(python, "-c", "import telethon").CombinedOutput(); err != nil {
		t.Skipf("python3-telethon is not installed: %v: %s", err, out)
	}
	cmd := exec.Command(python, "client.py")
	cmd.Dir = filepath.Join("interop", "telethon")
	return cmd
}

// wanted skips the test where `make interop` has not installed the clients.
func wanted(t *testing.T) {
	t.Helper()
	if os.Getenv("SEEN_INTEROP") == "" {
		t.Skip("`make interop` installs the clients and runs this")
	}
}

func node(t *testing.T, client string) *exec.Cmd {
	t.Helper()
	wanted(t)
	client = filepath.Join("interop", client)
	if _, err := os.Stat(filepath.Join(client, "node_modules")); err != nil {
		t.Fatalf("%s is not installed: %v", client, err)
	}
	cmd := exec.Command("node", "client.mjs")
	cmd.Dir = client
	return cmd
}

// stage is a server for one client, and the client's process before it starts.
type stage struct {
	ctx   context.Context
	world *fakedc.World
	run   *exec.Cmd
	out   io.Reader
}

// set starts a server, lets happen what comes before, and tells the client's program
// where to find it.
func set(t *testing.T, cmd *exec.Cmd, before ...fakedc.Step) *stage {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*patience)
	t.Cleanup(cancel)
	key, err := interopKey()
	if err != nil {
		t.Fatal(err)
	}
	s := &stage{ctx: ctx, world: fakedc.NewDemo(fakedc.WorldOptions{})}
	server, err := fakedc.Start(ctx, fakedc.Options{World: s.world, Key: key, Logger: zaptest.NewLogger(t, zaptest.Level(zap.InfoLevel))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	for _, step := range before {
		if _, err := s.world.Do(ctx, step); err != nil {
			t.Fatal(err)
		}
	}
	host, port, err := net.SplitHostPort(server.Addr())
	if err != nil {
		t.Fatal(err)
	}
	block := &pem.Block{Type: "RSA PUBLIC KEY", Bytes: x509.MarshalPKCS1PublicKey(&key.PublicKey)}
	s.run = exec.CommandContext(ctx, cmd.Path, cmd.Args[1:]...)
	s.run.Dir = cmd.Dir
	s.run.Stderr = os.Stderr
	s.run.Env = append(
		os.Environ(),
		"FAKEDC_HOST="+host, "FAKEDC_PORT="+port, "FAKEDC_DC="+strconv.Itoa(server.DC()),
		"FAKEDC_TOKEN="+fakedc.DemoToken,
		"FAKEDC_KEY="+string(pem.EncodeToMemory(block)),
		"FAKEDC_MODULUS="+key.N.String(), "FAKEDC_EXPONENT="+strconv.Itoa(key.E),
		"FAKEDC_FINGERPRINT="+strconv.FormatInt(crypto.RSAFingerprint(&key.PublicKey), 10),
	)
	if s.out, err = s.run.StdoutPipe(); err != nil {
		t.Fatal(err)
	}
	return s
}

// hear runs the client and gives every line of JSON that it says to say.
func (s *stage) hear(t *testing.T, say func(said)) {
	t.Helper()
	if err := s.run.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(s.out)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var one said
		if err := json.Unmarshal(lines.Bytes(), &one); err != nil {
			t.Logf("client: %s", lines.Text())
			continue
		}
		say(one)
	}
	if err := s.run.Wait(); err != nil {
		t.Errorf("client: %v, calls %v", err, s.world.Calls())
	}
}

// tell runs the story that every client has to follow, after what comes before.
func tell(t *testing.T, cmd *exec.Cmd, before ...fakedc.Step) {
	s := set(t, cmd, before...)
	var all said
	s.hear(t, func(one said) {
		merge(&all, one)
		if one.Ready == 0 {
			return
		}
		// A bot that signs in hears what comes after.
		if _, err := s.world.Do(s.ctx, fakedc.Step{Do: "start", Who: "ann"}); err != nil {
			t.Error(err)
		}
	})
	if want := (said{Ready: fakedc.DemoBotID, Heard: "/start", From: 1001, Resolved: 1003, Sent: all.Sent}); !cmp.Equal(all, want) || all.Sent == 0 {
		t.Errorf("client said %+v, want %+v", all, want)
	}
	kept := s.world.Messages("ann")
	if len(kept) != 2 {
		t.Fatalf("Ann's messages are %+v, want hers and one of the bot", kept)
	}
	last := kept[1]
	if got := fmt.Sprint(last.Text, last.Entities); got != fmt.Sprint("hello Ann", []fakedc.StoredEntity{
		{Type: "text_mention", Offset: 6, Length: 3, UserID: 1001},
	}) {
		t.Errorf("Ann got %s", got)
	}
}

// decode lets a client read everything that the server says in its layer, as the
// answer to a call that has another one, and holds what the client makes of it
// against the goldens. They come twice: gogram loses an answer now and then.
func decode(t *testing.T, layer int, cmd *exec.Cmd, before ...fakedc.Step) {
	t.Helper()
	goldens, err := fakedc.Goldens(layer)
	if err != nil {
		t.Fatal(err)
	}
	s := set(t, cmd, before...)
	names := slices.Sorted(maps.Keys(goldens))
	bodies := make([][]byte, len(names))
	for i, name := range names {
		bodies[i] = goldens[name]
	}
	fakedc.AnswerWith(s.world, "help.getNearestDc", bodies)
	s.run.Env = append(s.run.Env, "FAKEDC_DECODE="+strconv.Itoa(2*len(bodies)+4))
	again, shown := map[string]bool{}, []any{}
	s.hear(t, func(one said) {
		if b, err := hex.DecodeString(one.Again); err == nil && len(b) > 0 {
			again[string(b)] = true
		}
		if one.Decoded != nil {
			shown = append(shown, one.Decoded)
		}
	})
	decoded := map[string][]byte{}
	for name, body := range goldens {
		if again[string(body)] || slices.ContainsFunc(shown, func(v any) bool { return fakedc.Shows(layer, body, v) }) {
			decoded[name] = body
		} else {
			t.Errorf("layer %d: the client did not decode %s: %x", layer, name, body)
		}
	}
	if os.Getenv("SEEN_GOLDENS") == "write" {
		if err := fakedc.WriteGoldens(layer, decoded); err != nil {
			t.Fatal(err)
		}
	}
	written, err := fakedc.ReadGoldens(layer)
	if err != nil {
		t.Fatal(err)
	}
	for name, body := range written {
		if !bytes.Equal(decoded[name], body) {
			t.Errorf("layer %d: %s is golden, and the client did not decode it", layer, name)
		}
	}
}

func merge(all *said, s said) {
	all.Ready += s.Ready
	all.Heard += s.Heard
	all.From += s.From
	all.Resolved += s.Resolved
	all.Sent += s.Sent
}

// interopKey draws a key whose fingerprint does not begin with a zero: mtcute
// 0.30 compares fingerprints in hexadecimal and leaves leading zeros out on one
// side, so that it does not find one key in sixteen.
func interopKey() (*rsa.PrivateKey, error) {
	for {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil || uint64(crypto.RSAFingerprint(&key.PublicKey)) >= 1<<60 {
			return key, err
		}
	}
}
