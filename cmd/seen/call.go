package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/f48b34c0/seen/internal/answer"
	"github.com/f48b34c0/seen/internal/bot"
)

// callFlags are what call asks for beside the method and its fields.
type callFlags struct {
	set      []string
	upload   []string
	download string
	all      bool
	batch    bool
	inFlight int
	req      answer.CallRequest
}

func (c *cli) callVerb() *cobra.Command {
	var flags callFlags
	cmd := &cobra.Command{
		Use:   "call METHOD [JSON | - | @FILE]",
		Short: "Call any method of Telegram's API",
		Long: `Call any method of Telegram's API.

The method and its fields have the names of Telegram's schema; "seen describe"
tells them. The fields are a JSON object: an argument, stdin with "-", or a file
with "@". Wherever the schema wants an InputPeer, InputUser or InputChannel, a
name, a link or an id may stand, and the book says who that is. random_id is
drawn, and hash, limit and offsets are 0, where they are left out.

The answer is JSON, with the constructor of every object under "_". Numbers
beyond 2^53 are strings. Access hashes are masked unless --hashes asks for them.

With --batch every line of stdin is a call: {"method": ..., "params": {...}}, or
the fields alone if METHOD is given. Several are in flight at once; each answer
has the index of its line.`,
		Example: `  seen call users.getUsers '{"id": ["@ann", 1002]}'
  seen call messages.sendMessage --set peer=@ann --set message=Hello
  seen call users.getFullUser --set id=@ann
  seen call messages.sendMessage --set peer=@ann --set message=Hello --dry-run`,
		Args: func(cmd *cobra.Command, args []string) error {
			switch {
			case len(args) == 0 && !flags.batch:
				return answer.Errorf(answer.Usage, "%s needs a method", cmd.CommandPath()).
					WithHint("seen describe --methods lists them")
			case len(args) > 2:
				return answer.Errorf(answer.Usage, "%s takes a method and its fields, not %d arguments", cmd.CommandPath(), len(args)).
					WithHint("%s; quote the JSON", cmd.UseLine())
			}
			return flags.check(len(args))
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			req, err := c.callRequest(args, flags)
			if err != nil {
				return err
			}
			return c.withDoor(cmd, func(d *door) error { return c.call(cmd.Context(), d, req, flags) })
		},
	}
	f := cmd.Flags()
	f.StringArrayVar(&flags.set, "set", nil, "set one field: `path=value`, with dots into objects and lists")
	f.BoolVar(&flags.all, "all", false, "go through all pages of a list, and print its elements")
	f.BoolVar(&flags.batch, "batch", false, "read many calls from stdin, one per line")
	f.IntVar(&flags.inFlight, "in-flight", 4, "`number` of calls of a batch that are under way at once")
	f.BoolVar(&flags.req.DryRun, "dry-run", false, "send nothing, and print what would be sent")
	f.BoolVar(&flags.req.Hex, "hex", false, "print the bytes of a dry run")
	f.BoolVar(&flags.req.Hashes, "hashes", false, "print access hashes as well")
	f.BoolVar(&flags.req.CachedOnly, "cached-only", false, "find peers in the book alone, never ask Telegram for them")
	f.StringArrayVar(&flags.upload, "upload", nil, "upload a file first and set a field to it: `path=file`")
	f.StringVar(&flags.download, "download", "", "save the documents and photos of the answer in a `folder`")
	return cmd
}

// check refuses flags that do not go together.
func (f *callFlags) check(args int) error {
	sends := f.all || f.batch || f.download != "" || len(f.upload) > 0
	switch {
	case f.req.Hex && !f.req.DryRun:
		return answer.Errorf(answer.Usage, "--hex is about a --dry-run")
	case f.req.DryRun && sends && !f.batch:
		return answer.Errorf(answer.Usage, "a --dry-run sends nothing: no --all, --upload or --download with it")
	case f.batch && (f.all || f.download != "" || len(f.upload) > 0):
		return answer.Errorf(answer.Usage, "a --batch is of plain calls: no --all, --upload or --download with it")
	case f.batch && args > 1:
		return answer.Errorf(answer.Usage, "a --batch reads its fields from stdin, and --set gives those that all calls have")
	case f.inFlight < 1 || f.inFlight > 64:
		return answer.Errorf(answer.Usage, "--in-flight is %d, and between 1 and 64 calls can be under way", f.inFlight)
	}
	return nil
}

// callRequest puts the parts of the command line together.
func (c *cli) callRequest(args []string, flags callFlags) (answer.CallRequest, error) {
	req := flags.req
	for _, s := range flags.set {
		path, value, ok := strings.Cut(s, "=")
		if !ok || path == "" {
			return req, answer.Errorf(answer.Usage, "--set %q is not path=value", s).
				WithHint("write --set peer=@ann, or --set entities.0.offset=0")
		}
		req.Set = append(req.Set, answer.Setting{Path: path, Value: value})
	}
	if len(args) > 0 {
		req.Method = args[0]
	}
	if len(args) < 2 {
		return req, nil
	}
	raw, err := c.params(args[1])
	if err != nil {
		return req, err
	}
	req.Params = raw
	return req, bot.CheckParams(req.Method, raw)
}

// maxCall bounds the JSON of a call.
const maxCall = 1 << 20

// params returns the JSON of an argument.
func (c *cli) params(arg string) ([]byte, error) {
	in, from := io.Reader(strings.NewReader(arg)), "the argument"
	if arg == "-" {
		in, from = c.in, "stdin"
	}
	if path, ok := strings.CutPrefix(arg, "@"); ok {
		file, err := os.Open(path)
		if err != nil {
			return nil, answer.Errorf(answer.Usage, "read the call: %w", err)
		}
		defer file.Close() //nolint:errcheck // it was only read
		in, from = file, path
	}
	raw, err := io.ReadAll(io.LimitReader(in, maxCall+1))
	if err != nil {
		return nil, answer.Errorf(answer.Failed, "read the call: %w", err)
	}
	if len(raw) > maxCall {
		return nil, answer.Errorf(answer.Usage, "%s is longer than a call can be", from)
	}
	return raw, nil
}

func (c *cli) call(ctx context.Context, d *door, req answer.CallRequest, flags callFlags) error {
	if flags.batch {
		return c.callBatch(ctx, d, req, flags.inFlight)
	}
	if err := c.uploads(ctx, d, &req, flags.upload); err != nil {
		return err
	}
	req.Files = flags.download != ""
	if flags.all {
		return c.callAll(ctx, d, req, flags.download)
	}
	got, err := d.Call(ctx, req)
	if err != nil {
		return err
	}
	if err := c.out.called(got); err != nil {
		return err
	}
	if got.Note != "" {
		c.note("seen: note: %s\n", got.Note)
	}
	return c.downloads(ctx, d, flags.download, got.Files)
}

// callAll prints the elements of a list as its pages come.
func (c *cli) callAll(ctx context.Context, d *door, req answer.CallRequest, folder string) error {
	for e, err := range d.CallAll(ctx, req) {
		if err == nil {
			err = c.out.raw(e.Element)
		}
		if err == nil {
			err = c.downloads(ctx, d, folder, e.Files)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// called prints an answer: in lines for people, in one for programs.
func (p *printer) called(got answer.Called) error {
	if got.Hex != "" {
		return p.put(map[string]string{"hex": got.Hex}, func(w io.Writer) { line(w, got.Hex) })
	}
	if p.format == asJSON {
		return p.raw(got.Result)
	}
	var b bytes.Buffer
	if err := json.Indent(&b, got.Result, "", "  "); err != nil {
		return answer.Errorf(answer.Failed, "print result: %w", err)
	}
	return p.raw(b.Bytes())
}

// always prints a line of JSON in either format: it is not for people.
func (p *printer) always(v any) error { return (&printer{p.w, asJSON}).put(v, nil) }

// raw prints JSON that is somebody else's, and ends the line.
func (p *printer) raw(v []byte) error {
	if _, err := p.w.Write(append(v, '\n')); err != nil {
		return answer.Errorf(answer.Failed, "print result: %w", err)
	}
	return nil
}
