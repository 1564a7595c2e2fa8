package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// row is one line of the table: the rounds of a client that were measured alike.
type row struct {
	again       bool
	size, users int
	client      string
}

func report(s settings, m machine, results []result, missing []string) string {
	groups := map[row][]result{}
	failed := map[row]string{}
	var rows []row
	for _, r := range results {
		at := row{r.Again, r.Size, r.Users, r.Client}
		if groups[at] == nil && failed[at] == "" {
			rows = append(rows, at)
		}
		if r.Error != "" {
			failed[at] = r.Error
			continue
		}
		groups[at] = append(groups[at], r)
	}
	titles := map[string]client{}
	for _, c := range clients() {
		titles[c.name] = c
	}
	var b strings.Builder
	fmt.Fprintf(&b, "Medians of %s, clients in turn; a ratio is the median of the rounds' own.\n%s.\n\n", plural(s.rounds, "round"), m)
	b.WriteString("| people | per update | client | seconds | a second | × bare | × seen | CPU s | × bare | peak MB | disk MB | after SIGKILL |\n")
	b.WriteString("|---|---|---|---|---|---|---|---|---|---|---|---|\n")
	for _, at := range rows {
		who := titles[at.client]
		fmt.Fprintf(&b, "| %s | %d | %s |", at.people(), at.size, who.title)
		list := groups[at]
		if len(list) == 0 {
			fmt.Fprintf(&b, " %s | | | | | | | | |\n", strings.ReplaceAll(failed[at], "|", "/"))
			continue
		}
		of := func(name string) []result { return groups[row{at.again, at.size, at.users, name}] }
		wall := medianOf(list, result.wall)
		fmt.Fprintf(&b, " %.2f | %s | %s | %s | %.2f | %s | %.0f | %s | %s |\n",
			wall, thousands(int(float64(at.users)/wall)),
			times(ratio(list, of(bareName), result.wall)), who.toOurs(ratio(list, of(oursName), result.wall)),
			medianOf(list, result.cpu), times(ratio(list, of(bareName), result.cpu)),
			medianOf(list, result.peak), who.disk(list), who.fate(list, failed[at]))
	}
	b.WriteString(listed("What they store:", notes(rows)))
	b.WriteString(listed("Not measured:", missing))
	return b.String()
}

// notes are those of the clients in the table.
func notes(rows []row) []string {
	var list []string
	for _, c := range clients() {
		if c.note != "" && slices.ContainsFunc(rows, func(at row) bool { return at.client == c.name }) {
			list = append(list, c.note)
		}
	}
	return list
}

func listed(title string, list []string) string {
	if len(list) == 0 {
		return ""
	}
	return "\n" + title + "\n\n- " + strings.Join(list, ".\n- ") + ".\n"
}

func (r result) wall() float64 { return r.Wall }
func (r result) cpu() float64  { return r.CPU }
func (r result) peak() float64 { return float64(r.Peak) / 1e6 }
func (r result) disk() float64 { return float64(r.Disk) / 1e6 }

func (at row) people() string {
	if at.again {
		return thousands(at.users) + " again"
	}
	return thousands(at.users) + " new"
}

func (c client) disk(list []result) string {
	if !c.stores {
		return ""
	}
	return fmt.Sprintf("%.1f", medianOf(list, result.disk))
}

// fate is what was left of the people in the worst round.
func (c client) fate(list []result, failed string) string {
	if !c.stores {
		return ""
	}
	fewest, most := list[0].Kept, list[0].Kept
	for _, r := range list {
		fewest, most = min(fewest, r.Kept), max(most, r.Kept)
	}
	said := "all there"
	switch users := list[0].Users; {
	case most > users:
		said = "has " + thousands(most) + ", which is more than came"
	case fewest < users:
		said = "lost " + thousands(users-fewest)
	}
	if failed != "" {
		said += "; a round failed: " + strings.ReplaceAll(failed, "|", "/")
	}
	return said
}

// toOurs is left out for the two that it says nothing about.
func (c client) toOurs(x float64) string {
	if c.name == bareName || c.name == oursName {
		return ""
	}
	return times(x)
}

func times(x float64) string {
	switch {
	case x == 0:
		return ""
	case x < 10:
		return fmt.Sprintf("%.2f", x)
	}
	return fmt.Sprintf("%.0f", x)
}

func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return strconv.Itoa(n) + " " + what + "s"
}
