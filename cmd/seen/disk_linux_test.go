package main

import (
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"unsafe"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/internal/fakedc"
)

// room is a disk that a victim's session file is on. It can be filled, and have
// room again, while the daemon runs.
type room interface {
	fill()
	free()
	// name is what the daemon calls a full one.
	name() string
}

// limited is the bound on the size of files that a process may write: real write
// errors in the middle of a transaction, and nobody has to be root for them.
type limited struct{ d *victim }

func (l limited) name() string { return "file too large" }

// fill leaves room for the first pages of the file.
func (l limited) fill() { l.set(64 << 10) }

func (l limited) free() { l.set(^uint64(0)) }

func (l limited) set(bytes uint64) {
	var now syscall.Rlimit
	l.call(nil, &now)
	now.Cur = min(bytes, now.Max)
	l.call(&now, nil)
}

func (l limited) call(set, get *syscall.Rlimit) {
	_, _, errno := syscall.RawSyscall6(syscall.SYS_PRLIMIT64, uintptr(l.d.cmd.Process.Pid),
		syscall.RLIMIT_FSIZE, uintptr(unsafe.Pointer(set)), uintptr(unsafe.Pointer(get)), 0, 0)
	if errno != 0 {
		l.d.t.Fatal("prlimit: ", errno)
	}
}

func diskMishaps() []mishap { return []mishap{{"and its disk fills up", fillUp}} }

// fillUp fills the disk of a victim, or makes room.
func fillUp(d *victim, random *rand.Rand) {
	disk := limited{d}
	if random.IntN(2) == 0 {
		disk.fill()
	} else {
		disk.free()
	}
}

// small is a file system in memory with room for a few people.
type small struct {
	d   *victim
	dir string
}

func onSmallDisk(d *victim) small {
	d.t.Helper()
	dir := d.t.TempDir()
	err := syscall.Mount("seen", dir, "tmpfs", 0, "size=24m,mode=0700")
	if err == syscall.EPERM {
		d.t.Skip("mounting a small file system takes a right that this user does not have")
	}
	if err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			d.t.Error(err)
		}
	})
	d.file = filepath.Join(dir, "bot.session")
	return small{d, dir}
}

func (s small) name() string { return "no space left on device" }

func (s small) fill() {
	f, err := os.Create(filepath.Join(s.dir, "filler"))
	if err != nil {
		s.d.t.Fatal(err)
	}
	block := make([]byte, 4096)
	for err == nil {
		_, err = f.Write(block)
	}
	if err := f.Close(); err != nil {
		s.d.t.Fatal(err)
	}
}

func (s small) free() {
	if err := os.Remove(filepath.Join(s.dir, "filler")); err != nil {
		s.d.t.Fatal(err)
	}
}

// A disk that is full for a while: the bot goes on and tells, and when there is
// room again everything gets written. A call that shows nobody new is answered as
// ever; one that does says that the book does not have them yet.
func TestFullDiskIsSurvived(t *testing.T) {
	for _, kind := range []string{"a limit on files", "a small disk"} {
		t.Run(kind, func(t *testing.T) {
			d := newVictim(t, nil)
			d.flags = []string{"--rate", "0", "--chat-rate", "0"} // everybody is greeted
			var disk room = limited{d}
			if kind == "a small disk" {
				disk = onSmallDisk(d)
			}
			d.run()
			d.do(fakedc.Step{Do: "write", Who: "ann", Text: "hello"})
			d.until("ann", func(st answer.Status) bool { return st.Peers.Users >= 2 })

			disk.fill()
			d.do(fakedc.Step{Do: "crowd", Count: 3000})
			d.do(fakedc.Step{Do: "start", Who: "bob"})
			st := d.until("trouble", func(st answer.Status) bool { return st.File.Trouble != nil && st.Updates.Sightings >= 3000 })
			if why := st.File.Trouble; !strings.Contains(why.Reason, disk.name()) || why.Waiting == 0 {
				t.Errorf("the trouble is %+v", why)
			}
			if out, err := d.seen("status"); err != nil || !strings.Contains(string(out), disk.name()) {
				t.Errorf("status: %s, %v", out, err)
			}
			if out, err := d.seen("resolve", "--cached-only", "@user003000"); err != nil {
				t.Errorf("somebody who came meanwhile: %s, %v", out, err)
			}
			if out, err := d.seen("send", "@ann", "the disk is full"); err != nil {
				t.Errorf("send to somebody known: %s, %v", out, err)
			}
			_, err := d.seen("resolve", "@carol")
			if failed, ok := errors.AsType[*exec.ExitError](err); !ok || !strings.Contains(string(failed.Stderr), "session file cannot be written") {
				t.Errorf("a look-up cannot be charged, and is made: %v, %s", err, failed.Stderr)
			}
			if n := d.do(fakedc.Step{Do: "sent", Who: "bob"}).Count; n != 0 {
				t.Errorf("bob was greeted %d times, and nobody could remember it", n)
			}

			disk.free()
			d.until("written", func(st answer.Status) bool {
				return st.File.Trouble == nil && st.Peers.Users >= 3003 && st.Outbox == 0
			})
			if told, over := d.said("kept in memory"), d.said("is written again"); told != 1 || over != 1 {
				t.Errorf("the log tells of the trouble %d times, and of its end %d times", told, over)
			}
			if n := d.do(fakedc.Step{Do: "sent", Who: "bob"}).Count; n != 1 {
				t.Errorf("bob was greeted %d times", n)
			}
			d.kill()
			if n := d.check(); n < 3002 {
				t.Errorf("the stored state covers %d updates", n)
			}
		})
	}
}

// A disk that stays full: the bot stops and says what to do, and the next one
// fetches what this one could not keep.
func TestBotStopsOnADiskThatStaysFull(t *testing.T) {
	d := newVictim(t, nil)
	d.run() // to sign in
	d.kill()
	d.flags = []string{"--write-patience", "1s", "--rate", "0", "--chat-rate", "0"}
	d.run()
	limited{d}.fill()
	d.do(fakedc.Step{Do: "start", Who: "ann"})
	d.do(fakedc.Step{Do: "crowd", Count: 3000})
	if status := d.ends(); status != 1 {
		t.Errorf("exit status %d", status)
	}
	for _, line := range []string{
		"seen: session file cannot be written: ", ": file too large (tried for ",
		"seen: hint: raise the limit on the size of files (ulimit -f); start again then",
	} {
		if d.said(line) != 1 {
			t.Errorf("%q was said %d times", line, d.said(line))
		}
	}
	d.check()
	d.run()
	d.until("everybody", func(st answer.Status) bool { return st.Peers.Users >= 3002 && st.Outbox == 0 })
	if n := d.do(fakedc.Step{Do: "sent", Who: "ann"}).Count; n != 1 {
		t.Errorf("ann was greeted %d times", n)
	}
	d.kill()
	d.check()
}

// A file or a folder that cannot be written is refused at once, and left as it is.
func TestReadOnlyFileIsRefused(t *testing.T) {
	for _, tt := range []struct {
		name         string
		file, folder os.FileMode
	}{
		{"file", 0o400, 0o700},
		{"folder without a file", 0, 0o500},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := newVictim(t, nil)
			dir := filepath.Dir(d.file)
			if tt.file != 0 {
				d.run()
				d.kill()
				if err := os.Chmod(d.file, tt.file); err != nil {
					t.Fatal(err)
				}
			}
			before, _ := os.ReadFile(d.file) // none is none
			d.asNobody()
			if err := os.Chmod(dir, tt.folder); err != nil {
				t.Fatal(err)
			}
			d.start()
			if status := d.ends(); status != 1 {
				t.Errorf("exit status %d", status)
			}
			if d.said("permission denied") != 1 || d.said("seen: hint: the file and its folder must be yours") != 1 {
				t.Error("it does not say that it may not write")
			}
			if after, _ := os.ReadFile(d.file); string(after) != string(before) {
				t.Error("the file was changed")
			}
		})
	}
}

// asNobody gives the victim to another user if this one is root, to whom
// everything is writable.
func (d *victim) asNobody() {
	d.t.Helper()
	if os.Getuid() != 0 {
		return
	}
	const nobody = 65534
	seen, err := exec.LookPath("seen")
	if err != nil {
		d.t.Fatal(err)
	}
	err = errors.Join(
		os.Chmod(d.key, 0o644), reachable(filepath.Dir(seen)), reachable(filepath.Dir(filepath.Dir(d.file))),
		os.Chown(filepath.Dir(d.file), nobody, nobody),
	)
	if e := os.Chown(d.file, nobody, nobody); e != nil && !errors.Is(e, os.ErrNotExist) {
		err = errors.Join(err, e)
	}
	if err != nil {
		d.t.Fatal(err)
	}
	d.as = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
}

// reachable lets others pass through the folders of this test.
func reachable(dir string) error {
	for ; dir != os.TempDir() && dir != "/"; dir = filepath.Dir(dir) {
		if err := os.Chmod(dir, 0o711); err != nil {
			return err
		}
	}
	return nil
}
