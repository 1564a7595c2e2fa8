package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/internal/bot"
)

// sendFlags are what send asks for beside whom and what.
type sendFlags struct {
	file, photo string
	req         answer.SendRequest
}

func (c *cli) sendVerb() *cobra.Command {
	var flags sendFlags
	cmd := &cobra.Command{
		Use:   "send PEER TEXT | -",
		Short: "Send a message to someone whom the bot has seen, or many messages",
		Long: `Send a message to someone whom the bot has seen, or many messages.

PEER is a person, a group or a channel. With "-" as TEXT it is read from stdin. A
text is plain; --html and --markdown take the styles of Telegram's Bot API. Braces
mention somebody by a username, a link or an id: {1002|Bob}, and so do links to
tg://user?id=1002. Whoever is mentioned has to be in the book, or nothing is sent;
what became of each mention is printed, as "seen mention" does it.

Nothing is sent to somebody of whom the bot knows that Telegram will refuse it: who
has stopped the bot, whose account is deleted, or who is a bot; unless by --anyway.

With "-" alone every line of stdin is a message, as JSON:

  {"to": "@ann", "text": "Your order has shipped", "key": "order-7"}

A line may have html, markdown, silent, reply_to, topic, no_preview, split, literal
and anyway as well, and the path of a file or photo; the flags hold for all lines.
Answers come in the order of the lines, each as soon as it is known; whoever may not
be written to is skipped, with the reason. When Telegram wants a wait, it is waited.
A message with a key goes to its peer only once: for a day the session file knows
what was sent under it. So a run that broke off is simply run again.`,
		Example: `  seen send @ann "Your order has shipped"
  fortune | seen send @ann -
  seen send @ann --html "<b>Shipped</b>, see <a href='https://example.com/7'>order 7</a>" --silent
  seen send @ann --file invoice.pdf "Your invoice"
  seen send @friends --split - < names.txt
  seen send - < letters.ndjson`,
		Args: flags.args,
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.withDoor(cmd, func(d *door) error {
				if len(args) == 1 && args[0] == "-" {
					return c.sendMany(cmd.Context(), d, flags.req)
				}
				return c.send(cmd.Context(), d, args, flags)
			})
		},
	}
	f := cmd.Flags()
	addManner(f, &flags.req.Manner)
	f.BoolVar(&flags.req.Literal, "literal", false, "take braces and links in a plain text for what they are, and mention nobody")
	f.StringVar(&flags.file, "file", "", "send a `file`, with the text under it")
	f.StringVar(&flags.photo, "photo", "", "send a `file` as a photo")
	f.StringVar(&flags.req.Key, "key", "", "send nothing if a message with this `key` went to the same peer in the last 24 hours")
	f.BoolVar(&flags.req.Anyway, "anyway", false, "send also to whom Telegram is known to refuse it")
	c.settings.limits.addPace(f)
	return cmd
}

// addManner adds the flags that say how a message is written and shown.
func addManner(f *pflag.FlagSet, m *answer.Manner) {
	f.BoolVar(&m.HTML, "html", false, "the text is HTML, as Telegram's Bot API has it")
	f.BoolVar(&m.Markdown, "markdown", false, "the text is Markdown, as Telegram's Bot API has it (MarkdownV2)")
	f.BoolVar(&m.Silent, "silent", false, "show it without a sound")
	f.IntVar(&m.ReplyTo, "reply-to", 0, "answer the message with this `id`")
	f.IntVar(&m.Topic, "topic", 0, "send it to the topic of a forum with this `id`")
	f.BoolVar(&m.NoPreview, "no-preview", false, "show no preview of a link")
	f.BoolVar(&m.Split, "split", false, "send a text that is too long in several messages")
}

// args checks how many arguments there are.
func (s *sendFlags) args(cmd *cobra.Command, args []string) error {
	attached := s.file != "" || s.photo != ""
	switch {
	case s.req.HTML && s.req.Markdown:
		return answer.Errorf(answer.Usage, "a text is HTML or Markdown, and not both")
	case s.file != "" && s.photo != "":
		return answer.Errorf(answer.Usage, "a message has a --file or a --photo, and not both")
	case len(args) == 1 && args[0] == "-" && (attached || s.req.Key != ""):
		return answer.Errorf(answer.Usage, "--file, --photo and --key are for one message").
			WithHint("write them into the lines")
	case len(args) == 1 && (args[0] == "-" || attached):
		return nil
	}
	return exactly(2)(cmd, args)
}

func (c *cli) send(ctx context.Context, d *door, args []string, flags sendFlags) error {
	req := flags.req
	req.To = args[0]
	var err error
	if len(args) > 1 {
		if req.Text, err = c.text(args[1]); err != nil {
			return err
		}
	}
	if err := c.attach(ctx, d, &req, flags.file, flags.photo); err != nil {
		return err
	}
	sent, err := d.Send(ctx, req)
	if err != nil {
		return err
	}
	return errors.Join(c.out.sent(sent), dropped(sent))
}

// attach takes the file of a message to Telegram, if it has one.
func (c *cli) attach(ctx context.Context, d *door, req *answer.SendRequest, file, photo string) error {
	path := file + photo // one of them is empty
	if path == "" {
		return nil
	}
	if err := bot.CheckMessage(*req, true); err != nil {
		return err
	}
	done, err := c.upload(ctx, d, path)
	if err != nil {
		return err
	}
	kind := mime.TypeByExtension(filepath.Ext(path))
	if kind == "" {
		kind = "application/octet-stream"
	}
	req.File = &answer.Attachment{File: done.File, Name: filepath.Base(path), Type: kind, Photo: photo != ""}
	return nil
}

// sent prints what was sent, and what became of the mentions in it.
func (p *printer) sent(s answer.Sent) error {
	return p.put(s, func(w io.Writer) { sentLines(w, s) })
}

func sentLines(w io.Writer, s answer.Sent) {
	line(w, sentLine(s))
	for _, m := range s.Mentions {
		line(w, mentionLine(m))
	}
}

func sentLine(s answer.Sent) string {
	what := fmt.Sprintf("message %d", s.MessageID)
	if len(s.MessageIDs) > 1 {
		what = "messages " + strings.Trim(strings.ReplaceAll(fmt.Sprint(s.MessageIDs), " ", ", "), "[]")
	}
	switch {
	case s.MessageID == 0:
		return "sent before, a message to " + who(s.To)
	case s.Repeated:
		return fmt.Sprintf("sent before, %s to %s", what, who(s.To))
	}
	return fmt.Sprintf("sent %s to %s", what, who(s.To))
}

// dropped is the exit status of what was sent: not everything was done if Telegram has
// dropped a mention.
func dropped(s answer.Sent) error {
	for _, m := range s.Mentions {
		if !m.Linked {
			return exitCode(answer.Partial.Exit())
		}
	}
	return nil
}

// text returns the text of a message, from stdin if the argument is "-".
func (c *cli) text(arg string) (string, error) {
	if arg != "-" {
		return arg, nil
	}
	const most = 1 << 19 // what is longer is no message, and has no place in memory
	raw, err := io.ReadAll(io.LimitReader(c.in, most+1))
	if err != nil {
		return "", unread(err)
	}
	if len(raw) > most {
		return "", answer.Errorf(answer.Usage, "the text is longer than a message can be")
	}
	return string(raw), nil
}
