package bot

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/gotd/td/telegram/message/entity"
	"github.com/gotd/td/telegram/message/html"
	"github.com/gotd/td/tg"
	"pgregory.net/rapid"
)

// core.telegram.org/bots/api#html-style.
func TestHTMLIsThatOfTheBotAPI(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"<b>bold</b>, <strong>bold</strong>", `"bold, bold" Bold 0+4 Bold 6+4`},
		{"<i>a</i><em>b</em>", `"ab" Italic 0+1 Italic 1+1`},
		{"<u>a</u><ins>b</ins>", `"ab" Underline 0+1 Underline 1+1`},
		{"<s>a</s><strike>b</strike><del>c</del>", `"abc" Strike 0+1 Strike 1+1 Strike 2+1`},
		{`<span class="tg-spoiler">a</span><tg-spoiler>b</tg-spoiler><span>c</span>`, `"abc" Spoiler 0+1 Spoiler 1+1`},
		{"<b>bold <i>both <s>all</s></i> <u>two</u></b>", `"bold both all two" Bold 0+17 Italic 5+8 Strike 10+3 Underline 14+3`},
		{`<a href="http://example.com/?a=1&amp;b=2">URL</a>`, `"URL" TextURL 0+3 http://example.com/?a=1&b=2`},
		{`<a href='tg://user?id=1002'>Bob</a> <A HREF=tg:user?id=1001>Ann</A>`, `"Bob Ann" InputMessageEntityMentionName 0+3 1002 InputMessageEntityMentionName 4+3 1001`},
		{`<tg-emoji emoji-id="5368324170671202286">👍</tg-emoji>`, `"👍" CustomEmoji 0+2 5368324170671202286`},
		{"<code>a</code> <pre>b</pre>", `"a b" Code 0+1 Pre 2+1 `},
		{`<pre><code class="language-go">b</code></pre>`, `"b" Pre 0+1 go`},
		{`<code class="language-go"><pre>b</pre></code>`, `"b" Pre 0+1 go`},
		{`<pre>a<code>b</code></pre>`, `"ab" Pre 0+2  Code 1+1`},
		{"<blockquote>a\nb</blockquote><blockquote expandable>c</blockquote>", `"a` + "\\n" + `bc" Blockquote 0+3 Blockquote 3+1 folded`},
		{"&lt;b&gt; &amp;amp; &quot;&#60;&#x3c;&#X1F600; &eacute; &amp &#0; &#xfffffff; AT&T", `"<b> &amp; \"<<😀 &eacute; & &#0; &#xfffffff; AT&T"`},
		{" <b> a </b> ", `"a" Bold 0+1`},
		{"<b></b>", `""`},
		{"\xff<b>😀</b>", "\"\uFFFD😀\" Bold 1+2"},
	} {
		got, err := fromHTML(tt.in)
		if err != nil || strings.ReplaceAll(shown(got), "\n", "\\n") != tt.want {
			t.Errorf("%q is\n%s, %v\nand should be\n%s", tt.in, shown(got), err, tt.want)
		}
	}
	at := 1647531900
	got, err := fromHTML(`<tg-time unix="1647531900" format="wDT">then</tg-time> <tg-time unix="1647531900" format="r">now</tg-time> <tg-time unix="1647531900" format="?">x</tg-time>`)
	want := []tg.MessageEntityClass{
		&tg.MessageEntityFormattedDate{Offset: 0, Length: 4, Date: at, DayOfWeek: true, LongDate: true, LongTime: true},
		&tg.MessageEntityFormattedDate{Offset: 5, Length: 3, Date: at, Relative: true},
		&tg.MessageEntityFormattedDate{Offset: 9, Length: 1, Date: at},
	}
	if diff := cmp.Diff(want, got.entities); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
}

// gotd's reader takes more than Telegram does, and lets a tag without attributes have
// those of the one before. Of what is left both say the same.
func TestHTMLIsReadAsGotdReadsIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := markup(t, 3)
		got, err := fromHTML(in)
		if err != nil {
			t.Fatalf("%q: %v", in, err)
		}
		var b entity.Builder
		opts := html.Options{UserResolver: func(id int64) (tg.InputUserClass, error) { return &tg.InputUser{UserID: id}, nil }}
		if err := html.HTML(strings.NewReader(in), &b, opts); err != nil {
			t.Fatalf("gotd: %q: %v", in, err)
		}
		var want styled
		want.text, want.entities = b.Raw()
		if got, want := shown(got), shown(want.trim()); got != want {
			t.Fatalf("%q is\n%s\nand gotd has\n%s", in, got, want)
		}
	})
}

// markup draws HTML that is good.
func markup(t *rapid.T, depth int) string {
	var out strings.Builder
	for range rapid.IntRange(0, 4).Draw(t, "pieces") {
		if depth == 0 || rapid.Bool().Draw(t, "text") {
			out.WriteString(rapid.SampledFrom([]string{"a", " ", "\n", "😀", "&lt;", "&amp;", "&#38;", "&#x1F600;", "&nbsp;", "AT&T", ">"}).Draw(t, "word"))
			continue
		}
		tag := rapid.SampledFrom([]string{
			"b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "tg-spoiler", "blockquote",
			`span class="tg-spoiler"`, `a href="https://example.com/?a&amp;b"`, `a href='tg://user?id=1002'`, `tg-emoji emoji-id="5"`,
		}).Draw(t, "tag")
		name, _, _ := strings.Cut(tag, " ")
		out.WriteString("<" + tag + ">" + markup(t, depth-1) + "</" + name + ">")
	}
	return out.String()
}
