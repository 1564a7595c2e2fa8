package fakedc

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// Data is a directory in which a world, and the key of its server, outlive the
// process. One process at a time may use it; a file called lock says which.
//
// It has key.pem, world.json and one file in files/ for each that was sent. All
// are readable by their owner only: auth keys are among them.
type Data struct {
	// World is what the directory had, or a new demo world.
	World *World
	// Key is for Options.
	Key *rsa.PrivateKey

	dir  string
	lock *lockFile
	// saved is the world's activity when it was last saved.
	saved activity
}

// activity grows with whatever may have changed a world.
type activity struct{ steps, calls, keys int }

// OpenData reads dir, or begins there with the demo world. The options' Secret is
// for a new world only. Close must be called when nobody uses the world any longer.
func OpenData(dir string, opts WorldOptions) (_ *Data, err error) {
	if err := os.MkdirAll(filepath.Join(dir, "files"), 0o700); err != nil {
		return nil, err
	}
	d := &Data{dir: dir}
	if d.lock, err = lockFolder(dir); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, d.Close())
		}
	}()
	if err := d.sweep(); err != nil {
		return nil, err
	}
	if d.Key, err = d.key(); err != nil {
		return nil, fmt.Errorf("server key: %w", err)
	}
	data, err := os.ReadFile(d.path("world.json"))
	switch {
	case errors.Is(err, os.ErrNotExist):
		d.World = NewDemo(opts)
	case err != nil:
		return nil, err
	default:
		if d.World, err = restoreWorld(data, opts); err != nil {
			return nil, fmt.Errorf("%s: %w", d.path("world.json"), err)
		}
	}
	for id, f := range d.World.files {
		if f.data, err = os.ReadFile(d.filePath(id)); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// Keep saves the world once a second while something happens in it, until ctx
// ends, and then once more. Whoever serves the world closes the server first.
func (d *Data) Keep(ctx context.Context) error {
	every := time.NewTicker(time.Second)
	defer every.Stop()
	// A call is counted before it has its effect, so the first quiet second is saved
	// as well.
	settled := false
	for {
		select {
		case <-ctx.Done():
			return d.Save()
		case <-every.C:
			quiet := d.World.activity() == d.saved
			if quiet && settled {
				continue
			}
			settled = quiet
			if err := d.Save(); err != nil {
				return err
			}
		}
	}
}

// Close lets another process use the directory. It saves nothing.
func (d *Data) Close() error { return d.lock.Close() }

// Save writes the world as it is now.
func (d *Data) Save() error {
	// Taken before: what happens meanwhile is saved the next time.
	now := d.World.activity()
	data, err := d.World.encodeSnapshot()
	if err != nil {
		return fmt.Errorf("save world: %w", err)
	}
	// Taken after: whatever file the snapshot names is among them.
	for id, data := range d.World.contents() {
		if _, err := os.Stat(d.filePath(id)); err == nil {
			continue
		}
		if err := replaceFile(d.filePath(id), data); err != nil {
			return fmt.Errorf("save file: %w", err)
		}
	}
	if err := replaceFile(d.path("world.json"), data); err != nil {
		return fmt.Errorf("save world: %w", err)
	}
	d.saved = now
	return nil
}

// sweep takes away what a process that was killed has left half written.
func (d *Data) sweep() error {
	for _, pattern := range []string{"*.tmp", "files/*.tmp"} {
		left, err := filepath.Glob(d.path(pattern))
		if err != nil {
			return err
		}
		for _, path := range left {
			if err := os.Remove(path); err != nil {
				return err
			}
		}
	}
	return nil
}

func (d *Data) path(name string) string { return filepath.Join(d.dir, name) }

func (d *Data) filePath(id int64) string {
	return filepath.Join(d.dir, "files", strconv.FormatUint(uint64(id), 16))
}

// key is the server's, made when there is none. Clients trust a server by it.
func (d *Data) key() (*rsa.PrivateKey, error) {
	const kind = "RSA PRIVATE KEY"
	data, err := os.ReadFile(d.path("key.pem"))
	if err == nil {
		block, _ := pem.Decode(data)
		if block == nil || block.Type != kind {
			return nil, fmt.Errorf("%s is no key", d.path("key.pem"))
		}
		return x509.ParsePKCS1PrivateKey(block.Bytes)
	}
	if !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, err
	}
	return key, replaceFile(d.path("key.pem"), pem.EncodeToMemory(&pem.Block{
		Type: kind, Bytes: x509.MarshalPKCS1PrivateKey(key),
	}))
}

// replaceFile leaves either the old file or the new one. CreateTemp makes files of
// mode 0600.
func replaceFile(path string, data []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*.tmp")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	_, err = f.Write(data)
	err = errors.Join(err, f.Sync(), f.Close())
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

func (w *World) activity() activity {
	x := activity{calls: w.calls.total(), keys: w.keys.count()}
	w.mu.Lock()
	defer w.mu.Unlock()
	x.steps = w.steps
	return x
}

// contents are the bytes of all files. They do not change.
func (w *World) contents() map[int64][]byte {
	w.mu.Lock()
	defer w.mu.Unlock()
	all := make(map[int64][]byte, len(w.files))
	for id, f := range w.files {
		all[id] = f.data
	}
	return all
}

func (k *keyring) count() (n int) {
	k.each(func(*authKey) { n++ })
	return n
}
