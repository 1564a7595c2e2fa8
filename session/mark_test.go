package session

import (
	"testing"

	"pgregory.net/rapid"
)

func TestValueIsStorableWhenEveryTaskBeforeItIsFinished(t *testing.T) {
	var m mark
	a, b := m.begin(), m.begin()
	m.reach(2)
	c := m.begin()
	m.reach(3)
	m.finish(b)
	if m.set {
		t.Fatalf("stored %d before task a was finished", m.value)
	}
	m.finish(a)
	if m.value != 2 {
		t.Fatalf("value is %d, want 2", m.value)
	}
	m.finish(c)
	if m.value != 3 {
		t.Fatalf("value is %d, want 3", m.value)
	}
}

func TestStoredValueNeverPassesAnUnfinishedTask(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var m mark
		var open []uint64
		at := map[uint64]int64{} // task -> value that covers it
		value := int64(0)
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			switch {
			case len(open) > 0 && rapid.Bool().Draw(t, "finish"):
				i := rapid.IntRange(0, len(open)-1).Draw(t, "which")
				m.finish(open[i])
				delete(at, open[i])
				open = append(open[:i], open[i+1:]...)
			default:
				for range rapid.IntRange(0, 2).Draw(t, "tasks") {
					task := m.begin()
					open, at[task] = append(open, task), value+1
				}
				value++
				m.reach(value)
			}
			for task, needs := range at {
				if m.set && m.value >= needs {
					t.Fatalf("stored %d while task %d, which %d covers, is open", m.value, task, needs)
				}
			}
			if len(open) == 0 && m.value != value {
				t.Fatalf("nothing is open, and %d is stored of %d", m.value, value)
			}
		}
	})
}
