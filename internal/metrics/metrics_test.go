package metrics

import (
	"context"
	"errors"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/internal/bot"
	"github.com/f48b34c0/seen/session"
)

// source is a bot that has counted.
type source struct {
	status answer.Status
	err    error
	calls  []bot.Call
	writes session.Writes
}

func (s source) Status(context.Context) (answer.Status, error) { return s.status, s.err }
func (s source) Calls() []bot.Call                             { return s.calls }
func (s source) Writes() session.Writes                        { return s.writes }

func scrape(t *testing.T, s source) (status int, lines []string) {
	t.Helper()
	if s.writes.Within == nil {
		s.writes.Within = make([]int64, len(session.CommitBounds()))
	}
	w := httptest.NewRecorder()
	Handler(s).ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	for line := range strings.Lines(w.Body.String()) {
		if strings.HasPrefix(line, "seen_") {
			lines = append(lines, strings.TrimSpace(line))
		}
	}
	return w.Code, lines
}

func TestMetricsTellWhatWasCounted(t *testing.T) {
	at := time.Unix(1767323045, 500_000_000).UTC()
	s := source{
		status: answer.Status{
			Connected: true, Since: at, ConnectedSince: at, Version: "v1", Outbox: 2,
			Peers: answer.Counts{Users: 7, Chats: 1, Channels: 2}, Hashes: answer.HashCounts{Full: 5, Min: 3, None: 2},
			Dialogs: map[string]int{"open": 4, "blocked": 1},
			File:    answer.File{Path: "/secret/path", Size: 4096, LastCommit: at, Trouble: &answer.Trouble{}},
			Lookups: answer.Lookups{Used: 12, Limit: 200}, Floods: []answer.Flood{{Method: "messages.sendMessage", Until: at}},
			Updates: &answer.Updates{Envelopes: 10, Sightings: 20, Dropped: 1, Lost: 4, Skipped: 5, Failed: 2, Waiting: 3, LagSeconds: 0.25},
		},
		calls: []bot.Call{
			{Method: "messages.sendMessage", End: "ok", Count: 3, Took: time.Second},
			{Method: "messages.sendMessage", End: "FLOOD_WAIT", Count: 1, Took: time.Second, Floods: 1, Waits: time.Minute},
		},
		writes: session.Writes{Commits: 4, Rows: 40, Took: 8 * time.Millisecond, Within: []int64{1, 2, 3, 4, 4, 4, 4, 4, 4, 4, 4}},
	}
	status, got := scrape(t, s)
	want, err := os.ReadFile("testdata/metrics.golden")
	if err != nil {
		t.Fatal(err)
	}
	if status != 200 || strings.Join(got, "\n")+"\n" != string(want) {
		t.Errorf("got %d\n%s", status, strings.Join(got, "\n"))
	}
}

func TestABotThatCannotTellIsNoZero(t *testing.T) {
	status, lines := scrape(t, source{err: errors.New("no disk")})
	if status != 500 || len(lines) != 0 {
		t.Errorf("got %d %v", status, lines)
	}
}
