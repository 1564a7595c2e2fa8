package bench

import (
	"syscall"
	"testing"
)

// cpu measures what client and server take of the processors together: on a busy
// machine the time that passes says little. What it returns ends the measurement.
func cpu(b *testing.B) (end func()) {
	b.Helper()
	used := func() int64 {
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			b.Fatal(err)
		}
		return u.Utime.Nano() + u.Stime.Nano()
	}
	before := used()
	return func() { b.ReportMetric(float64(used()-before)/float64(b.N), "cpu-ns/op") }
}
