package layout_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cadastro/internal/app"
	"cadastro/internal/auth"
	"cadastro/internal/config"
	"cadastro/internal/exporter"
	"cadastro/internal/i18n"
	"cadastro/internal/importer"
	"cadastro/internal/table"

	"github.com/alecthomas/kong"
)

var update = flag.Bool("update", false, "write what was found into testdata/files/*.want")

// TestFiles imports a file of every layout as a person would who changes nothing: as it was recognised, all the way
// into a base. What is there afterwards stands in testdata/files/*.want.
func TestFiles(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob("testdata/files/*.[ctv][sxc][vtf]")
	if err != nil || len(names) < 20 {
		t.Fatalf("%d files, %v", len(names), err)
	}
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) {
			t.Parallel()
			got := importFile(t, name)
			want := strings.TrimSuffix(name, filepath.Ext(name)) + ".want"
			if *update {
				if err := os.WriteFile(want, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			text, err := os.ReadFile(want)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(text) {
				t.Errorf("got\n%s\nwant\n%s", got, text)
			}
		})
	}
}

// importFile takes a file in without any choice and tells what came of it.
func importFile(t *testing.T, name string) string {
	t.Helper()
	ctx := auth.With(t.Context(), auth.ConsoleActor(app.FirstWorkspace))
	a := newApp(t)
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	src := table.Source{Name: filepath.Base(name), Size: int64(len(raw)), Data: bytes.NewReader(raw)}
	cat, err := a.Contacts.Catalogue(ctx, app.FirstWorkspace)
	if err != nil {
		t.Fatal(err)
	}
	in, err := importer.Inspect(ctx, src, table.Dialect{}, table.Limits{}, a.Imports.KnownOf(ctx, app.FirstWorkspace, "BR", cat, nil))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if in.Layout != nil {
		fmt.Fprintf(&b, "layout %s, ", in.Layout.Key)
	} else if in.Guess.Dialect.Format != table.VCard { // a format of its own, which needs no layout
		t.Fatalf("not recognised: %q", in.Header)
	}
	fmt.Fprintf(&b, "by %s, asks %v\n", in.Identifier, in.Confirm)
	imp, err := a.Imports.Upload(ctx, app.FirstWorkspace, src.Name, bytes.NewReader(raw), nil)
	if err != nil {
		t.Fatal(err)
	}
	imp, err = a.Imports.Review(ctx, app.FirstWorkspace, imp.ID, importer.Settings{
		Dialect: in.Guess.Dialect, Mapping: in.Mapping, Purpose: in.Purpose, Identifier: in.Identifier, Country: "BR", Language: "pt-BR",
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range slices.Sorted(maps.Keys(imp.Summary.Reasons)) {
		fmt.Fprintf(&b, "%s %d\n", r, imp.Summary.Reasons[r])
	}
	if imp, err = a.Imports.Apply(ctx, app.FirstWorkspace, imp.ID, nil); err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(&b, "imported %d, errors %d\n", imp.Counts.Imported, imp.Counts.Errors)
	if imp.Counts.Errors > 0 || imp.Counts.Imported != imp.Rows {
		t.Errorf("of %d rows: %+v", imp.Rows, imp.Counts)
	}
	if err := export(ctx, a, &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// export writes the base as lines "field: value", a blank line above each contact.
func export(ctx context.Context, a *app.App, b *strings.Builder) error {
	var out lines
	if _, err := a.Exports.Export(ctx, app.FirstWorkspace, exporter.Options{Language: i18n.English}, &out); err != nil {
		return err
	}
	for _, row := range out[1:] {
		b.WriteByte('\n')
		for i, v := range row {
			if v != "" && i > 0 {
				fmt.Fprintf(b, "%s: %s\n", out[0][i], strings.ReplaceAll(v, "\n", "⏎"))
			}
		}
	}
	return nil
}

type lines [][]string

// Write keeps a row.
func (l *lines) Write(cells []string) error {
	*l = append(*l, slices.Clone(cells))
	return nil
}

func newApp(t *testing.T) *app.App {
	t.Helper()
	var cli struct{ config.Config }
	k, err := kong.New(&cli)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := k.Parse([]string{"--data", t.TempDir()}); err != nil {
		t.Fatal(err)
	}
	a, err := app.Open(t.Context(), cli.Config, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	return a
}
