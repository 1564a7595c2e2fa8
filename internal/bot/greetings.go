package bot

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/f48b34c0/seen/internal/answer"
)

// Greetings are what the bot says to whoever begins a chat with it, by language.
type Greetings struct {
	byLanguage map[string]words
}

// words are for people of one language: for those who are new, and for those who
// are known.
type words struct{ fresh, again template }

// fallback is the language of those whose own is not known, or not there.
const fallback = "en"

// greetingFile is LANG.html or LANG.again.html, where LANG is an IETF tag.
var greetingFile = regexp.MustCompile(`^([a-z]{2,3}(?:-[a-z0-9]{2,8})*)(\.again)?\.html$`)

// ReadGreetings reads a folder of greetings: LANG.html is for somebody new and
// LANG.again.html for somebody known; without the latter they get the same. LANG is
// a language such as en, de or pt-br, and en has to be there. Other files are left
// alone unless they end in .html.
//
// The text is HTML as of core.telegram.org/bots/api#html-style. {first_name} and
// {payload} in it are replaced; any other brace is an error, which names the file
// and the line.
func ReadGreetings(dir string) (*Greetings, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, answer.Errorf(answer.Usage, "read greetings: %w", err).
			WithHint("--greetings names a folder with en.html in it")
	}
	g := &Greetings{byLanguage: map[string]words{}}
	again := map[string]template{}
	for _, entry := range entries {
		name := entry.Name()
		if entry.IsDir() || !strings.EqualFold(filepath.Ext(name), ".html") || strings.HasPrefix(name, ".") {
			continue
		}
		m := greetingFile.FindStringSubmatch(strings.ToLower(name))
		if m == nil {
			return nil, answer.Errorf(answer.Usage, "%s: the name is no language", filepath.Join(dir, name)).
				WithHint("greetings are called en.html and en.again.html, de.html, pt-br.html")
		}
		t, err := readTemplate(filepath.Join(dir, name))
		if err != nil {
			return nil, err
		}
		if m[2] != "" {
			again[m[1]] = t
		} else {
			g.byLanguage[m[1]] = words{t, t}
		}
	}
	for language, t := range again {
		had, ok := g.byLanguage[language]
		if !ok {
			return nil, answer.Errorf(answer.Usage, "%s is there, and %s is not", filepath.Join(dir, language+".again.html"), language+".html").
				WithHint("%s.html greets those who are new", language)
		}
		g.byLanguage[language] = words{had.fresh, t}
	}
	if _, ok := g.byLanguage[fallback]; !ok {
		return nil, answer.Errorf(answer.Usage, "%s is missing: it is for everybody whose language is not there", filepath.Join(dir, fallback+".html")).
			WithHint("write one; <b>, <i> and links are possible, and {first_name} is replaced")
	}
	return g, nil
}

// in returns the greeting of the first language that is there: as it is, or without
// what follows its first part; else that in English.
func (g *Greetings) in(languages ...string) words {
	for _, tag := range languages {
		tag = strings.ToLower(strings.ReplaceAll(tag, "_", "-"))
		for tag != "" {
			if found, ok := g.byLanguage[tag]; ok {
				return found
			}
			cut := strings.LastIndexByte(tag, '-')
			tag = tag[:max(cut, 0)]
		}
	}
	return g.byLanguage[fallback]
}

// template is a text with places to fill in.
type template []part

// part is a text, or the place of a value.
type part struct{ text, value string }

const (
	valueName    = "first_name"
	valuePayload = "payload"
)

func readTemplate(path string) (template, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		if pathErr, ok := errors.AsType[*fs.PathError](err); ok {
			err = pathErr.Err
		}
		return nil, answer.Errorf(answer.Usage, "read greeting %s: %w", path, err)
	}
	t, err := parseTemplate(strings.TrimSpace(strings.ReplaceAll(string(raw), "\r\n", "\n")))
	if err == nil {
		err = t.check()
	}
	if err != nil {
		e := *answer.From(err)
		e.Message = path + ": " + e.Message
		return nil, &e
	}
	return t, nil
}

// parseTemplate reads a text with values in braces.
func parseTemplate(s string) (template, error) {
	var t template
	line := 1
	for s != "" {
		at := strings.IndexAny(s, "{}")
		if at < 0 {
			return append(t, part{text: s}), nil
		}
		line += strings.Count(s[:at], "\n")
		if at > 0 {
			t = append(t, part{text: s[:at]})
		}
		s = s[at:]
		value := ""
		for _, v := range []string{valueName, valuePayload} {
			if strings.HasPrefix(s, "{"+v+"}") {
				value = v
			}
		}
		if value == "" {
			shown, _, _ := strings.Cut(s, "\n")
			if i := strings.IndexByte(shown[1:], '}'); i >= 0 {
				shown = shown[:i+2]
			}
			return nil, answer.Errorf(answer.Usage, "line %d: %.40s is neither {%s} nor {%s}", line, shown, valueName, valuePayload).
				WithHint("write &#123; and &#125; for braces that are meant as such")
		}
		t, s = append(t, part{value: value}), s[len(value)+2:]
	}
	return t, nil
}

// longest is what a value may become; Telegram's own limit for names and payloads.
var longest = strings.Repeat("\U0001F600", 32)

// check fills in values that are long and hard to quote, and reads what comes out.
func (t template) check() error {
	for _, values := range [][2]string{{"", ""}, {longest, longest}, {"<b>&{}\"'", "a-Z_9"}} {
		s, err := fromHTML(t.fill(values[0], values[1]))
		if err != nil {
			return err
		}
		if _, err := messageText(s.text); err != nil {
			return err
		}
		if len(s.entities) > maxEntities {
			return answer.Errorf(answer.Usage, "%d parts of the text are marked; a message holds %d", len(s.entities), maxEntities)
		}
	}
	return nil
}

var escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#39;")

// fill puts values in their places, as text and nothing else. Where somebody has no
// first name, "Hello, {first_name}!" becomes "Hello!".
func (t template) fill(name, payload string) string {
	var out strings.Builder
	skip := ""
	for _, p := range t {
		text := p.text
		if skip != "" {
			text, skip = strings.TrimLeft(text, skip), ""
		}
		switch p.value {
		case valueName:
			name = clipped(name)
			if name == "" {
				so := strings.TrimRight(out.String(), " ,")
				if out.Reset(); so == "" || strings.HasSuffix(so, "\n") {
					skip = " ,"
				}
				out.WriteString(so)
			}
			out.WriteString(escape.Replace(name))
		case valuePayload:
			out.WriteString(escape.Replace(payload))
		default:
			out.WriteString(text)
		}
	}
	return out.String()
}

// clipped is a name of the length that Telegram lets people choose, at most.
func clipped(name string) string {
	at := 0
	for i, r := range name {
		if at += width(string(r)); at > width(longest) {
			return name[:i]
		}
	}
	return name
}
