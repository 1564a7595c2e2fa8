package control

import (
	"bytes"
	"context"
	"errors"
	"io"
	"iter"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/f48b34c0/seen/internal/answer"
)

func TestACheckAndABackupDoNotWaitForTheBot(t *testing.T) {
	lines := []answer.CheckLine{
		{Finding: &answer.Finding{Bucket: "peers", Key: "user 1001", Problem: "does not decode", Repair: "dropped"}},
		{Checked: &answer.Checked{File: answer.File{Path: "/a", Size: 5}, Peers: answer.Counts{Users: 3}, Names: 2, Findings: 1}},
	}
	copied := bytes.Repeat([]byte("a page"), 1<<19)
	path, _ := daemon(t, bot{
		check: func(context.Context, answer.CheckRequest) iter.Seq2[answer.CheckLine, error] {
			return func(yield func(answer.CheckLine, error) bool) {
				for _, l := range lines {
					if !yield(l, nil) {
						return
					}
				}
			}
		},
		backup: func(_ context.Context, _ answer.BackupRequest, w io.Writer) error {
			_, err := io.Copy(w, bytes.NewReader(copied))
			return err
		},
	}, Options{Ready: make(chan struct{})})
	c := NewClient(path)
	var got []answer.CheckLine
	for l, err := range c.Check(t.Context(), answer.CheckRequest{}) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, l)
	}
	if diff := cmp.Diff(lines, got); diff != "" {
		t.Error(diff)
	}
	var b bytes.Buffer
	if err := c.Backup(t.Context(), answer.BackupRequest{}, &b); err != nil || !bytes.Equal(b.Bytes(), copied) {
		t.Errorf("%d bytes, %v", b.Len(), err)
	}
}

func TestABackupThatFailsIsNone(t *testing.T) {
	refusal := answer.Errorf(answer.Damaged, "damaged").WithHint("check")
	for name, tt := range map[string]struct {
		writes int
		want   error
	}{
		"at once":       {0, refusal},
		"in the middle": {1 << 20, answer.Errorf(answer.Failed, "the daemon broke off the backup")},
	} {
		path, _ := daemon(t, bot{backup: func(_ context.Context, _ answer.BackupRequest, w io.Writer) error {
			if tt.writes > 0 {
				if _, err := w.Write(make([]byte, tt.writes)); err != nil {
					return err
				}
			}
			return refusal
		}}, Options{})
		err := NewClient(path).Backup(t.Context(), answer.BackupRequest{}, io.Discard)
		got, want := answer.From(err), answer.From(tt.want)
		if err == nil || got.Code != want.Code || got.Message != want.Message {
			t.Errorf("%s: got %v, want %v", name, err, tt.want)
		}
	}
	var b bytes.Buffer
	err := NewClient(socket(t)).Backup(t.Context(), answer.BackupRequest{}, &b)
	if !errors.Is(err, ErrNobody) || b.Len() > 0 {
		t.Errorf("nobody has written %d bytes, and it says %v", b.Len(), err)
	}
}

func TestABackupEndsWhereItCannotBeWritten(t *testing.T) {
	full := errors.New("the disk is full")
	ended := make(chan error, 1)
	path, _ := daemon(t, bot{backup: func(_ context.Context, _ answer.BackupRequest, w io.Writer) (err error) {
		for range 1000 {
			if _, err = w.Write(make([]byte, 1<<20)); err != nil {
				break
			}
		}
		ended <- err
		return err
	}}, Options{})
	if err := NewClient(path).Backup(t.Context(), answer.BackupRequest{}, failingWriter{full}); !errors.Is(err, full) {
		t.Errorf("got %v", err)
	}
	select {
	case err := <-ended:
		if err == nil {
			t.Error("the daemon went on")
		}
	case <-time.After(10 * time.Second):
		t.Error("the daemon waits for somebody who has left")
	}
}

type failingWriter struct{ err error }

func (f failingWriter) Write([]byte) (int, error) { return 0, f.err }

// Who takes a backup too slowly is cut off: his time is up here.
func TestASlowClientIsCutOff(t *testing.T) {
	wrote := make(chan error, 1)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		p := &paced{w: w, c: http.NewResponseController(w), begun: time.Now().Add(-2 * slack), n: 1}
		var err error
		for range 100 {
			if _, err = p.Write(make([]byte, 1<<20)); err != nil {
				break
			}
		}
		wrote <- err
		panic(http.ErrAbortHandler)
	}))
	defer srv.Close()
	resp, err := srv.Client().Get(srv.URL)
	if err == nil {
		_, err = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
	}
	if err == nil {
		t.Error("it was taken whole")
	}
	if err := <-wrote; err == nil {
		t.Error("the server wrote on")
	}
	srv.CloseClientConnections()
}

func TestCheckOfADaemonThatCannot(t *testing.T) {
	want := answer.Errorf(answer.Failed, "no space left").WithHint("stop the bot")
	path, _ := daemon(t, bot{check: func(context.Context, answer.CheckRequest) iter.Seq2[answer.CheckLine, error] {
		return func(yield func(answer.CheckLine, error) bool) { yield(answer.CheckLine{}, want) }
	}}, Options{})
	for _, err := range NewClient(path).Check(t.Context(), answer.CheckRequest{}) {
		if diff := cmp.Diff(want, answer.From(err), cmpopts.IgnoreUnexported(answer.Error{})); diff != "" {
			t.Error(diff)
		}
	}
}
