// Package cli is the command line: it turns arguments into calls of the services, and their answers into lines of
// the reader's language or, with --json, into one JSON object. No rule lives here.
//
// Results go to the standard output, everything else to the standard error. There is one file per command; each
// command is a struct whose tags are its flags and whose Run method gets a [session].
package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"cadastro/internal/config"
	"cadastro/internal/errs"
	"cadastro/internal/i18n"

	"github.com/alecthomas/kong"
)

// Streams are where a command reads and writes. Where they are terminals, it asks and shows its progress.
type Streams struct {
	In  io.Reader
	Out io.Writer
	Err io.Writer
}

// commands is the whole command line.
type commands struct {
	config.Config `embed:"" group:"settings"`
	File          kong.ConfigFlag `name:"config" help:"Settings file: lines of \"name = value\"." placeholder:"FILE" group:"settings"`
	Lang          string          `help:"Language of what is written: pt-BR, es or en. Without it, the system's." enum:",pt-BR,pt,es,en" default:"" placeholder:"LANG"`

	Serve      serveCmd      `cmd:"" help:"Run the server: pages, API and background work."`
	Import     importCmd     `cmd:"" help:"Import a file: review it, ask, write, tell how to undo it."`
	Inspect    inspectCmd    `cmd:"" help:"Tell what a file is: format, charset, dialect, header, mapping, samples."`
	Convert    convertCmd    `cmd:"" help:"Write any readable table as clean CSV (UTF-8, RFC 4180)."`
	Export     exportCmd     `cmd:"" help:"Write contacts as CSV."`
	Template   templateCmd   `cmd:"" help:"Write an empty file to fill in: every field as a column, two example rows."`
	Imports    importsCmd    `cmd:"" help:"List imports, show one, get its results, go on with one, cancel one."`
	Undo       undoCmd       `cmd:"" help:"Take an import back."`
	Contacts   contactsCmd   `cmd:"" help:"List, search and show contacts."`
	Duplicates duplicatesCmd `cmd:"" help:"Find contacts that are one person, merge them, take merges apart."`
	Mappings   mappingsCmd   `cmd:"" help:"List the mappings that were used and are offered again."`
	Verify     verifyCmd     `cmd:"" help:"Count again all that must agree in the base."`
	User       userCmd       `cmd:"" help:"Invite, list, change and remove members; print one-time links."`
	Token      tokenCmd      `cmd:"" help:"Make, list and revoke API tokens."`
	Settings   settingsCmd   `cmd:"" help:"List every setting: its value, where that comes from, the default."`
	Migrate    migrateCmd    `cmd:"" help:"Bring the schema of the base up to date."`
	Version    versionCmd    `cmd:"" help:"Tell the version of the program."`
}

// exited is thrown by kong's --help, which ends the program in the middle of parsing.
type exited int

// Main runs the program and gives its exit code, see [exitCode].
func Main(args []string, std Streams) (code int) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case exited:
			code = int(r)
		default:
			panic(r)
		}
	}()
	c := new(commands)
	k, err := kong.New(c, kong.Name("cadastro"),
		kong.Description("A self-hosted contact base that takes in messy spreadsheets."),
		kong.Configuration(config.File), kong.Writers(std.Out, std.Err), kong.Exit(func(code int) { panic(exited(code)) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, FlagsLast: true, NoExpandSubcommands: true}),
		kong.Groups{"settings": "Settings (as a flag, CADASTRO_... in the environment, or a line of the settings file):",
			"reading": "How the file is read (found out where not given):"},
	)
	if err != nil {
		fmt.Fprintln(std.Err, err)
		return exitInternal
	}
	texts, err := i18n.New()
	if err != nil {
		fmt.Fprintln(std.Err, err)
		return exitInternal
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	parsed, err := k.Parse(args)
	s := newSession(c, std, texts)
	defer s.close()
	if err != nil {
		return s.misused(err)
	}
	if err := c.Check(); err != nil {
		return s.fail(err)
	}
	return s.fail(parsed.Run(s, parsed))
}

// misused tells what is wrong with the arguments. kong has its own English sentences; ours are the faults of settings.
func (s *session) misused(err error) int {
	s.out.Flush()
	if errs.CodeOf(err) != "" {
		fmt.Fprintln(s.err, "cadastro: "+s.text.Error(err))
		return exitUsage
	}
	command := "cadastro"
	if p, ok := errors.AsType[*kong.ParseError](err); ok && p.Context != nil && p.Context.Selected() != nil {
		command = p.Context.Selected().FullPath()
	}
	fmt.Fprintln(s.err, "cadastro: "+s.text.T("cli.usage", "fault", oneLine(err.Error(), 300), "command", command))
	return exitUsage
}

// fail tells every error in err and gives the exit code of the first.
func (s *session) fail(err error) int {
	code := exitCode(err)
	if flushed := s.out.Flush(); flushed != nil && err == nil {
		err, code = flushed, exitInternal
	}
	if err == nil {
		return code
	}
	if _, told := errors.AsType[exitWith](err); told {
		return code
	}
	list := []error{err}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		list = joined.Unwrap()
	}
	for _, e := range list {
		if e == nil {
			continue
		}
		fmt.Fprintln(s.err, "cadastro: "+s.text.Error(e))
		if errs.KindOf(e) == errs.Internal && code == exitInternal {
			s.log.LogAttrs(s.ctx, slog.LevelError, "command failed", slog.String("error", e.Error()))
		}
	}
	return code
}

// flusher is a buffered output that does not let control characters of cells through to a terminal.
func buffered(w io.Writer) *bufio.Writer { return bufio.NewWriterSize(w, 64<<10) }
