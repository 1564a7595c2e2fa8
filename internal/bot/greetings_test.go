package bot

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/f48b34c0/seen/internal/answer"
)

// folder makes a folder of files: names and contents in turn.
func folder(t *testing.T, files ...string) string {
	t.Helper()
	dir := t.TempDir()
	for i := 0; i+1 < len(files); i += 2 {
		if err := os.WriteFile(filepath.Join(dir, files[i]), []byte(files[i+1]), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestGreetingsAreChosenByLanguage(t *testing.T) {
	g, err := ReadGreetings(folder(
		t, "en.html", "Hello", "en.again.html", "Hello again", "de.html", "Hallo", "PT-BR.html", "Oi", "pt.html", "Olá",
		"README.txt", "{none of this}", ".en.html.swp", "{", ".hidden.html", "{",
	))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		languages    []string
		fresh, again string
	}{
		{nil, "Hello", "Hello again"},
		{[]string{"", ""}, "Hello", "Hello again"},
		{[]string{"de"}, "Hallo", "Hallo"},
		{[]string{"de-AT"}, "Hallo", "Hallo"},
		{[]string{"pt-br"}, "Oi", "Oi"},
		{[]string{"pt_BR"}, "Oi", "Oi"},
		{[]string{"pt-PT"}, "Olá", "Olá"},
		{[]string{"", "de"}, "Hallo", "Hallo"},
		{[]string{"fr", "de"}, "Hallo", "Hallo"},
		{[]string{"fr", "it"}, "Hello", "Hello again"},
		{[]string{"de", "pt"}, "Hallo", "Hallo"},
	} {
		got := g.in(tt.languages...)
		if fresh, again := got.fresh.fill("", ""), got.again.fill("", ""); fresh != tt.fresh || again != tt.again {
			t.Errorf("%v: %q and %q, want %q and %q", tt.languages, fresh, again, tt.fresh, tt.again)
		}
	}
}

func TestWrongGreetingsAreRefusedByFileAndLine(t *testing.T) {
	for name, tt := range map[string]struct {
		files []string
		want  string
	}{
		"no English":         {[]string{"de.html", "Hallo"}, "en.html is missing"},
		"nothing at all":     {nil, "en.html is missing"},
		"another brace":      {[]string{"en.html", "Hello\n\n{last_name}"}, "en.html: line 3: {last_name} is neither {first_name} nor {payload}"},
		"an open brace":      {[]string{"en.html", "Hello {first_name"}, "en.html: line 1: {first_name is neither"},
		"a closing brace":    {[]string{"en.html", "Hello\n}"}, "en.html: line 2: } is neither"},
		"a brace of spaces":  {[]string{"en.html", "{ first_name }"}, "en.html: line 1: { first_name } is neither"},
		"a tag left open":    {[]string{"en.html", "<b>Hello"}, "en.html: <b> is not closed"},
		"a foreign tag":      {[]string{"en.html", "Hello\n<h1>all</h1>"}, "en.html: line 2 of the HTML: <h1> is not a tag"},
		"nothing in it":      {[]string{"en.html", " \n"}, "en.html: the text is empty"},
		"only a name":        {[]string{"en.html", "{first_name}"}, "en.html: the text is empty"},
		"too long":           {[]string{"en.html", strings.Repeat("a", 4097)}, "en.html: the text is 4097 UTF-16 units long"},
		"too long for some":  {[]string{"en.html", strings.Repeat("a", 4033) + "{first_name}"}, "en.html: the text is 4097 UTF-16 units long"},
		"again without":      {[]string{"en.html", "Hello", "de.again.html", "Hallo"}, "de.again.html is there, and de.html is not"},
		"no language":        {[]string{"en.html", "Hello", "hello.html", "Hallo"}, "hello.html: the name is no language"},
		"too many entities":  {[]string{"en.html", strings.Repeat("<b>a</b> ", 101)}, "en.html: 101 parts of the text are marked"},
		"a link to nobody":   {[]string{"en.html", `<a href="tg://user?id=ann">Ann</a>`}, `"tg://user?id=ann" links to no user`},
		"wrong in another":   {[]string{"en.html", "Hello", "de.html", "{}"}, "de.html: line 1: {} is neither"},
		"a quoted attribute": {[]string{"en.html", `<a href="{payload}{x}">a</a>`}, "line 1: {x} is neither"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ReadGreetings(folder(t, tt.files...))
			if e := answer.From(err); e == nil || e.Code != answer.Usage || !strings.Contains(e.Message, tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
	if _, err := ReadGreetings(filepath.Join(t.TempDir(), "missing")); answer.From(err).Code != answer.Usage {
		t.Errorf("a folder that is not there: %v", err)
	}
}

func TestValuesAreTextAndNothingElse(t *testing.T) {
	for _, tt := range []struct{ file, name, payload, want string }{
		{"Hello, {first_name}!", "Ann", "", "Hello, Ann!"},
		{"Hello, {first_name}!", "", "", "Hello!"},
		{"Hello {first_name}", "", "", "Hello"},
		{"{first_name}, welcome", "", "", "welcome"},
		{"Hello!\n{first_name}, welcome", "", "", "Hello!\nwelcome"},
		{"<b>{first_name}</b>", "<i>&\"'", "", "<b>&lt;i&gt;&amp;&quot;&#39;</b>"},
		{"{first_name} {first_name}", "{payload}", "promo", "{payload} {payload}"},
		{`<a href="https://example.com/?p={payload}">you</a>`, "", "a-Z_9", `<a href="https://example.com/?p=a-Z_9">you</a>`},
		{"[{payload}]", "", "", "[]"},
		{"Hello, {first_name}", strings.Repeat("a", 70), "", "Hello, " + strings.Repeat("a", 64)},
	} {
		parsed, err := parseTemplate(tt.file)
		if err != nil {
			t.Fatal(err)
		}
		if got := parsed.fill(tt.name, tt.payload); got != tt.want {
			t.Errorf("%q with %q, %q: %q, want %q", tt.file, tt.name, tt.payload, got, tt.want)
		}
	}
}

// Whatever a file holds, it is refused or can be sent to people of any name.
func FuzzGreeting(f *testing.F) {
	f.Add("Hello, <b>{first_name}</b>! You came by {payload}.", "Ann", "promo")
	f.Add("{", "<b>", "}")
	f.Add(`<a href="tg://user?id=1">{first_name}</a>`, "\U0001F600", "")
	f.Fuzz(func(t *testing.T, file, name, payload string) {
		parsed, err := parseTemplate(strings.TrimSpace(file))
		if err == nil {
			err = parsed.check()
		}
		if err != nil {
			if e := answer.From(err); e.Code != answer.Usage || e.Message == "" {
				t.Errorf("got %v", err)
			}
			return
		}
		s, err := fromHTML(parsed.fill(name, "payload"))
		if err == nil {
			_, err = messageText(s.text)
		}
		if err != nil {
			t.Errorf("it was good, and %q makes it %v", name, err)
		}
	})
}

func TestAnotherBotIsAnsweredAFewTimesAnHour(t *testing.T) {
	turns := newTurns(3, time.Hour)
	at := time.Unix(1_700_000_000, 0)
	for _, tt := range []struct {
		minute int
		want   bool
	}{{0, true}, {1, true}, {2, true}, {3, false}, {59, false}, {60, true}, {60, false}, {61, true}, {200, true}} {
		if got := turns.take(7, at.Add(time.Duration(tt.minute)*time.Minute)); got != tt.want {
			t.Errorf("minute %d: %v", tt.minute, got)
		}
	}
	if !turns.take(8, at) {
		t.Error("another one has to wait as well")
	}
	for id := range int64(5000) {
		turns.take(100+id, at.Add(time.Duration(id)*time.Minute))
	}
	if n := len(turns.last); n > 1100 {
		t.Errorf("%d bots are remembered", n)
	}
}
