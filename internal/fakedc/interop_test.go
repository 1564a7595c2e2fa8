package fakedc_test

import (
	"bufio"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

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

// said is one line of a client.
type said struct {
	Ready    int64  `json:"ready"`
	Heard    string `json:"heard"`
	From     int64  `json:"from"`
	Resolved int64  `json:"resolved"`
	Sent     int    `json:"sent"`
}

func TestGogramIsABot(t *testing.T) {
	t.Parallel()
	wanted(t)
	bin := filepath.Join(t.TempDir(), "gogram")
	build := exec.Command("go", "build", "-o", bin, ".")
	build.Dir = filepath.Join("interop", "gogram")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v: %s", err, out)
	}
	// gogram drops an answer that is there before it waits for it. That takes a
	// network on which nothing takes time, which there is not.
	tell(t, exec.Command(bin), fakedc.Step{Do: "fault", Method: "network", For: "10ms"})
}

func TestMtcuteIsABot(t *testing.T) {
	t.Parallel()
	tell(t, node(t, "mtcute"))
}

func TestGramJSIsABot(t *testing.T) {
	t.Parallel()
	tell(t, node(t, "gramjs"))
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

// tell runs the story that every client has to follow, after what comes before.
func tell(t *testing.T, cmd *exec.Cmd, before ...fakedc.Step) {
	ctx, cancel := context.WithTimeout(t.Context(), 3*patience)
	defer cancel()
	key, err := interopKey()
	if err != nil {
		t.Fatal(err)
	}
	world := fakedc.NewDemo(fakedc.WorldOptions{})
	server, err := fakedc.Start(ctx, fakedc.Options{World: world, Key: key, Logger: zaptest.NewLogger(t, zaptest.Level(zap.InfoLevel))})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = server.Close() }()

	for _, step := range before {
		if _, err := world.Do(ctx, step); err != nil {
			t.Fatal(err)
		}
	}
	host, port, err := net.SplitHostPort(server.Addr())
	if err != nil {
		t.Fatal(err)
	}
	block := &pem.Block{Type: "RSA PUBLIC KEY", Bytes: x509.MarshalPKCS1PublicKey(&key.PublicKey)}
	run := exec.CommandContext(ctx, cmd.Path, cmd.Args[1:]...)
	run.Dir = cmd.Dir
	run.Stderr = os.Stderr
	run.Env = append(
		os.Environ(),
		"FAKEDC_HOST="+host, "FAKEDC_PORT="+port, "FAKEDC_DC="+strconv.Itoa(server.DC()),
		"FAKEDC_TOKEN="+fakedc.DemoToken,
		"FAKEDC_KEY="+string(pem.EncodeToMemory(block)),
		"FAKEDC_MODULUS="+key.N.String(), "FAKEDC_EXPONENT="+strconv.Itoa(key.E),
		"FAKEDC_FINGERPRINT="+strconv.FormatInt(crypto.RSAFingerprint(&key.PublicKey), 10),
	)
	out, err := run.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := run.Start(); err != nil {
		t.Fatal(err)
	}
	var all said
	for lines := bufio.NewScanner(out); lines.Scan(); {
		var s said
		if err := json.Unmarshal(lines.Bytes(), &s); err != nil {
			t.Logf("client: %s", lines.Text())
			continue
		}
		merge(&all, s)
		if s.Ready != 0 {
			// A bot that signs in hears what comes after.
			if _, err := world.Do(ctx, fakedc.Step{Do: "start", Who: "ann"}); err != nil {
				t.Error(err)
			}
		}
	}
	if err := run.Wait(); err != nil {
		t.Errorf("client: %v, calls %v", err, world.Calls())
	}
	if want := (said{Ready: fakedc.DemoBotID, Heard: "/start", From: 1001, Resolved: 1003, Sent: all.Sent}); all != want || all.Sent == 0 {
		t.Errorf("client said %+v, want %+v", all, want)
	}
	kept := world.Messages("ann")
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
