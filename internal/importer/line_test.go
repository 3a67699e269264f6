package importer_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"cadastro/internal/db"
	"cadastro/internal/db/dbtest"
	"cadastro/internal/mapping"
)

var rewrite = flag.Bool("update", false, "write what the program does into the archives; read the difference")

// TestLine takes files down the line as the archives of testdata/line say: "settings" holds purpose, identifier and
// columns; "before.csv" is added to an empty base first, "file.csv" is imported; "result.csv" is the result file and
// "after" the contacts.
func TestLine(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("../../testdata/line/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatal(paths, err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			t.Parallel()
			a, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			dbtest.Each(t, func(t *testing.T, d *db.DB) { line(t, d, a, path) })
		})
	}
}

func line(t *testing.T, d *db.DB, a *txtar.Archive, path string) {
	part := map[string]string{}
	for _, f := range a.Files {
		part[f.Name] = string(f.Data)
	}
	words := strings.Split(strings.TrimSpace(part["settings"]), "\n")
	if len(words) < 3 {
		t.Fatal("settings: purpose, identifier, columns; one a line")
	}
	s := settings(mapping.Purpose(words[0]), mapping.Identifier(words[1]), words[2:]...)
	w := newWorld(t, d, 3)
	if before := part["before.csv"]; before != "" {
		first := s
		first.Purpose = addAll
		w.do(before, first)
	}
	imp := w.do(part["file.csv"], s)
	got := map[string]string{
		"result.csv": strings.ReplaceAll(strings.TrimPrefix(w.resultFile(imp), "\ufeff"), "\r\n", "\n"),
		"after":      strings.Join(w.live(), "\n") + "\n",
	}
	w.sound()
	if *rewrite && d.Engine() == db.SQLite {
		for i, f := range a.Files {
			if text, ok := got[f.Name]; ok {
				a.Files[i].Data = []byte(text)
			}
		}
		if err := os.WriteFile(path, txtar.Format(a), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	for name, text := range got {
		if text != part[name] {
			t.Errorf("%s:\n%s\nwant:\n%s", name, text, part[name])
		}
	}
}
