package metrics

import (
	"context"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/internal/bot"
	"github.com/f48b34c0/seen/session"
)

// Source is a bot that counts. All methods are called at once, and answer
// without asking anybody.
type Source interface {
	Status(ctx context.Context) (answer.Status, error)
	Calls() []bot.Call
	Writes() session.Writes
}

// Handler answers with the metrics of a bot and of this process, in the format
// that a scraper asks for.
func Handler(source Source) http.Handler {
	registry := prometheus.NewRegistry()
	registry.MustRegister(
		collector{source},
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	return promhttp.HandlerFor(registry, promhttp.HandlerOpts{})
}

// collector reads a source whenever it is asked.
type collector struct{ source Source }

// Describe implements prometheus.Collector. It describes nothing in advance,
// which makes the collector an unchecked one: what it tells differs with what
// has happened.
func (collector) Describe(chan<- *prometheus.Desc) {}

// Collect implements prometheus.Collector.
func (c collector) Collect(out chan<- prometheus.Metric) {
	st, err := c.source.Status(context.Background())
	if err != nil {
		out <- prometheus.NewInvalidMetric(prometheus.NewInvalidDesc(err), err)
		return
	}
	t := teller{out}
	t.status(st)
	t.updates(st.Updates)
	t.writes(c.source.Writes())
	t.calls(c.source.Calls())
}

// teller sends metrics to whoever collects them.
type teller struct{ out chan<- prometheus.Metric }

func (t teller) gauge(name, help string, value float64, labels ...string) {
	t.tell(prometheus.GaugeValue, name, help, value, labels)
}

func (t teller) count(name, help string, value float64, labels ...string) {
	t.tell(prometheus.CounterValue, name, help, value, labels)
}

// tell sends one value. Labels are names and values in turn.
func (t teller) tell(kind prometheus.ValueType, name, help string, value float64, labels []string) {
	var names, values []string
	for i := 0; i+1 < len(labels); i += 2 {
		names, values = append(names, labels[i]), append(values, labels[i+1])
	}
	t.out <- prometheus.MustNewConstMetric(prometheus.NewDesc(name, help, names, nil), kind, value, values...)
}

func (t teller) status(st answer.Status) {
	t.gauge("seen_info", "Which build this is.", 1, "version", st.Version)
	t.gauge("seen_connected", "Whether the bot is signed in and connected.", number(st.Connected))
	t.gauge("seen_start_time_seconds", "When the daemon started, in Unix time.", unix(st.Since))
	t.gauge("seen_connected_since_seconds", "When the bot connected last, in Unix time; 0 if it is not connected.", unix(st.ConnectedSince))
	t.gauge("seen_outbox_messages", "How many messages are owed.", float64(st.Outbox))
	t.gauge("seen_session_file_bytes", "Size of the session file.", float64(st.File.Size))
	t.gauge("seen_session_file_written_seconds", "When the session file was written last, in Unix time.", unix(st.File.LastCommit))
	t.gauge("seen_session_file_trouble", "Whether the session file cannot be written at the moment.", number(st.File.Trouble != nil))
	t.gauge("seen_lookups", "How many usernames were looked up in the last 24 hours.", float64(st.Lookups.Used))
	t.gauge("seen_lookups_limit", "How many usernames may be looked up in 24 hours; 0 is any number.", float64(st.Lookups.Limit))
	t.gauge("seen_floods", "How many waits that the server wanted are not over yet.", float64(len(st.Floods)))

	const peers = "How many peers the book holds, by kind."
	t.gauge("seen_peers", peers, float64(st.Peers.Users), "kind", "user")
	t.gauge("seen_peers", peers, float64(st.Peers.Chats), "kind", "chat")
	t.gauge("seen_peers", peers, float64(st.Peers.Channels), "kind", "channel")
	const hashes = "How many peers have an access hash of which class."
	t.gauge("seen_access_hashes", hashes, float64(st.Hashes.Full), "class", "full")
	t.gauge("seen_access_hashes", hashes, float64(st.Hashes.Min), "class", "min")
	t.gauge("seen_access_hashes", hashes, float64(st.Hashes.None), "class", "none")
	for state, n := range st.Dialogs {
		t.gauge("seen_dialogs", "How many private chats there are, by whether the bot may write there.", float64(n), "state", state)
	}
}

func (t teller) updates(u *answer.Updates) {
	if u == nil {
		return
	}
	t.count("seen_updates_total", "Envelopes of updates that the server has pushed.", float64(u.Envelopes))
	t.count("seen_sightings_total", "Users and chats in updates and in answers.", float64(u.Sightings))
	t.count("seen_updates_put_off_total", "Updates that are fetched again, because too many were waiting.", float64(u.Dropped))
	t.count("seen_updates_lost_total", "Updates like that for which nobody can ask again, since nothing counts them.", float64(u.Lost))
	t.count("seen_updates_skipped_total", "How often the server did not tell what was missed.", float64(u.Skipped))
	t.count("seen_updates_failed_total", "Updates that a handler gave up on.", float64(u.Failed))
	t.gauge("seen_updates_waiting", "Updates that were received and are not handled yet.", float64(u.Waiting))
	t.gauge("seen_update_lag_seconds", "How long the first of these has been waiting.", u.LagSeconds)
}

func (t teller) writes(w session.Writes) {
	t.count("seen_written_rows_total", "Records written to the session file.", float64(w.Rows))
	buckets := make(map[float64]uint64)
	for i, bound := range session.CommitBounds() {
		buckets[bound.Seconds()] = uint64(w.Within[i])
	}
	desc := prometheus.NewDesc("seen_commit_seconds", "How long transactions of the session file took.", nil, nil)
	t.out <- prometheus.MustNewConstHistogram(desc, uint64(w.Commits), w.Took.Seconds(), buckets)
}

func (t teller) calls(all []bot.Call) {
	var floods int64
	var waits time.Duration
	took := make(map[string]time.Duration)
	for _, c := range all {
		t.count("seen_calls_total", "Calls to the server, by method and by what came of them: ok, the type of the error, canceled, timeout or lost.",
			float64(c.Count), "method", c.Method, "end", c.End)
		took[c.Method] += c.Took
		floods += c.Floods
		waits += c.Waits
	}
	for method, d := range took {
		t.count("seen_call_seconds_total", "How long calls took in all, by method.", d.Seconds(), "method", method)
	}
	t.count("seen_flood_waits_total", "How often the server wanted a wait.", float64(floods))
	t.count("seen_flood_wait_seconds_total", "How long the waits that the server wanted were in all.", waits.Seconds())
}

func number(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func unix(t time.Time) float64 {
	if t.IsZero() {
		return 0
	}
	return float64(t.UnixMilli()) / 1000
}
