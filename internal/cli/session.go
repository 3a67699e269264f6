package cli

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"os"
	"strings"

	"cadastro/internal/app"
	"cadastro/internal/auth"
	"cadastro/internal/config"
	"cadastro/internal/i18n"

	"golang.org/x/term"
)

// session is what one run of a command works with.
type session struct {
	ctx   context.Context
	cfg   *config.Config
	texts *i18n.Catalogue
	text  *i18n.Printer
	log   *slog.Logger
	std   Streams
	out   *bufio.Writer // results
	err   io.Writer     // all else
	stop  *interrupts

	ownURL bool // nobody said under which address people reach the server

	answers *bufio.Reader
}

func newSession(c *commands, std Streams, texts *i18n.Catalogue) *session {
	s := &session{cfg: &c.Config, texts: texts, std: std, ownURL: c.Config.URL == ""}
	s.text = texts.Printer(language(c.Lang, c.Config.Language))
	s.out, s.err = buffered(&safeWriter{w: std.Out}), &safeWriter{w: std.Err}
	log := c.Log
	if log.Level == "info" {
		log.Level = "warn" // what a service logs of its work, a command tells in sentences
	}
	s.log = log.Logger(std.Err)
	s.stop = newInterrupts(context.Background())
	s.ctx = auth.With(s.stop.ctx, auth.ConsoleActor(app.FirstWorkspace))
	return s
}

func (s *session) close() { s.stop.close() }

// language chooses the language of the texts: that of the flag, else of the environment as POSIX orders it, else the setting's.
func language(flag, setting string) i18n.Lang {
	if flag != "" {
		return i18n.Match(flag)
	}
	env := cmp.Or(os.Getenv("LC_ALL"), os.Getenv("LC_MESSAGES"), os.Getenv("LANG"))
	if name, _, _ := strings.Cut(env, "."); len(name) > 1 && name != "POSIX" {
		return i18n.Match(env)
	}
	return i18n.Lang(setting)
}

// open opens the base. The caller closes the app.
func (s *session) open() (*app.App, error) { return app.Open(s.ctx, *s.cfg, s.log) }

// data gives the output for files that a command writes to the standard output: as they are into a pipe or a
// file, without control characters onto a terminal.
func (s *session) data() io.Writer {
	if isTerminal(s.std.Out) {
		return s.out
	}
	return s.std.Out
}

// json writes v as one indented object.
func (s *session) json(v any) error {
	enc := json.NewEncoder(s.out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// interactive tells whether there is a person to ask.
func (s *session) interactive() bool { return isTerminal(s.std.In) && isTerminal(s.std.Err) }

func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
