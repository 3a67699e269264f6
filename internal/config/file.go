package config

import (
	"bufio"
	"io"
	"os"
	"strings"

	"cadastro/internal/errs"

	"github.com/alecthomas/kong"
)

// File reads a settings file; it is a kong.ConfigurationLoader.
//
// A line is "name = value", where name is a flag's without its dashes. What follows a "#" at the beginning of a line is
// a remark. A value may stand in double quotes, which keep the spaces around it. Errors: Invalid "config.line"
// with the line's number, "config.twice" for a name that stands twice, and, when kong validates,
// "config.unknown" for a name that no flag has.
func File(r io.Reader) (kong.Resolver, error) {
	f := &file{values: map[string]entry{}}
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(strings.TrimPrefix(lines.Text(), "\ufeff"))
		if line == "" || line[0] == '#' {
			continue
		}
		name, value, ok := strings.Cut(line, "=")
		name, value = strings.TrimSpace(name), strings.TrimSpace(value)
		if !ok || name == "" {
			return nil, errs.New(errs.Invalid, "config.line", "line", n)
		}
		if first, twice := f.values[name]; twice {
			return nil, errs.New(errs.Invalid, "config.twice", "setting", name, "line", n, "first", first.line)
		}
		if len(value) > 1 && value[0] == '"' && value[len(value)-1] == '"' {
			value = value[1 : len(value)-1]
		}
		f.values[name] = entry{value: value, line: n}
	}
	if err := lines.Err(); err != nil {
		return nil, errs.Wrap(err, errs.Invalid, "config.unreadable")
	}
	return f, nil
}

type file struct {
	values map[string]entry
}

type entry struct {
	value string
	line  int
}

// Validate refuses names that no flag has: a setting that is misspelt must not be one that is not there.
func (f *file) Validate(app *kong.Application) error {
	known := map[string]bool{}
	_ = kong.Visit(app, func(node kong.Visitable, next kong.Next) error {
		if flag, ok := node.(*kong.Flag); ok {
			known[flag.Name] = true
		}
		return next(nil)
	})
	for name, e := range f.values {
		if !known[name] {
			return errs.New(errs.Invalid, "config.unknown", "setting", name, "line", e.line)
		}
	}
	return nil
}

// Resolve gives the file's value for a flag. kong asks after it has read the environment, so one that is set there
// is passed over.
func (f *file) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	e, ok := f.values[flag.Name]
	if !ok {
		return nil, nil
	}
	for _, env := range flag.Envs {
		if _, set := os.LookupEnv(env); set {
			return nil, nil
		}
	}
	return e.value, nil
}
