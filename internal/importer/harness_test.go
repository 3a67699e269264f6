package importer_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"cadastro/internal/auth"
	"cadastro/internal/blob"
	"cadastro/internal/contact"
	"cadastro/internal/db"
	"cadastro/internal/i18n"
	"cadastro/internal/importer"
	"cadastro/internal/mapping"
	"cadastro/internal/table"
)

const ws = int64(1)

// console gives the context of the command line.
func console() context.Context {
	return auth.With(context.Background(), auth.ConsoleActor(ws))
}

// world is a base with an importer in front of it.
type world struct {
	t        testing.TB
	db       *db.DB
	imports  *importer.Service
	contacts *contact.Service
	now      time.Time
}

func newWorld(t testing.TB, d *db.DB, chunk int) *world {
	t.Helper()
	imports, err := service(d, t.TempDir(), chunk)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, db: d, now: time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC), imports: imports}
	w.imports.Now = func() time.Time { return w.now }
	w.contacts = &contact.Service{DB: d, Now: w.imports.Now}
	return w
}

// service makes an importer whose files are in dir.
func service(d *db.DB, dir string, chunk int) (*importer.Service, error) {
	blobs, err := blob.NewLocal(dir, time.Now())
	if err != nil {
		return nil, err
	}
	texts, err := i18n.New()
	if err != nil {
		return nil, err
	}
	return importer.New(d, blobs, texts, slog.New(slog.DiscardHandler), importer.Config{ChunkRows: chunk}), nil
}

// file makes a semicolon file with the given header line and lines.
func file(lines ...string) string { return strings.Join(lines, "\r\n") + "\r\n" }

// settings maps columns "Header=field" of a semicolon file.
func settings(p mapping.Purpose, id mapping.Identifier, columns ...string) importer.Settings {
	s := importer.Settings{
		Dialect: table.Dialect{Format: table.CSV, Charset: "utf-8", Delimiter: ";", Quote: '"', Header: 1},
		Purpose: p, Identifier: id, Country: "BR", Language: "pt-BR",
	}
	for _, c := range columns {
		header, field, _ := strings.Cut(c, "=")
		col := mapping.Column{Header: header, Field: field}
		if strings.HasSuffix(field, "!") { // do not overwrite
			col.Field, col.DoNotOverwrite = strings.TrimSuffix(field, "!"), true
		}
		if strings.HasSuffix(field, "?") { // an empty cell changes nothing
			col.Field, col.IgnoreEmpty = strings.TrimSuffix(field, "?"), true
		}
		s.Mapping.Columns = append(s.Mapping.Columns, col)
	}
	return s
}

func (w *world) review(text string, s importer.Settings) *importer.Import {
	w.t.Helper()
	ctx := console()
	imp, err := w.imports.Upload(ctx, ws, "teste.csv", strings.NewReader(text), nil)
	if err != nil {
		w.t.Fatal(err)
	}
	if imp, err = w.imports.Review(ctx, ws, imp.ID, s, nil); err != nil {
		w.t.Fatal(err)
	}
	return imp
}

func (w *world) apply(imp *importer.Import) *importer.Import {
	w.t.Helper()
	out, err := w.imports.Apply(console(), ws, imp.ID, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

func (w *world) do(text string, s importer.Settings) *importer.Import {
	w.t.Helper()
	return w.apply(w.review(text, s))
}

// results gives "outcome reason" of every row.
func (w *world) results(imp *importer.Import) []string {
	w.t.Helper()
	var out []string
	imp, err := w.imports.Get(console(), ws, imp.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	err = w.imports.Results(console(), imp, func(r *importer.RowResult) error {
		out = append(out, strings.TrimSpace(r.Outcome.String()+" "+r.Reason.String()))
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

// resultFile gives the text of the result file.
func (w *world) resultFile(imp *importer.Import) string {
	w.t.Helper()
	r, err := w.imports.OpenResult(console(), imp)
	if err != nil {
		w.t.Fatal(err)
	}
	defer r.Close()
	var b bytes.Buffer
	if _, err := b.ReadFrom(r); err != nil {
		w.t.Fatal(err)
	}
	return b.String()
}

// sound checks every promise that the base can be asked about.
func (w *world) sound() {
	w.t.Helper()
	faults, err := w.imports.Verify(console(), ws)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, f := range faults {
		w.t.Errorf("%s: %s: have %s, want %s", f.Rule, f.Where, f.Have, f.Want)
	}
}

// live gives a line for every contact that is not in the bin: all that is known of it, but no times and versions.
func (w *world) live() []string {
	w.t.Helper()
	ctx := console()
	cat, err := w.contacts.Catalogue(ctx, ws)
	if err != nil {
		w.t.Fatal(err)
	}
	names := func(ids []int64, name func(int64) string) []string {
		var out []string
		for _, id := range ids {
			out = append(out, name(id))
		}
		slices.Sort(out)
		return out
	}
	var out []string
	err = w.db.Read(ctx, func(ctx context.Context, q db.Querier) error {
		return contact.Each(ctx, q, ws, func(c *contact.Contact) error {
			if c.Deleted {
				return nil
			}
			var b strings.Builder
			fmt.Fprintf(&b, "%d", c.ID)
			for s := range contact.NumScalars {
				if v := c.Scalars[s]; v != "" {
					fmt.Fprintf(&b, " %s=%s", s.Key(), v)
				}
			}
			for _, k := range contact.ChannelKinds() {
				for _, ch := range c.Channels {
					if ch.Kind == k {
						fmt.Fprintf(&b, " %s=%s|%s|%s|%v", k, ch.Value, ch.Raw, ch.Basis, ch.OptedOutAt != 0)
					}
				}
			}
			for _, v := range c.Custom {
				f, _ := cat.Field(v.ID)
				fmt.Fprintf(&b, " %s=%s", f.Label, v.Value)
			}
			fmt.Fprintf(&b, " tags=%v groups=%v typed=%s", names(c.Tags, cat.TagName), names(c.Groups, cat.GroupName), c.Typed)
			out = append(out, b.String())
			return nil
		})
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

func (w *world) wantLive(want ...string) {
	w.t.Helper()
	got := w.live()
	for i := range got {
		got[i] = got[i][strings.IndexByte(got[i], ' ')+1:]
	}
	if !slices.Equal(got, want) {
		w.t.Errorf("contacts:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func contactQuery(text string) contact.Query { return contact.Query{Text: text} }
