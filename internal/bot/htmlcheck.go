package bot

import (
	"regexp"
	"strings"

	"github.com/f48b34c0/seen/internal/answer"
)

// tags are those of core.telegram.org/bots/api#html-style.
const tags = " b strong i em u ins s strike del a code pre span tg-spoiler tg-emoji tg-time blockquote "

var (
	tagPattern  = regexp.MustCompile(`^<(/?)([A-Za-z][A-Za-z0-9-]*)((?:\s+[A-Za-z-]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?)*)\s*>`)
	hrefPattern = regexp.MustCompile(`(?i)\shref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))`)
)

// checkHTML refuses HTML that Telegram's own reader refuses: tags that it does not
// know, that are not closed or are closed by another one, and a < that begins none.
func checkHTML(s string) error {
	var open []string
	for at := strings.IndexByte(s, '<'); at >= 0; {
		wrong := func(format string, args ...any) error {
			line := 1 + strings.Count(s[:at], "\n")
			return answer.Errorf(answer.Usage, "line %d of the HTML: "+format, append([]any{line}, args...)...).
				WithHint("write &lt; &gt; &amp; for < > &, and only tags of https://core.telegram.org/bots/api#html-style")
		}
		m := tagPattern.FindStringSubmatch(s[at:])
		if m == nil {
			return wrong("a < begins no tag")
		}
		name := strings.ToLower(m[2])
		switch {
		case !strings.Contains(tags, " "+name+" "):
			return wrong("<%s> is not a tag of Telegram's", name)
		case m[1] == "":
			open = append(open, name)
			if h := hrefPattern.FindStringSubmatch(m[3]); name == "a" && h != nil {
				url := strings.TrimSpace(h[1] + h[2] + h[3])
				if _, ok := linkedUser(url); !ok && userLinks.MatchString(url) {
					return wrong("%q links to no user; write tg://user?id=1002", url)
				}
			}
		case len(open) == 0 || open[len(open)-1] != name:
			return wrong("</%s> closes nothing", name)
		default:
			open = open[:len(open)-1]
		}
		next := strings.IndexByte(s[at+len(m[0]):], '<')
		if next < 0 {
			break
		}
		at += len(m[0]) + next
	}
	if len(open) > 0 {
		return answer.Errorf(answer.Usage, "<%s> is not closed in the HTML", open[len(open)-1])
	}
	return nil
}
